"""The year's main figures, each with the address of exactly the rows behind it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, Q
from django.utils import timezone

from activities import access as activity_access
from activities.models import Activity
from activities.queries import own_level
from activities.rules import ATTENDED, OBLIGED
from congress import access as congress_access
from congress import queries as congress_queries
from congress.models import Job, LogEntry, Membership, Role, User
from deputies import access as registry_access
from deputies.models import Deputy, Mandate
from deputies.queries import in_office
from performance import access as performance_access
from performance.models import DutyRecord, Objection, SelfReport, Tally
from suggestions.models import Suggestion
from suggestions.queries import latest_sitting, lists

from .parts import Figure, list_url, page_url, row_url, rows_url


@dataclass(frozen=True)
class Group:
    """Figures under one heading."""

    title: str
    figures: list[Figure]


def of_the_year(member: Membership) -> list[Group]:
    """The figures a member of the staff acts on; a constant number of queries."""
    today = timezone.localdate()
    build = FIGURES.get(Role(member.role))
    return [group for group in build(member, today) if group.figures] if build else []


def performance(member: Membership, today: dt.date) -> list[Group]:
    """Deputies, activities, facts, points: for the committee all, for a street its own."""
    return [
        *suggestions(member, today),
        Group(f"{today.year}年履职", [*_registry(member, today), *_facts(member, today)]),
        Group("审核和异议", _reviews(member)),
        Group(*_points(member)),
    ]


def suggestions(member: Membership, today: dt.date) -> list[Group]:
    """The suggestions of the latest sitting's year: how many, and where they stand."""
    sitting = latest_sitting(today)
    if sitting is None:
        return []
    of_year = {"sitting": sitting.pk, "own": "on"}
    rows = lists.listed(member).filter(sitting=sitting).exclude(channel=Suggestion.Channel.ABOVE)
    registered = lists.standing(rows, "registered")
    ids = registered.order_by().values("pk")
    counted = rows.order_by().aggregate(
        registered=Count("pk", filter=Q(pk__in=ids)),
        handling=Count("pk", filter=Q(pk__in=lists.standing(rows, "in_hand").values("pk"))),
        answered=Count("pk", filter=lists.in_group("answered")),
        closed=Count("pk", filter=lists.in_group("closed")),
        key=Count("pk", filter=Q(pk__in=ids, is_key=True)),
    )
    stands = (
        ("已登记", "registered", {"stands": "registered"}, "不含撤回、终止和涉密件"),
        ("正在办理", "handling", {"stands": "in_hand"}, ""),
        ("已答复待反馈", "answered", {"show": "answered"}, ""),
        ("已办结", "closed", {"show": "closed"}, ""),
        ("重点督办", "key", {"stands": "registered", "key": "on"}, ""),
    )
    return [
        Group(
            f"{sitting.name}代表建议",
            [
                Figure(words, counted[name], rows_url(Suggestion, **of_year, **more), "件", note)
                for words, name, more, note in stands
            ],
        )
    ]


def _registry(member: Membership, today: dt.date) -> list[Figure]:
    level = own_level()
    seats = registry_access.mandates_visible_to(member).filter(
        pk__in=in_office(today, level).order_by().values("pk")
    )
    held = activity_access.visible_to(member).filter(
        starts_at__year=today.year, state=Activity.State.CLOSED
    )
    return [
        Figure(
            "在任代表",
            seats.count(),
            rows_url(Deputy, level=level),
            "人",
            Mandate.Level(level).label,
        ),
        Figure(
            "已办结活动",
            held.count(),
            rows_url(Activity, state="closed", year=today.year),
            "次",
        ),
    ]


def _facts(member: Membership, today: dt.date) -> list[Figure]:
    """Facts, attendance and the deputies without any, in two queries."""
    rows = performance_access.records_visible_to(member).filter(
        withdrawn_at=None, on__year=today.year
    )
    counted = rows.order_by().aggregate(
        facts=Count("pk"),
        came=Count("pk", filter=Q(outcome__in=ATTENDED)),
        obliged=Count("pk", filter=Q(outcome__in=OBLIGED)),
        people=Count("deputy", distinct=True, filter=~Q(outcome__in=["absent", "leave"])),
    )
    seats = registry_access.mandates_visible_to(member).filter(
        pk__in=in_office(today, own_level()).order_by().values("pk")
    )
    active = rows.exclude(outcome__in=["absent", "leave"]).order_by().values("deputy")
    idle = seats.exclude(deputy__in=active).count()
    rate = _per_cent(counted["came"], counted["obliged"])
    return [
        Figure("履职记录", counted["facts"], rows_url(DutyRecord, on__year=today.year), "条"),
        Figure(
            "出席率",
            rate,
            page_url("year_overview"),
            "%" if rate != "—" else "",
            f"应到 {counted['obliged']} 人次，到 {counted['came']} 人次",
        ),
        Figure(
            "还没有履职的代表",
            idle,
            page_url("idle_deputies"),
            "人",
            tone="warn" if idle else "",
        ),
    ]


