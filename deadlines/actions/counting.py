"""Counting anew when the calendar changed. Before and after are kept, and everybody concerned is
told once of all that moved.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.holidays import work_calendar
from congress.models import Membership
from congress.rules import WorkCalendar
from congress.tenancy import current_congress
from notices.actions import Letter, send_each

from .. import queries, rules, subjects
from ..models import Deadline, Shift

AT_ONCE = 1000
CALENDAR = "节假日安排更新"
MOST_LINES = 20  # of a message; more are counted


class Planner:
    """When to remind next, under one calendar and one plan; rows that are alike are reckoned
    once."""

    def __init__(self, calendar: WorkCalendar, plan: rules.Plan):
        self.calendar, self.plan = calendar, plan
        self._known: dict[tuple, date | None] = {}

    def next_on(self, row: Deadline) -> date | None:
        """The day of the next reminder of a stored one."""
        key = (
            row.start_on, row.due_on, tuple(row.remind_before), row.reminded_on, row.lapses,
            bool(row.to_unit_id),
        )  # fmt: skip
        if key not in self._known:
            start, due_on, before, reminded_on, lapses, ladder = key
            days = rules.reminder_days(
                start, due_on, self.calendar, self.plan.days_before(before, ladder)
            )
            since = max(reminded_on or start, start)
            self._known[key] = rules.next_reminder(days, since, due_on, self.calendar, lapses)
        return self._known[key]


def planner() -> Planner:
    """Under the present calendar and plan of the open congress."""
    return Planner(work_calendar(), queries.reminder_plan())


def write(rows: Iterable[Deadline], *fields: str) -> None:
    """Store these fields of the rows: rows that got the same values in one statement, for a
    statement per row (or one long CASE) takes minutes where thousands change."""
    alike: dict[tuple, list[int]] = {}
    for row in rows:
        values = (getattr(row, f) for f in fields)
        key = tuple(tuple(v) if isinstance(v, list) else v for v in values)
        alike.setdefault(key, []).append(row.pk)
    for key, pks in alike.items():
        values = {f: list(v) if isinstance(v, tuple) else v
                  for f, v in zip(fields, key, strict=True)}  # fmt: skip
        for at in range(0, len(pks), 5 * AT_ONCE):
            Deadline.objects.filter(pk__in=pks[at : at + 5 * AT_ONCE]).update(**values)


@transaction.atomic
def recompute(*, by: Membership | None) -> int:
    """The calendar changed: count every open time limit anew; gives how many moved.

    Days that their own subjects know are asked of them. Whose days moved is told the old and the
    new ones, in one message for all. When to remind next is counted anew for all.
    """
    plan = planner()
    told = subjects.days_now(plan.calendar, by)
    # Thousands belong to a few people: each is read once, not once more per row.
    rows = queries.open_deadlines().prefetch_related("member", "to_unit").order_by("pk")
    known: dict[tuple, rules.Reckoning] = {}  # many begin on the same day with the same limit
    changed, moved = [], []
    for row in rows.select_for_update(of=("self",)):
        before, is_changed = row.due_on, False
        if row.unit != rules.Unit.FIXED:
            key = (row.start_on, row.unit, row.amount, row.law)
            if key not in known:
                known[key] = rules.reckon(row.start_on, row.limit, plan.calendar)
            reckoned = known[key]
            is_changed = list(reckoned.working) != row.working
            row.due_on, row.working = reckoned.due_on, list(reckoned.working)
            row.is_provisional = reckoned.is_provisional
        elif now := told.get(row.kind, {}).get(row.subject_id):
            is_changed = list(now[1]) != row.working
            row.due_on, row.working = now[0], list(now[1])
        if row.due_on != before:
            row.reminded_on = None
            moved.append((row, before))
        upon = plan.next_on(row)
        if is_changed or upon != row.next_on or row.due_on != before:
            row.next_on = upon
            changed.append(row)
    write(changed, "due_on", "working", "is_provisional", "reminded_on", "next_on")
    subjects.tell(row for row, _ in moved)
    _keep_and_tell(moved, by)
    if moved:
        audit.record(by, "deadlines.recompute", note=f"{len(moved)}项时限的截止日期有变")
    return len(moved)


def _keep_and_tell(moved: list[tuple[Deadline, date]], by: Membership | None) -> None:
    """Write before and after of each, and one message to each person for all of theirs."""
    Shift.objects.bulk_create(
        (
            Shift(
                congress=current_congress(), deadline=row, from_on=before, to_on=row.due_on,
                reason=CALENDAR, by=by,
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
                    "why": CALENDAR,
                },
            )
            for member, theirs in mine.items()
        ],
    )
