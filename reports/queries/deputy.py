"""待我办: what waits for a deputy, what comes next, what was counted this year."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

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

from ..rules import Light, light_by_due
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
    matters = [
        *_check_in(deputy, activities["coming"] + activities["to_answer"], today),
        *_answers(activities["to_answer"], today),
        *_reports(member, deputy),
        *_objections(deputy, now),
        *_checking(deputy, today),
    ]
    facts, days = _this_year(deputy, today)
    return Home(
        deputy=deputy,
        matters=by_urgency(matters),
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
