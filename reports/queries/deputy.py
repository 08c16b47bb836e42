"""待我办: what waits for a deputy, what comes next, what was counted this year."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from activities.models import Participation
from activities.queries import Mine, mine
from congress.models import Membership
from congress.words import cn_date
from deputies.models import Deputy
from deputies.queries import deputy_of
from performance import access as performance_access
from performance.models import DutyRecord, Objection, Period, Publication, SelfReport, TallyTotal
from suggestions import queries as suggestion_queries
from suggestions.models import Promise, Signature, Suggestion

from ..rules import Light, light_by_due, light_by_wait
from .parts import Matter, by_urgency

NEWS_DAYS = 14  # how long an answered objection stays on the first screen
COMING = 3


@dataclass(frozen=True)
class Points:
    """What the latest tally of a running or published period says of one deputy."""

    period: Period
    total: Decimal
    days: int
    band: str
    counted_on: dt.date


@dataclass
class Home:
    """A deputy's first screen."""

    deputy: Deputy | None
    matters: list[Matter] = field(default_factory=list)
    led: int = 0  # suggestions led, drafts left out
    signed: int = 0
    running: int = 0  # of both those that are on their way
    coming: list[Mine] = field(default_factory=list)
    points: Points | None = None
    facts: int = 0  # duty facts of this year, for as long as nothing is tallied
    duty_days: int = 0
    published: list[Publication] = field(default_factory=list)


def home_of(member: Membership) -> Home:
    """Everything of a deputy's first screen, in a constant number of queries."""
    deputy = deputy_of(member)
    if deputy is None:
        return Home(None)
    now = timezone.now()
    today = timezone.localdate(now)
    activities = mine(deputy, now)
    check_in = _check_in(deputy, activities["coming"] + activities["to_answer"], today)
    asked_once = {m.url for m in check_in}
    matters = [
        *check_in,
        *(m for m in _answers(activities["to_answer"], today) if m.url not in asked_once),
        *_suggestions(deputy, today),
        *_reports(member, deputy),
        *_objections(deputy, now),
        *_checking(deputy, today),
    ]
    facts, days = _this_year(deputy, today)
    return Home(
        deputy=deputy,
        matters=by_urgency(matters),
        **_counted(deputy),
        coming=activities["coming"][:COMING],
        points=_points(deputy),
        facts=facts,
        duty_days=days,
        published=list(performance_access.publications_visible_to(member)[:2]),
    )


def portal_url(name: str, *args) -> str:
    """A page of the deputies' portal by name; nothing where it does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _check_in(deputy: Deputy, rows: list[Mine], today: dt.date) -> list[Matter]:
    """Activities of today at which the deputy has not checked in yet."""
    of_today = [
        row
        for row in rows
        if timezone.localdate(row.activity.starts_at) <= today
        and not (row.leave and row.leave.state == "approved")
    ]
    if not of_today:
        return []
    done = set(
        Participation.objects.filter(
            invitation__in=[r.invitation.pk for r in of_today],
            session__starts_at__date=today,
            value__in=["present", "late"],
        ).values_list("invitation_id", flat=True)
    )
    found = []
    for row in of_today:
        if row.invitation.pk in done:
            continue
        at = timezone.localtime(row.activity.starts_at)
        when = f"{at.hour}:{at.minute:02}" if at.date() == today else "今天继续"
        url = portal_url("portal_activity", row.activity.pk)
        found.append(
            Matter(
                row.activity.title,
                url,
                Light("warn", "今天签到"),
                note=f"{when}，{row.activity.place}",
                due_on=today,
            )
        )
    return found


def _answers(rows: list[Mine], today: dt.date) -> list[Matter]:
    """Invitations not yet answered: coming, or leave."""
    found = []
    for row in rows:
        activity = row.activity
        due = timezone.localdate(activity.sign_up_closes_at or activity.starts_at)
        word = "报名" if activity.by_sign_up else "答复"
        found.append(
            Matter(
                activity.title,
                portal_url("portal_activity", activity.pk),
                light_by_due(due, today),
                word,
                note=f"请{word}：{cn_date(activity.starts_at)}，{activity.place}",
                due_on=due,
            )
        )
    return found


def _suggestions(deputy: Deputy, today: dt.date) -> list[Matter]:
    """What other people's work on suggestions waits for: a word of this deputy."""
    waiting = suggestion_queries.waiting_for(deputy)
    found = [
        Matter(
            row.title,
            portal_url("portal_suggestion_edit", row.pk),
            Light("warn", "退回修改"),
            note="您的建议请修改后再次提交",
        )
        for row in waiting.sent_back
    ]
    for row in waiting.to_sign:
        again = row.state == Signature.State.VOIDED
        found.append(
            Matter(
                row.suggestion.title,
                portal_url("portal_suggestion_sign", row.suggestion_id),
                Light("warn", "请重新确认" if again else "邀请您联名"),
                note=f"领衔：{row.suggestion.lead}" + ("，文本有改动" if again else ""),
            )
        )
    for row in waiting.contacts:
        talk = row.contact
        found.append(
            Matter(
                talk.assignment.suggestion.title,
                portal_url("portal_suggestion_contact", talk.pk),
                Light("warn", "确认沟通"),
                note=f"{talk.assignment.unit_name}，{cn_date(talk.on)}，{talk.get_mode_display()}",
                due_on=talk.on,
            )
        )
    for row in waiting.to_judge:
        found.append(
            Matter(
                row.title,
                portal_url("portal_suggestion_judge", row.pk),
                light_by_due(row.word_due_on, today),
                note=f"第{row.number}号已答复，请评价办理情况",
                due_on=row.word_due_on,
            )
        )
    for row, _ in waiting.to_review:
        since = timezone.localdate(row.submitted_at)
        found.append(
            Matter(
                row.title,
                portal_url("portal_pre_review", row.pk),
                light_by_wait(since, today),
                note=f"{row.lead or row.delegation}提交，请初审",
                due_on=since,
            )
        )
    for row in waiting.classes:
        found.append(
            Matter(
                row.assignment.suggestion.title,
                portal_url("portal_class_change", row.pk),
                Light("warn", "类别调整"),
                note=f"{row.from_class.mark}类调整为{row.to_class.mark}类，请您确认",
            )
        )
    return found + [_promise(row) for row in waiting.promises]


