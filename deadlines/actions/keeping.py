"""Keeping the time limits of a matter as the matter stands now: what is owed is open, what is owed
no more is met or cancelled, in the transaction of whatever moved the matter.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from congress.models import Membership
from congress.models import Unit as House
from congress.tenancy import current_congress

from .. import rules
from ..models import Deadline
from .counting import Planner, planner

COUNTED = (
    "what", "link", "start_on", "unit", "amount", "law", "due_on", "working", "is_provisional",
    "lapses", "remind_before", "reminded_on", "next_on",
)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """One act owed by one unit or one member. `working` says of a fixed day how its subject came
    by it; `lapses`: after its day nobody is reminded any more; `remind_before`: on which days
    before there is a reminder, the congress's own plan if not given."""

    kind: str
    subject: Model
    what: str
    limit: rules.Limit
    start_on: date
    link: str = ""
    unit: House | None = None
    member: Membership | None = None
    working: tuple[str, ...] = ()
    lapses: bool = False
    remind_before: tuple[int, ...] = ()

    @property
    def key(self) -> tuple:
        """What there is one open time limit of."""
        return (
            self.kind, self.subject._meta.label_lower, self.subject.pk,
            self.member.pk if self.member else None, self.unit.pk if self.unit else None,
        )  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """What stands otherwise than it is owed: what is owed and not there, what is there and not
    owed, what is there with other words or another day."""

    missing: list[Due]
    over: list[Deadline]
    changed: list[Due]


def compare(subjects: Iterable[Model], dues: Iterable[Due], *, kinds: Collection[str]) -> Gap:
    """How the open time limits of these subjects and kinds stand beside what is owed; nothing is
    written. A constant number of queries."""
    wanted = {due.key: due for due in dues}
    return _gap(wanted, _open(subjects, kinds))


def _gap(wanted: Mapping[tuple, Due], known: Mapping[tuple, Deadline]) -> Gap:
    missing = [due for key, due in wanted.items() if key not in known]
    if lapsing := [due for due in missing if due.lapses]:  # what has lapsed already is not set
        rows, today = rows_of(lapsing, planner()), timezone.localdate()
        lapsed = {d.key for d, r in zip(lapsing, rows, strict=True) if r.due_on < today}
        missing = [due for due in missing if due.key not in lapsed]
    over = [row for key, row in known.items() if key not in wanted]
    changed = [d for key, d in wanted.items() if key in known and _differs(known[key], d)]
    return Gap(missing, over, changed)


@transaction.atomic
def keep(
    subjects: Iterable[Model],
    dues: Iterable[Due],
    *,
    kinds: Collection[str],
    is_done: Callable[[Deadline], bool],
) -> int:
    """Let exactly these be open of these subjects and kinds; gives how many rows changed.

    An open one that is not among them is met where `is_done` says so of it, otherwise cancelled.
    One that is among them takes a new day, unless it was extended since. A constant number of
    queries, however many subjects.
    """
    wanted = {due.key: due for due in dues}
    known = _open(subjects, kinds, locked=True)
    gap = _gap(wanted, known)
    now = timezone.now()
    done = {row.pk for row in gap.over if is_done(row)}
    for pks, when in ((done, "done_at"), ({r.pk for r in gap.over} - done, "cancelled_at")):
        if pks:
            Deadline.objects.filter(pk__in=pks).update(**{when: now})
    written = [*gap.missing, *gap.changed]
    return len(gap.over) + (_write(written, known) if written else 0)


def _open(
    subjects: Iterable[Model], kinds: Collection[str], locked: bool = False
) -> dict[tuple, Deadline]:
    """The open ones by what there is one of."""
    ids: dict[str, list[int]] = {}
    for subject in subjects:
        ids.setdefault(subject._meta.label_lower, []).append(subject.pk)
    if not ids:
        return {}
    which = Q(pk=None)
    for label, pks in ids.items():
        which |= Q(subject_type=label, subject_id__in=pks)
    rows = Deadline.objects.filter(which, kind__in=kinds, done_at=None, cancelled_at=None)
    rows = rows.select_for_update(of=("self",)) if locked else rows
    return {
        (d.kind, d.subject_type, d.subject_id, d.member_id, d.to_unit_id): d
        for d in rows.order_by("pk")
    }


def _differs(row: Deadline, due: Due) -> bool:
    if (row.what, row.link, row.lapses) != (due.what[:120], due.link, due.lapses):
        return True
    if due.limit.unit == rules.Unit.FIXED:
        return row.due_on != due.limit.on or bool(due.working) and row.working != [*due.working]
    counted = (row.start_on, row.unit, row.amount, row.law)
    extended = row.unit == rules.Unit.FIXED
    return not extended and counted != (
        due.start_on, due.limit.unit, due.limit.amount, due.limit.law
    )  # fmt: skip


def _write(dues: list[Due], known: Mapping[tuple, Deadline]) -> int:
    plan, new, changed = planner(), [], []
    for due, row in zip(dues, rows_of(dues, plan), strict=True):
        old = known.get(due.key)
        if old is None:
            new.append(row)
            continue
        row.pk, row.created_at = old.pk, old.created_at
        if row.due_on == old.due_on:
            row.reminded_on = old.reminded_on
        row.next_on = plan.next_on(row)
        changed.append(row)
    store(new, changed)
    return len(changed) + len(new)


def store(new: list[Deadline], changed: list[Deadline]) -> None:
    """Write new rows, and the open ones (with their ids) that were counted anew."""
    Deadline.objects.bulk_update(changed, COUNTED, batch_size=500)
    Deadline.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)


def rows_of(dues: Iterable[Due], plan: Planner) -> list[Deadline]:
    """The rows of what is owed, with their day and next reminder, not stored."""
    reckoned: dict[tuple, rules.Reckoning] = {}
    return [_row(due, plan, reckoned) for due in dues]


def _row(due: Due, plan: Planner, reckoned: dict[tuple, rules.Reckoning]) -> Deadline:
    counted = (due.start_on, due.limit)
    if counted not in reckoned:
        reckoned[counted] = rules.reckon(due.start_on, due.limit, plan.calendar)
    found = reckoned[counted]
    row = Deadline(
        congress=current_congress(), kind=due.kind, subject_type=due.subject._meta.label_lower,
        subject_id=due.subject.pk, what=due.what[:120], link=due.link, member=due.member,
        to_unit=due.unit, start_on=due.start_on, unit=due.limit.unit, amount=due.limit.amount,
        law=due.limit.law, due_on=found.due_on, working=list(due.working or found.working),
        is_provisional=found.is_provisional, lapses=due.lapses,
        remind_before=sorted(due.remind_before, reverse=True),
    )  # fmt: skip
    row.next_on = plan.next_on(row)
    return row
