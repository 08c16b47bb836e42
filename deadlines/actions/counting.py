"""Counting anew: the calendar changed, or a subject knows another day. Before and after are kept,
and everybody concerned is told once of all that moved.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from congress import audit
from congress.holidays import work_calendar
from congress.models import Membership
from congress.rules import WorkCalendar
from congress.tenancy import current_congress
from notices.actions import Letter, send_each

from .. import queries, rules
from ..models import Deadline, Shift

AT_ONCE = 1000
CALENDAR = "节假日安排更新"
MOST_LINES = 20  # of a message; more are counted


def next_day(
    start: date,
    due_on: date,
    before: Iterable[int],
    reminded_on: date | None,
    lapses: bool,
    calendar: WorkCalendar,
    plan: rules.Plan,
    ladder: bool = False,
) -> date | None:
    """When to remind next of a deadline with these values; `ladder`: it is a unit's."""
    days = rules.reminder_days(start, due_on, calendar, plan.days_before(before, ladder))
    since = max(reminded_on or start, start)
    return rules.next_reminder(days, since, due_on, calendar, lapses)


def next_day_of(row: Deadline, calendar: WorkCalendar, plan: rules.Plan) -> date | None:
    """The same for a stored one."""
    return next_day(
        row.start_on, row.due_on, row.remind_before, row.reminded_on, row.lapses, calendar, plan,
        bool(row.to_unit_id),
    )  # fmt: skip


@transaction.atomic
def recompute(*, by: Membership | None) -> int:
    """The calendar changed: count every open time limit anew; gives how many moved.

    Whose days moved is told the old and the new ones, in one message. When to remind next is
    counted anew for all.
    """
    calendar, plan = work_calendar(), queries.reminder_plan()
    rows = queries.open_deadlines().select_related("member", "to_unit").order_by("pk")
    known: dict[tuple, rules.Reckoning] = {}  # many begin on the same day with the same limit
    changed, moved = [], []
    for row in rows.select_for_update(of=("self",)):
        before, is_changed = row.due_on, False
        if row.unit != rules.Unit.FIXED:
            key = (row.start_on, row.unit, row.amount, row.law)
            if key not in known:
                known[key] = rules.reckon(row.start_on, row.limit, calendar)
            reckoned = known[key]
            is_changed = list(reckoned.working) != row.working
            row.due_on, row.working = reckoned.due_on, list(reckoned.working)
            row.is_provisional = reckoned.is_provisional
            if row.due_on != before:
                row.reminded_on = None
                moved.append((row, before))
        upon = next_day_of(row, calendar, plan)
        if is_changed or upon != row.next_on or row.due_on != before:
            row.next_on = upon
            changed.append(row)
    Deadline.objects.bulk_update(
        changed,
        ["due_on", "working", "is_provisional", "reminded_on", "next_on"],
        batch_size=AT_ONCE,
    )
    _keep_and_tell(moved, by, CALENDAR)
    if moved:
        audit.record(by, "deadlines.recompute", note=f"{len(moved)}项时限的截止日期有变")
    return len(moved)


@transaction.atomic
def move(
    kind: str,
    model: type[Model],
    days: Mapping[int, tuple[date, list[str]]],
    *,
    by: Membership | None,
    why: str = CALENDAR,
) -> int:
    """Time limits whose day their own subject knows: give the open ones of these subjects
    (pk → day and working) their new day; gives how many moved. Everybody concerned is told."""
    calendar, plan = work_calendar(), queries.reminder_plan()
    rows = Deadline.objects.filter(
        kind=kind, subject_type=model._meta.label_lower, subject_id__in=list(days),
        done_at=None, cancelled_at=None,
    ).select_related("member", "to_unit").select_for_update(of=("self",))  # fmt: skip
    moved = []
    for row in rows:
        day, working = days[row.subject_id]
        if row.due_on != day:
            moved.append((row, row.due_on))
            row.due_on, row.working, row.reminded_on = day, working, None
            row.next_on = next_day_of(row, calendar, plan)
    Deadline.objects.bulk_update(
        [row for row, _ in moved],
        ["due_on", "working", "reminded_on", "next_on"],
        batch_size=AT_ONCE,
    )
    _keep_and_tell(moved, by, why)
    return len(moved)


def _keep_and_tell(moved: list[tuple[Deadline, date]], by: Membership | None, why: str) -> None:
    """Write before and after of each, and one message to each person for all of theirs."""
    Shift.objects.bulk_create(
        (
            Shift(
                congress=current_congress(), deadline=row, from_on=before, to_on=row.due_on,
                reason=why, by=by,
            )
            for row, before in moved
        ),
        batch_size=AT_ONCE,
    )  # fmt: skip
    units = {row.to_unit for row, _ in moved if row.to_unit_id}
    people = queries.members_of(units, timezone.localdate())
    mine: dict[Membership, list[tuple[Deadline, date]]] = {}
    for row, before in moved:
        for member in people[row.to_unit_id] if row.to_unit_id else [row.member]:
            mine.setdefault(member, []).append((row, before))
    send_each(
        "deadlines/moved",
        [
            Letter(
                [member],
                link=theirs[0][0].link if len(theirs) == 1 else "/first/",
                outside=f"您有 {len(theirs)} 件事项的截止日期有变",
                context={
                    "rows": theirs[:MOST_LINES],
                    "first": theirs[0][0],
                    "count": len(theirs),
                    "left": max(0, len(theirs) - MOST_LINES),
                    "why": why,
                },
            )
            for member, theirs in mine.items()
        ],
    )