def _promise(row: Promise) -> Matter:
    """A promise the unit says it has kept."""
    return Matter(
        row.suggestion.title,
        portal_url("portal_promise_receipt", row.pk),
        Light("active", "评价承诺"),
        note=f"{row.unit}报告已落实：{row.content}",
        due_on=row.due_on,
    )


OVER = (
    Suggestion.State.CLOSED, Suggestion.State.ARCHIVED, Suggestion.State.WITHDRAWN,
    Suggestion.State.TERMINATED, Suggestion.State.NOT_ACCEPTED,
)  # fmt: skip


def _counted(deputy: Deputy) -> dict[str, int]:
    """How many suggestions the deputy led and signed, and how many are on their way."""
    rows = Suggestion.objects.exclude(state__in=[Suggestion.State.DRAFT])
    own = Q(lead=deputy)
    theirs = Q(signatures__deputy=deputy, signatures__state=Signature.State.CONFIRMED)
    return rows.aggregate(
        led=Count("pk", filter=own, distinct=True),
        signed=Count("pk", filter=theirs, distinct=True),
        running=Count("pk", filter=(own | theirs) & ~Q(state__in=OVER), distinct=True),
    )


def _reports(member: Membership, deputy: Deputy) -> list[Matter]:
    """Self-reports that came back or were never sent."""
    states = SelfReport.State
    rows = SelfReport.objects.filter(deputy=deputy, state__in=[states.RETURNED, states.DRAFT])
    return [
        Matter(
            row.title or "未写完的申报",
            portal_url("portal_report", row.pk),
            Light("warn", "已退回") if row.state == states.RETURNED else Light("active", "草稿"),
            note=f"申报被退回：{row.return_reason}" if row.return_reason else "申报还没有提交",
            due_on=row.on,
        )
        for row in rows.order_by("-on")[:5]
    ]


def _objections(deputy: Deputy, now: dt.datetime) -> list[Matter]:
    """Objections answered in the last days."""
    states = [Objection.State.UPHELD, Objection.State.REJECTED]
    rows = Objection.objects.filter(
        deputy=deputy, state__in=states, decided_at__gte=now - dt.timedelta(days=NEWS_DAYS)
    ).select_related("period")
    return [
        Matter(
            f"对{row.period}的异议",
            portal_url("portal_objection", row.pk) or portal_url("portal_performance"),
            Light("active", row.get_state_display()),
            note=row.decision_reason,
            due_on=timezone.localdate(row.decided_at),
        )
        for row in rows.order_by("-decided_at")[:3]
    ]


def _checking(deputy: Deputy, today: dt.date) -> list[Matter]:
    """Results open to objections: to be looked through until a date."""
    rows = Period.objects.filter(
        state=Period.State.OPEN,
        objections_until__gte=today,
        tallies__totals__deputy=deputy,
        tallies__finished_at__isnull=False,
    ).distinct()
    return [
        Matter(
            f"请核对{row.name}的积分",
            portal_url("portal_performance"),
            light_by_due(row.objections_until, today),
            note=f"有错、重、漏，可以在{cn_date(row.objections_until)}前提出异议",
            due_on=row.objections_until,
        )
        for row in rows.order_by("objections_until")[:2]
    ]


def _points(deputy: Deputy) -> Points | None:
    total = (
        TallyTotal.objects.filter(deputy=deputy, tally__finished_at__isnull=False)
        .select_related("tally__period")
        .order_by("-tally__period__starts_on", "-tally__number")
        .first()
    )
    if total is None:
        return None
    tally = total.tally
    counted = timezone.localdate(tally.finished_at)
    return Points(tally.period, total.total, total.days, total.band, counted)


def _this_year(deputy: Deputy, today: dt.date) -> tuple[int, int]:
    """How many duty facts this year, and on how many days."""
    rows = DutyRecord.objects.filter(deputy=deputy, withdrawn_at=None, on__year=today.year)
    came = rows.exclude(outcome__in=["absent", "leave", "not_obliged"])
    days = came.filter(item__counts_as_day=True).values("on").distinct().count()
    return came.count(), days