def _per_cent(part: int, whole: int) -> Decimal | str:
    """93.4; a dash where there is nothing to divide by."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else "—"


def _reviews(member: Membership) -> list[Figure]:
    states = SelfReport.State
    counted = (
        performance_access.reports_visible_to(member)
        .order_by()
        .aggregate(
            submitted=Count("pk", filter=Q(state=states.SUBMITTED)),
            reviewed=Count("pk", filter=Q(state=states.REVIEWED)),
            returned=Count("pk", filter=Q(state=states.RETURNED)),
        )
    )
    open_objections = (
        performance_access.objections_visible_to(member).filter(state=Objection.State.OPEN).count()
    )
    names = (("submitted", "待初审"), ("reviewed", "待复核"), ("returned", "退回修改中"))
    return [
        Figure(words, counted[name], rows_url(SelfReport, state__exact=name), "件")
        for name, words in names
    ] + [Figure("未处理异议", open_objections, rows_url(Objection, state__exact="open"), "件")]


def _points(member: Membership) -> tuple[str, list[Figure]]:
    """Mean and grades of the latest tally."""
    tally = (
        Tally.objects.exclude(finished_at=None)
        .select_related("period")
        .order_by("-period__ends_on", "-number")
        .first()
    )
    if tally is None:
        return "积分", []
    totals = performance_access.totals_visible_to(member).filter(tally=tally).order_by()
    mean = totals.aggregate(mean=Avg("total"))["mean"]
    bands = dict(totals.exclude(band="").values_list("band").annotate(n=Count("pk")))
    url = page_url("performance_tally", tally.pk) or row_url(tally.period)
    found = [Figure("平均积分", round(mean, 1) if mean is not None else "—", url, "分")]
    for name in tally.version.outcomes.filter(kind="band").values_list("name", flat=True):
        address = list_url("performance_tally", tally.pk, grade=name)
        found.append(Figure(name, bands.get(name, 0), address, "人"))
    return f"{tally.period}积分（第{tally.number}次汇总）", found


# -- The three officers ------------------------------------------------------------------------


def system(member: Membership, today: dt.date) -> list[Group]:
    """People, logins and background work."""
    people = congress_access.members_visible_to(member)
    staff = congress_queries.members_narrowed(people, {"role": "staff"}).count()
    deputies = congress_queries.members_narrowed(people, {"role": Role.DEPUTY}).count()
    jobs = congress_access.jobs_visible_to(member)
    jobs = congress_queries.jobs_narrowed(jobs, {"state": "open"}).count()
    return [
        Group(
            "人员和任务",
            [
                Figure("工作人员", staff, rows_url(Membership, role="staff"), "人"),
                Figure("有登录账号的代表", deputies, rows_url(Membership, role="deputy"), "人"),
                Figure("排队中的后台任务", jobs, rows_url(Job, state="open"), "件"),
            ],
        )
    ]


def security(member: Membership, today: dt.date) -> list[Group]:
    """Logins of this congress and what was refused."""
    users = congress_access.accounts_visible_to(member)
    states = (("active", "启用的账号"), ("disabled", "停用的账号"), ("first", "还没有改初始密码"))
    return [
        Group(
            "账号",
            [
                Figure(
                    words,
                    congress_queries.accounts_narrowed(users, {"state": state}).count(),
                    rows_url(User, state=state),
                    "个",
                )
                for state, words in states
            ],
        )
    ]


def audit(member: Membership, today: dt.date) -> list[Group]:
    """The log of the last seven days."""
    days = {"since": today - dt.timedelta(days=6), "until": today}
    rows = congress_queries.log_narrowed(congress_access.log_visible_to(member), days)
    counted = rows.order_by().aggregate(
        all=Count("pk"), refused=Count("pk", filter=Q(outcome=LogEntry.Outcome.REFUSED))
    )
    return [
        Group(
            "近 7 天的操作日志",
            [
                Figure("全部操作", counted["all"], rows_url(LogEntry, **days), "条"),
                Figure(
                    "被拒绝的操作",
                    counted["refused"],
                    rows_url(LogEntry, outcome="refused", **days),
                    "条",
                ),
            ],
        )
    ]


FIGURES: dict[Role, Callable[[Membership, dt.date], list[Group]]] = {
    Role.DEPUTY_AFFAIRS: performance,
    Role.CHAIR: performance,
    Role.COMMITTEE: performance,
    Role.STREET: performance,
    Role.SYSTEM_ADMIN: system,
    Role.SECURITY_ADMIN: security,
    Role.AUDIT_ADMIN: audit,
}
