"""Setting, meeting, cancelling and extending time limits.

Setting, meeting and cancelling are consequences of a step of another app, which stands in the
log; only what is decided here has a row of its own.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import STAFF_ROLES, Membership
from congress.models import Unit as House
from notices.actions import send

from .. import queries, rules, subjects
from ..models import Deadline, Extension
from .counting import planner
from .keeping import Due, rows_of, store


@transaction.atomic
def set_deadline(
    kind: str,
    subject: Model,
    *,
    by: Membership | None,
    members: Iterable[Membership] = (),
    units: Iterable[House] = (),
    what: str,
    limit: rules.Limit,
    start_on: date | None = None,
    link: str = "",
    lapses: bool = False,
    remind_before: Iterable[int] = (),
) -> int:
    """Set one time limit for each member and each unit; gives how many are open then.

    `kind` names what is to be done (`activities.sign_up`), `start_on` the day it is counted from
    (today if not given). Set again for the same kind, subject and addressee, the open one takes
    the new day. A unit's is told up the ladder to whoever holds its posts that day. `lapses`:
    after its day nobody is reminded any more. `remind_before`: on which days before there is a
    reminder; the congress's own plan if not given.
    """
    owed = partial(
        Due, kind, subject, what, limit, start_on or timezone.localdate(), link, lapses=lapses,
        remind_before=tuple(remind_before),
    )  # fmt: skip
    dues = [*(owed(member=m) for m in members if m), *(owed(unit=u) for u in units)]
    rows = rows_of({due.key: due for due in dues}.values(), planner())
    open_now = queries.of_subject(subject, kind).filter(done_at=None, cancelled_at=None)
    known = {(d.member_id, d.to_unit_id): d for d in open_now.select_for_update(of=("self",))}
    new, changed = [], []
    for row in rows:
        old = known.get((row.member_id, row.to_unit_id))
        if old is None:
            new.append(row)
        elif (old.due_on, old.what) != (row.due_on, row.what):
            row.pk, row.reminded_on, row.created_at = old.pk, None, old.created_at
            changed.append(row)
    store(new, changed)
    return len(rows)


def _close(
    subject: Model, kind: str, members: Iterable[Membership] | None, **when: datetime
) -> int:
    rows = queries.of_subject(subject, kind).filter(done_at=None, cancelled_at=None)
    if members is not None:
        rows = rows.filter(member__in=list(members))
    return Deadline.objects.filter(pk__in=rows.order_by().values("pk")).update(**when)


@transaction.atomic
def meet(
    kind: str,
    subject: Model,
    *,
    by: Membership | None,
    members: Iterable[Membership] | None = None,
) -> int:
    """What was due is done, by these members or (None) by all; gives how many that closed."""
    return _close(subject, kind, members, done_at=timezone.now())


@transaction.atomic
def cancel(
    kind: str,
    subject: Model,
    *,
    by: Membership | None,
    members: Iterable[Membership] | None = None,
) -> int:
    """It need not be done any more; gives how many that closed. `kind` "" means every kind."""
    return _close(subject, kind, members, cancelled_at=timezone.now())


@transaction.atomic
def extend(deadline: Deadline, *, by: Membership, to_on: date, reason: str) -> Deadline:
    """Give more time, with the reason; the member or the unit's people are told."""
    deadline = (
        Deadline.objects.select_for_update(of=("self",))
        .select_related("member", "to_unit")
        .get(pk=deadline.pk)
    )
    own = deadline.to_unit_id and deadline.to_unit_id == by.unit_id
    if by.role not in STAFF_ROLES or by.pk == deadline.member_id or own:
        raise NotAllowed("延期要由工作人员批准，不能给自己延期")
    if not deadline.is_open:
        raise NotAllowed("这项时限已经办结或取消，不能延期")
    if to_on <= deadline.due_on:
        raise NotAllowed("延期后的日期应当晚于原来的截止日期")
    if not reason.strip():
        raise NotAllowed("请写明延期的理由")
    extension = Extension.objects.create(
        deadline=deadline, from_on=deadline.due_on, to_on=to_on, reason=reason.strip(), by=by
    )
    deadline.working = [
        *deadline.working,
        f"经批准延至{rules.cn_date(to_on)}，理由：{extension.reason}。",
    ]
    deadline.unit, deadline.due_on, deadline.reminded_on = rules.Unit.FIXED, to_on, None
    deadline.is_provisional = False
    deadline.next_on = planner().next_on(deadline)
    deadline.save()
    subjects.tell([deadline])
    to = [deadline.member]
    if deadline.to_unit_id:
        to = queries.members_of([deadline.to_unit], timezone.localdate())[deadline.to_unit_id]
    send(
        "deadlines/extended",
        to=to,
        link=deadline.link,
        extension=extension,
        deadline=deadline,
    )
    audit.record(
        by,
        "deadlines.extend",
        deadline,
        before={"截止日期": extension.from_on},
        after={"截止日期": to_on},
        note=extension.reason,
    )
    return deadline
