"""The demo's scenes: what people do step by step, so that every state can be seen."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from activities import actions as act
from activities.models import Activity, Invitation
from congress.models import Membership
from deputies.models import Deputy
from performance import actions as perf
from performance.models import DutyRecord, Objection, Period, Publication, RuleNode

from . import clock

if TYPE_CHECKING:
    from .year import Story

Kind = Objection.Kind
FIRST_TALLY, OBJECTIONS_UNTIL = dt.date(2026, 11, 21), dt.date(2026, 12, 10)
AWARDS = (
    (20, "牵头完成《社区食堂可持续运行》调研报告，常委会主任会议专题研究"),
    (15, "在防汛抢险中组织志愿服务队连续值守"),
    (10, "所提建议被评为年度优秀建议"),
    (-10, "一年内两次未按要求向选民报告履职情况"),
)
REPORTS = (
    ("B07", "走访菜场经营户，了解摊位费和卫生管理情况"),
    ("E04", "协调物业为三号楼增设无障碍坡道"),
    ("E03", "参加社区敬老志愿服务"),
    ("B11", "到现场查看小学门口人行道改造进度"),
    ("B07", "走访快递网点，听取一线配送员意见"),
    ("E06", "区融媒体中心报道代表帮助居民化解漏水纠纷"),
    ("E02", "《关于小微企业融资服务的调研报告》被区政府采用"),
    ("O01", "参加老旧小区加装电梯专题协商"),
)


def deputies_with_login(story: "Story", street: int = -1) -> list[Deputy]:
    """Deputies in office who can sign in; of one street by its place in the list."""
    unit = story.streets[street].pk if street >= 0 and story.streets else None
    return [
        s.deputy
        for s in story.seats
        if s.ends_on is None and s.deputy.membership_id and (unit is None or s.street_id == unit)
    ]


def member(deputy: Deputy) -> Membership:
    return deputy.membership


def awards(story: "Story", period: Period) -> None:
    """Points at discretion, each with its reason."""
    node = RuleNode.objects.filter(version=period.version, kind=RuleNode.Kind.MANUAL).first()
    if node is None:
        return
    people = deputies_with_login(story)
    with clock.at(dt.date(2026, 11, 6), 15, 20):
        for n, (points, reason) in enumerate(AWARDS):
            perf.award(
                period,
                by=story.chief,
                deputy=people[5 + n * 7],
                node=node,
                points=Decimal(points) / (1 if story.place.key == "gulou" else 4),
                reason=reason,
            )


def tally_and_object(story: "Story", period: Period) -> None:
    """Counted once, looked through by the deputies, objected to, counted again."""
    with clock.at(FIRST_TALLY, 9, 30):
        perf.tally(period, by=story.clerk)
    Period.objects.filter(pk=period.pk).update(objections_until=OBJECTIONS_UNTIL)
    period.refresh_from_db()
    records = DutyRecord.objects.filter(
        withdrawn_at=None,
        on__range=(period.starts_on, period.ends_on),
        deputy__membership__isnull=False,
    ).select_related("deputy__membership__user", "item")
    absences = list(records.filter(outcome="absent").order_by("-on", "pk")[:40])
    visits = list(records.filter(item__code="B07", outcome="").order_by("-on", "pk")[:40])
    made = []
    with clock.at(dt.date(2026, 11, 22), 20, 10):
        for record in _one_each(absences)[:4]:
            text = f"{record.on.month}月{record.on.day}日我因公出差，事前已经电话请假，不应记缺席。"
            made.append(_object(period, record.deputy, Kind.WRONG, text, record=record))
        for record in _one_each(visits)[:2]:
            text = "同一次走访记了两次，请核对。"
            made.append(_object(period, record.deputy, Kind.DUPLICATE, text, record=record))
        for deputy in [story.deputies[0], *deputies_with_login(story)[9:11]]:
            text = "5月14日参加街道组织的防汛物资检查，没有计入，请补记。"
            item = story.items["B02"]
            made.append(_object(period, deputy, Kind.MISSING, text, item=item))
    with clock.at(dt.date(2026, 11, 23), 10, 40):
        perf.uphold(made[0], by=story.clerk, reason="核对请假登记属实，撤回缺席记录。")
        perf.reject(made[1], by=story.clerk, reason="签到册和请假登记中没有您的请假记录。")
        perf.uphold(
            made[6],
            by=story.chief,
            reason="经与街道核实，活动属实，予以补记。",
            item=story.items["B02"],
            on=dt.date(2026, 5, 14),
            title="参加街道防汛物资检查",
        )
        perf.drop_objection(made[4], by=made[4].deputy.membership)
    with clock.at(dt.date(2026, 11, 24), 16, 5):
        perf.tally(period, by=story.clerk)


def _one_each(records: list[DutyRecord]) -> list[DutyRecord]:
    return list({r.deputy_id: r for r in reversed(records)}.values())


def _object(period, deputy, kind, text, **more) -> Objection:
    return perf.raise_objection(
        period, by=deputy.membership, deputy=deputy, kind=kind, text=text, **more
    )


def publish(story: "Story", period: Period) -> None:
    """Last year: tallied, confirmed by two people, frozen for the congress in January."""
    year = period.ends_on.year
    with clock.at(period.ends_on + dt.timedelta(days=8), 10):
        perf.tally(period, by=story.clerk)
    with clock.at(dt.date(year + 1, 1, 5), 9, 30):
        publication = perf.draft_publication(
            period,
            by=story.clerk,
            title=f"{story.congress.short_name}代表{year}年度履职情况",
            audience=Publication.Audience.PUBLIC,
            columns=["total", "aspects", "days", "grade"],
        )
    with clock.at(dt.date(year + 1, 1, 5), 11):
        perf.propose_publication(publication, by=story.clerk)
        perf.confirm_publication(publication, by=story.clerk)
    with clock.at(dt.date(year + 1, 1, 6), 15):
        perf.freeze_publication(publication, by=story.chief)


# -- These days --------------------------------------------------------------------------------


def these_days(story: "Story") -> None:
    """Reports in every state, activities just over, of today and to come."""
    _reports(story)
    _just_over(story)
    _coming(story)


def _reports(story: "Story") -> None:
    """Self-reports of the last days: sent, reviewed, returned, verified, drafts, dropped."""
    last = min(timezone.localdate(), dt.date(2026, 11, 24))
    people = deputies_with_login(story)
    chosen = people[:3] + people[3 :: max(1, len(people) // 30)][:30]
    street_of = {s.deputy_id: story.of_street.get(s.street_id) for s in story.seats}
    for n, deputy in enumerate(chosen):
        code, title = REPORTS[n % len(REPORTS)]
        on = last - dt.timedelta(days=n % 17 + 1)
        step = ("sent", "reviewed", "returned", "verified", "draft", "sent", "reviewed")[n % 7]
        values = {"deputy": deputy, "item": story.items[code], "on": on, "title": title}
        first = street_of[deputy.pk] or story.chief
        with clock.at(on, 20, n % 60):
            if step == "draft":
                perf.draft_report(by=member(deputy), **values)
                continue
            report = perf.report_duty(by=member(deputy), **values)
        if step == "returned":
            with clock.at(on + dt.timedelta(days=1), 10):
                perf.return_report(report, by=first, reason="请写明走访的地点和人数，再提交一次。")
        elif step != "sent":
            with clock.at(on + dt.timedelta(days=1), 10):
                perf.review(report, by=first)
            if step == "verified":
                with clock.at(on + dt.timedelta(days=1), 15):
                    perf.verify(report, by=story.clerk)
    # The demo's first deputy has one to mend.
    with clock.at(last - dt.timedelta(days=3), 19, 30):
        first = people[0]
        report = perf.report_duty(
            by=member(first),
            deputy=first,
            item=story.items["E03"],
            on=last - dt.timedelta(days=4),
            title="参加河道清洁志愿服务",
        )
    with clock.at(last - dt.timedelta(days=2), 9, 15):
        by = street_of[first.pk] or story.chief
        perf.return_report(report, by=by, reason="请补充志愿服务的时长和组织单位。")


def _plan(
    story,
    kind,
    title,
    starts_at,
    hours,
    *,
    street=-1,
    committee=-1,
    ids,
    source="picked",
    name="",
    publish=True,
    **more,
) -> Activity:
    by, organiser = story.who_runs(street, committee)
    activity = act.plan(
        by=by,
        kind=story.kinds[kind],
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=hours),
        organiser=organiser,
        contact="代表联络组 100-0000",
        **more,
    )
    act.invite(activity, by=by, deputy_ids=ids, source=source, source_name=name, level=story.level)
    return act.publish(activity, by=by) if publish else activity


def _just_over(story: "Story") -> None:
    """Two activities that are over and not closed: one in time, one overdue."""
    today = timezone.localdate()
    own = [d.pk for d in deputies_with_login(story, 0)][:24]
    many = [d.pk for d in deputies_with_login(story)][:40]
    for days, title, kind, street, ids in (
        (12, "消防安全专项视察", "inspection", 0, own),
        (2, "城市更新项目专题调研", "research", -1, many),
    ):
        on = today - dt.timedelta(days=days)
        with clock.at(on - dt.timedelta(days=6), 9):
            activity = _plan(
                story,
                kind,
                title,
                clock.moment(on, 9),
                3,
                street=street,
                ids=ids,
                place="云桥路沿线",
                is_public=True,
            )
        invitations = list(Invitation.objects.filter(activity=activity).order_by("pk"))
        with clock.at(on, 9, 40):
            values = {i.pk: "present" for i in invitations[: len(invitations) * 3 // 4]}
            act.mark(activity.sessions.get(), by=activity.created_by, values=values)


def _coming(story: "Story") -> None:
    """One of today, others to come, one called off, drafts."""
    today = timezone.localdate()
    everybody = deputies_with_login(story)
    own = deputies_with_login(story, 0)[:26]
    ids = [d.pk for d in own]
    all_ids = [d.pk for d in everybody]
    said = "请按时参加，不能参加的请在截止时间前请假。"
    with clock.at(today - dt.timedelta(days=7), 10):
        now = _plan(
            story,
            "reception",
            "代表接待日：听取社区食堂运行意见",
            clock.moment(today, 9),
            8.5,
            street=0,
            ids=ids,
            place="湖滨社区代表联络站",
            is_public=True,
            description=said,
        )
        day = today + dt.timedelta(days=2)
        inspection = _plan(
            story,
            "inspection",
            "视察冬季供暖和老旧小区改造工作",
            clock.moment(day, 14),
            3,
            committee=4,
            ids=all_ids[:48],
            source="delegation",
            name="第一代表团",
            place="行政中心集合乘车",
            description=said,
            is_public=True,
            sign_up_closes_at=clock.moment(today + dt.timedelta(days=1), 12),
        )
        day = today + dt.timedelta(days=6)
        training = _plan(
            story,
            "training",
            "代表履职学习班（第十期）：预算审查监督",
            clock.moment(day, 9),
            8,
            ids=all_ids,
            source="all",
            name="全体代表",
            place="文化馆报告厅",
            description=said,
            sign_up_closes_at=clock.moment(day - dt.timedelta(days=2), 17),
        )
        day = today + dt.timedelta(days=9)
        visit = _plan(
            story,
            "visit",
            "走访困难群众家庭",
            clock.moment(day, 9),
            3,
            street=0,
            ids=ids,
            place="宁安里社区",
            by_sign_up=True,
            capacity=12,
            description="自愿报名，名额12人。",
            sign_up_closes_at=clock.moment(day - dt.timedelta(days=1), 17),
        )
        off = _plan(
            story,
            "hearing",
            "公共停车收费听证会",
            clock.moment(today + dt.timedelta(days=4), 14),
            3,
            ids=all_ids[:30],
            place="行政中心会议室",
        )
        act.cancel(off, by=off.created_by, reason="有关方案尚在修改，另行安排。")
        _plan(
            story,
            "group_activity",
            "代表小组活动：年度履职交流",
            clock.moment(today + dt.timedelta(days=5), 14),
            3,
            street=0,
            ids=ids,
            place="湖滨社区代表联络站",
            publish=False,
        )
        _plan(
            story,
            "research",
            "预算编制情况调研",
            clock.moment(today + dt.timedelta(days=15), 9),
            3,
            committee=1,
            ids=all_ids[:30],
            place="财政局会议室",
            publish=False,
        )
    with clock.at(today - dt.timedelta(days=3), 20):
        for deputy in own[2:9]:
            act.sign_up(visit, by=member(deputy))
        for n, deputy in enumerate(everybody[3:40]):
            if n % 9 == 0:
                act.ask_leave(training, by=member(deputy), reason="单位年终审计，无法离岗")
            elif n % 4:
                act.sign_up(training, by=member(deputy))
        leave = act.ask_leave(inspection, by=member(everybody[4]), reason="外出就医")
        act.ask_leave(inspection, by=member(everybody[11]), reason="参加市里会议")
    with clock.at(today - dt.timedelta(days=2), 9):
        act.approve_leave(leave, by=story.clerk)
    with clock.at(today, 8, 30):
        act.open_check_in(now.sessions.get(), by=now.created_by)
