"""The lines of 交办 letters and lists: from what is proposed before, from the tasks afterwards."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from congress.holidays import work_calendar
from congress.rules import WorkCalendar

from ..models import Assignment, AssignmentBatch, Signature, Suggestion
from ..rules import Dates, HandlingRules, joint_dates, reply_dates
from .base import asked_day
from .batches import batch_items, batch_tasks, preview

Role = Assignment.Role


@dataclass(frozen=True)
class Line:
    """One unit's part in one suggestion, as a paper prints it."""

    unit: int
    unit_name: str
    role: str
    content: str
    number: str
    title: str
    proposer: str
    category: str
    committee: str
    others: str  # the other units with their parts
    legal_due_on: dt.date | None
    batch_due_on: dt.date | None
    internal_due_on: dt.date | None
    is_received: bool = False  # from a higher congress

    @property
    def role_word(self) -> str:
        return Role(self.role).label

    @property
    def due_on(self) -> dt.date | None:
        days = [d for d in (self.legal_due_on, self.batch_due_on, self.internal_due_on) if d]
        return min(days, default=None)


def paper_lines(batch: AssignmentBatch, unit: int | None = None) -> list[Line]:
    """All lines of a batch, unit by unit in their order; with `unit` those of that one. Names are
    those of the day of 交办. A constant number of queries."""
    if batch.state == AssignmentBatch.State.DRAFT:
        lines = _proposed(batch)
    else:
        lines = _assigned(batch)
    return [x for x in lines if unit is None or x.unit == unit]


def _with_people(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    signed = (
        Signature.objects.filter(suggestion=OuterRef("pk"), state=Signature.State.CONFIRMED)
        .order_by()
        .values("suggestion")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.annotate(cosigners=Subquery(signed)).select_related(
        "lead", "delegation", "received", "category__parent__committee", "category__committee"
    )


def proposer(item: Suggestion) -> str:
    """Who raised it, as a unit may read it: hidden names stay hidden."""
    if item.hides_name:
        return "（姓名保密）"
    if item.is_received:
        return f"{item.raised_by}（{item.received}）"
    if item.lead_id is None:
        return item.raised_by
    count = (item.cosigners or 0) + 1
    return item.lead.name if count == 1 else f"{item.lead.name}等{count}人"


def _committee(item: Suggestion) -> str:
    category = item.category
    if category is None:
        return ""
    found = category.committee or (category.parent.committee if category.parent_id else None)
    return found.short_name if found else ""


def _others(parts: Iterable[tuple[int, str, str]], own: int) -> str:
    return "、".join(f"{name}（{Role(role).label}）" for pk, name, role in parts if pk != own)


def _line(item: Suggestion, unit: int, name: str, role: str, content: str, others: str,
          days: tuple) -> Line:  # fmt: skip
    return Line(
        unit, name, role, content, item.number, item.title, proposer(item),
        str(item.category or ""), _committee(item), others, *days,
        is_received=item.is_received,
    )  # fmt: skip


def _proposed(batch: AssignmentBatch) -> list[Line]:
    looked = preview(batch)
    handling = calendar = None
    if looked.is_received and looked.rules:
        handling, calendar = HandlingRules.of(looked.rules), work_calendar()
    found = []
    for item in _with_people(batch_items(batch)):
        rows = list(item.proposed.all())
        parts = [(r.unit_id, r.unit.short_name, r.role) for r in rows]
        for row in rows:
            dates = looked.joint if row.role == Role.JOINT else looked.reply
            if handling is not None:
                dates = _asked(item, batch, handling, calendar, row.role)
            line = _line(item, row.unit_id, row.unit.name, row.role, row.content,
                         _others(parts, row.unit_id), _days(dates))  # fmt: skip
            found.append((row.unit.position, row.unit_id, item.number, line))
    return [line for *_, line in sorted(found, key=lambda x: x[:3])]


def _asked(
    item: Suggestion,
    batch: AssignmentBatch,
    handling: HandlingRules,
    calendar: WorkCalendar,
    role: str,
) -> Dates:
    """The dates of what a higher congress sent, as its hand-over will set them."""
    asked = asked_day(item, batch.reply_due_on)
    dates = reply_dates(batch.assigned_on, handling, calendar, asked.on, asked_by=asked.by)
    if role == Role.JOINT:
        return joint_dates(batch.assigned_on, handling, calendar, dates.effective)
    return dates


def _days(dates: Dates | None) -> tuple:
    return (dates.legal, dates.batch, dates.internal) if dates else (None, None, None)


def _assigned(batch: AssignmentBatch) -> list[Line]:
    beside = Assignment.objects.filter(
        Q(parent=None), batch=batch, assigned_on=batch.assigned_on
    ).select_related("unit")
    items = _with_people(
        Suggestion.objects.filter(assignments__batch=batch).distinct()
    ).prefetch_related(Prefetch("assignments", beside, "first_level"))
    by_pk = {item.pk: item for item in items}
    found = []
    for task in batch_tasks(batch):
        item = by_pk[task.suggestion_id]
        parts = [(t.unit_id, t.unit_name, t.role) for t in item.first_level]
        found.append(
            _line(item, task.unit_id, task.unit_name, task.role, task.content,
                  _others(parts, task.unit_id),
                  (task.legal_due_on, task.batch_due_on, task.internal_due_on))
        )  # fmt: skip
    return found
