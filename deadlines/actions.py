"""Setting, meeting, cancelling and extending time limits, and reminding of them.

Setting, meeting and cancelling are consequences of a step of another app, which stands in the
log; only what is decided here has a row of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import STAFF_ROLES, Membership
from congress.tenancy import current_congress
from notices.actions import send

from . import queries, rules
from .models import Deadline, Extension


@transaction.atomic
def set_deadline(
    kind: str,
    subject: Model,
    *,
    by: Membership | None,
    members: Iterable[Membership],
    what: str,
    limit: rules.Limit,
    start_on: date | None = None,
    link: str = "",
    lapses: bool = False,
    remind_before: Iterable[int] = rules.BEFORE,
) -> int:
    """Set one time limit for each member; gives how many are open then.

    `kind` names what is to be done (`activities.sign_up`), `start_on` the day it is counted from
    (today if not given). Set again for the same kind, subject and member, the open one takes the
    new day. `lapses`: after its day nobody is reminded any more. `remind_before`: on which days
    before (at most 30) there is a reminder.
    """
    start = start_on or timezone.localdate()
    reckoned = rules.reckon(start, limit, work_calendar())
    rows = [
        Deadline(
            congress=current_congress(),
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            what=what[:120],
            link=link,
            member=member,
            start_on=start,
            unit=limit.unit,
            amount=limit.amount,
            law=limit.law,
            due_on=reckoned.due_on,
            working=list(reckoned.working),
            is_provisional=reckoned.is_provisional,
            lapses=lapses,
            remind_before=sorted(remind_before, reverse=True),
        )
        for member in {m.pk: m for m in members if m is not None}.values()
    ]
    open_now = queries.of_subject(subject, kind).filter(done_at=None, cancelled_at=None)
    known = {d.member_id: d for d in open_now.select_for_update(of=("self",))}
    changed = []
    for row in rows:
        if old := known.get(row.member_id):
            if (old.due_on, old.what) != (row.due_on, row.what):
                row.pk, row.reminded_on, row.created_at = old.pk, None, old.created_at
                changed.append(row)
    Deadline.objects.bulk_update(changed, _COUNTED)
    Deadline.objects.bulk_create(
        [row for row in rows if row.member_id not in known], ignore_conflicts=True
    )
    return len(rows)


_COUNTED = [
    "what",
    "link",
    "start_on",
    "unit",
    "amount",
    "law",
    "due_on",
    "working",
    "is_provisional",
    "lapses",
    "remind_before",
    "reminded_on",
]


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
    """Give more time, with the reason; the member is told."""
    deadline = (
        Deadline.objects.select_for_update(of=("self",))
        .select_related("member")
        .get(pk=deadline.pk)
    )
    if by.role not in STAFF_ROLES or by.pk == deadline.member_id:
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
    deadline.save()
    send(
        "deadlines/extended",
        to=[deadline.member],
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


@transaction.atomic
def recompute(*, by: Membership | None) -> int:
    """The calendar changed: count every open time limit anew; gives how many moved.

    Each member whose day moved is told the old and the new one.
    """
    calendar = work_calendar()
    rows = (
        queries.open_deadlines()
        .exclude(unit=rules.Unit.FIXED)
        .select_related("member")
        .select_for_update(of=("self",))
    )
    changed, moved = [], []
    for row in rows:
        reckoned = rules.reckon(row.start_on, row.limit, calendar)
        if reckoned.due_on != row.due_on:
            moved.append((row, row.due_on))
            row.reminded_on = None
        elif list(reckoned.working) == row.working:
            continue
        row.due_on, row.working = reckoned.due_on, list(reckoned.working)
        row.is_provisional = reckoned.is_provisional
        changed.append(row)
    Deadline.objects.bulk_update(
        changed, ["due_on", "working", "is_provisional", "reminded_on"], batch_size=500
    )
    for row, before in moved:
        send("deadlines/moved", to=[row.member], link=row.link, deadline=row, before=before)
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
) -> int:
    """Time limits whose day their own subject knows: give the open ones of these subjects
    (pk → day and working) their new day; gives how many moved. Each member is told."""
    rows = Deadline.objects.filter(
        kind=kind, subject_type=model._meta.label_lower, subject_id__in=list(days),
        done_at=None, cancelled_at=None,
    ).select_related("member").select_for_update(of=("self",))  # fmt: skip
    moved = []
    for row in rows:
        day, working = days[row.subject_id]
        if row.due_on != day:
            moved.append((row, row.due_on))
            row.due_on, row.working, row.reminded_on = day, working, None
    Deadline.objects.bulk_update(
        [row for row, _ in moved], ["due_on", "working", "reminded_on"], batch_size=500
    )
    for row, before in moved:
        send("deadlines/moved", to=[row.member], link=row.link, deadline=row, before=before)
    return len(moved)


@transaction.atomic
def remind(now: datetime) -> int:
    """Remind each member of the open congress once of all that is due; gives how many notices.

    May run any number of times, also at once: the rows are locked, what was said is kept on
    them, and the notice carries a key. Not at night and not on days of rest; what fell due then,
    or while the house stood still, is said in one message afterwards.
    """
    now = timezone.localtime(now)
    today, calendar = now.date(), work_calendar()
    if not rules.may_disturb(now, calendar):
        return 0
    rows = queries.may_be_due(Deadline.objects.all(), today)
    due: dict[int, list[Deadline]] = {}
    looked_at = list(_claimed(rows).select_related("member"))
    for row in looked_at:
        if rules.is_reminder_due(
            rules.reminder_days(row.start_on, row.due_on, calendar, row.remind_before),
            max(row.reminded_on or row.start_on, row.start_on),
            row.due_on,
            today,
            row.lapses,
        ):
            due.setdefault(row.member_id, []).append(row)
    Deadline.objects.filter(pk__in=[row.pk for row in looked_at]).update(reminded_on=today)
    for mine in due.values():
        _tell(mine, today)
    return len(due)


def _claimed(rows):
    """Hold the rows until the transaction ends; another sweep passes them by."""
    return rows.select_for_update(of=("self",), skip_locked=True)


def _tell(mine: list[Deadline], today: date) -> None:
    """One message with everything, the most pressing first."""
    mine.sort(key=lambda row: (row.due_on, row.pk))
    send(
        "deadlines/due",
        to=[mine[0].member],
        link=mine[0].link if len(mine) == 1 else "/first/",
        dedupe_key=f"deadlines-{today:%Y%m%d}-{mine[0].pk}",
        rows=[(row, rules.light(row.due_on, today).label) for row in mine],
        first=mine[0],
        more=len(mine) - 1,
    )
