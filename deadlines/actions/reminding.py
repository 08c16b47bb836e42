"""Reminding, up the ladder. Any number of copies may run, at any time: the rows are locked, what
was said is kept on them, and each message carries a key.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from congress.models import STAFF_ROLES, Membership
from congress.words import days_left
from notices.actions import Letter, send_each

from .. import queries, rules
from ..models import Deadline
from .counting import Planner, planner, write

MOST_LINES = 30
FIELDS = (
    "pk", "what", "link", "member", "to_unit", "start_on", "due_on", "lapses", "remind_before",
    "reminded_on", "next_on", "congress",
)  # fmt: skip


@transaction.atomic
def remind(now: datetime) -> int:
    """Remind each member of the open congress once of all that is due; gives how many notices.

    Not at night and not on days of rest; what fell due then, or while the house stood still, is
    said in one message afterwards.
    """
    now = timezone.localtime(now)
    today, plan = now.date(), planner()
    if not rules.may_disturb(now, plan.calendar):
        return 0
    rows = _claimed(queries.to_remind_of(Deadline.objects.all(), today))
    rows = list(rows.select_related("member", "to_unit").only(*FIELDS, "member__role",
                                                              "member__congress",
                                                              "to_unit__short_name",
                                                              "to_unit__parent",
                                                              "to_unit__congress"))  # fmt: skip
    due = [row for row in rows if _is_due(row, today, plan)]
    _write_down(rows, due, today, plan)
    mine = _whose(due, today, plan)
    _tell(mine, today)
    return len(mine)


def _is_due(row: Deadline, today: date, plan: Planner) -> bool:
    """Counted again, for the mark may be older than the calendar it was made with."""
    upon = _next(row, today, plan)
    return upon is not None and upon <= today


def _next(row: Deadline, today: date, plan: Planner) -> date | None:
    if row.lapses and row.due_on < today:
        return None
    return plan.next_on(row)


def _write_down(rows, due, today: date, plan: Planner) -> None:
    """Keep on the rows that it was said, and when to say something next."""
    said = {row.pk for row in due}
    for row in rows:
        if row.pk in said:
            row.reminded_on = today
        row.next_on = _next(row, today, plan)
    write(rows, "next_on", "reminded_on")


def _whose(
    due: list[Deadline], today: date, plan: Planner
) -> dict[Membership, list[tuple[Deadline, str]]]:
    """Who is told of what, and as what: the member, or the rungs of a unit's ladder that are in
    by today."""
    people = queries.people_by_rung({row.to_unit for row in due if row.to_unit_id}, today)
    mine: dict[Membership, list[tuple[Deadline, str]]] = {}
    rungs: dict[date, list[str]] = {}
    told: dict[tuple, dict[Membership, str]] = {}
    for row in due:
        if not row.to_unit_id:
            mine.setdefault(row.member, []).append((row, ""))
            continue
        if row.due_on not in rungs:
            rungs[row.due_on] = plan.plan.rungs_on(row.due_on, today, plan.calendar)
        key = (row.to_unit_id, tuple(rungs[row.due_on]))
        if key not in told:
            told[key] = rules.who_is_told(rungs[row.due_on], people[row.to_unit_id])
        for member, rung in told[key].items():
            mine.setdefault(member, []).append((row, rung))
    return mine


def _claimed(rows):
    """Hold the rows until the transaction ends; another sweep passes them by."""
    return rows.select_for_update(of=("self",), skip_locked=True)


def _tell(mine: dict[Membership, list[tuple[Deadline, str]]], today: date) -> None:
    """One message to each person with everything, the most pressing first."""
    send_each("deadlines/due", [_letter(m, rows, today) for m, rows in mine.items()])


def _above(member: Membership, rows: list[tuple[Deadline, str]]) -> str:
    """Where who stands above a unit sees what it owes."""
    if member.role in STAFF_ROLES:
        return "/admin/deadlines/"
    return f"/desk/deadlines/{rows[0][0].pk}/" if len(rows) == 1 else "/first/"


def _letter(member: Membership, rows: list[tuple[Deadline, str]], today: date) -> Letter:
    rows.sort(key=lambda line: (line[0].due_on, line[0].pk))
    first, count = rows[0][0], len(rows)
    lines = [
        (
            row,
            rules.light(row.due_on, today).label,
            row.to_unit if rung else None,
            days_left(row.due_on, today),
        )
        for row, rung in rows[:MOST_LINES]
    ]
    link = first.link if count == 1 else "/first/"
    if any(rung in (rules.OFFICE, rules.KEEPERS) for _, rung in rows):
        link = _above(member, rows)  # the unit's own pages are not theirs
    pressing = f"您有 {count} 件事项" if count > 1 else "您有一件事项"
    return Letter(
        [member],
        link=link,
        dedupe_key=f"deadlines-{today:%Y%m%d}-{first.pk}",
        outside=f"{pressing}需要在时限内办理，最近的{lines[0][3]}",
        context={
            "rows": lines,
            "first": first,
            "of": lines[0][2],
            "soonest": lines[0][3],
            "more": count - 1,
            "count": count,
            "left": max(0, count - MOST_LINES),
        },
    )
