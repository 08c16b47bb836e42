"""交办会: units proposed, asked beforehand where the rules want it, checked by a second person,
then handed over in one go."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Job, Membership
from congress.outbox import enqueue
from notices.actions import send

from .. import access, queries
from ..models import AssignmentBatch, ProposedTask, Suggestion
from ..rules import role_faults
from ..rules.proposing import division
from .assigning import OWNER, Plan, assign
from .beats import hold, take

State, Step = Suggestion.State, Suggestion.Step
Source = ProposedTask.Source
HAND_OVER = "suggestions.hand_over"  # the job's name


@dataclass(frozen=True)
class Proposal:
    """A unit that is to take a suggestion, how, and what speaks for it."""

    plan: Plan
    source: str = Source.STAFF
    reason: str = ""


def _keeps(by: Membership) -> None:
    if not access.may_keep(by):
        raise NotAllowed("交办由代工委办理")


def hold_batch(batch: AssignmentBatch) -> AssignmentBatch:
    """The batch's row, locked until the transaction ends; refused once it was handed over."""
    batch = AssignmentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != AssignmentBatch.State.DRAFT:
        raise NotAllowed("这一批次已经交办")
    return batch


@transaction.atomic
def open_batch(
    *,
    by: Membership,
    title: str,
    assigned_on: dt.date,
    meeting_on: dt.date | None = None,
    signed_on: dt.date | None = None,
    reply_due_on: dt.date | None = None,
    document_number: str = "",
    contact: str = "",
) -> AssignmentBatch:
    """A batch for a 交办会. `reply_due_on` is the one day all are asked to answer by; the law's
    day stays beside it."""
    _keeps(by)
    _fit(title, assigned_on, reply_due_on)
    row = AssignmentBatch.objects.create(
        title=title.strip(), assigned_on=assigned_on, meeting_on=meeting_on, signed_on=signed_on,
        reply_due_on=reply_due_on, document_number=document_number.strip(),
        contact=contact.strip(), by=by,
    )  # fmt: skip
    audit.record(by, "suggestions.open_batch", row)
    return row


def _fit(title: str, assigned_on: dt.date, reply_due_on: dt.date | None) -> None:
    if not title.strip():
        raise NotAllowed("请填写批次名称")
    if reply_due_on and reply_due_on <= assigned_on:
        raise NotAllowed("统一要求的答复日期应当晚于交办日期")


@transaction.atomic
def edit_batch(
    batch: AssignmentBatch,
    *,
    by: Membership,
    title: str,
    assigned_on: dt.date,
    meeting_on: dt.date | None = None,
    signed_on: dt.date | None = None,
    reply_due_on: dt.date | None = None,
    document_number: str = "",
    contact: str = "",
) -> AssignmentBatch:
    """Change name, days, number and contact of a batch that was not handed over."""
    _keeps(by)
    batch = hold_batch(batch)
    _fit(title, assigned_on, reply_due_on)
    values = {
        "title": title.strip(), "assigned_on": assigned_on, "meeting_on": meeting_on,
        "signed_on": signed_on, "reply_due_on": reply_due_on,
        "document_number": document_number.strip(), "contact": contact.strip(),
    }  # fmt: skip
    before = {n: getattr(batch, n) for n in values}
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
    words = {n: AssignmentBatch._meta.get_field(n).verbose_name for n in values}
    audit.record(
        by, "suggestions.change_batch", batch,
        before={words[n]: str(v or "") for n, v in before.items() if v != values[n]},
        after={words[n]: str(v or "") for n, v in values.items() if v != before[n]},
    )  # fmt: skip
    return batch


@transaction.atomic
def discard_batch(batch: AssignmentBatch, *, by: Membership) -> int:
    """A batch that was not handed over is given up; what was proposed for its suggestions stays.
    Gives how many suggestions it let go."""
    _keeps(by)
    batch = hold_batch(batch)
    count = batch.proposed.values("suggestion").distinct().count()
    batch.proposed.update(batch=None)
    audit.record(by, "suggestions.discard_batch", batch, before={"件数": count})
    batch.delete()
    return count


@transaction.atomic
def fill_batch(
    batch: AssignmentBatch,
    *,
    by: Membership,
    suggestions: Iterable[Suggestion],
    through_owners: bool = False,
) -> tuple[list[Suggestion], list[Suggestion]]:
    """Put suggestions into a batch: what was proposed before goes with them, for the others units
    are proposed from category, history and likeness. Gives those put in and those for which
    nothing speaks for any unit: they are left out, a person proposes.

    `through_owners` proposes the first-level owner of a unit that has one, naming the unit in
    the content: the owner decides.
    """
    _keeps(by)
    batch = hold_batch(batch)
    taken, left = [], []
    for suggestion in suggestions:
        suggestion = hold(suggestion)
        if suggestion.state not in (State.REGISTERED, State.CONSULTING):
            raise NotAllowed(f"第{suggestion.number}号已不在待交办的建议中")
        if suggestion.proposed.exists():
            other = suggestion.proposed.filter(batch__state=AssignmentBatch.State.DRAFT)
            if other.exclude(batch=batch).exists():
                raise NotAllowed(f"第{suggestion.number}号已放入另一批次")
            suggestion.proposed.update(batch=batch)
            audit.record(by, "suggestions.change_batch", suggestion, after={"批次": batch.title})
            taken.append(suggestion)
            continue
        proposals = suggested(suggestion, through_owners=through_owners)
        if not proposals:
            left.append(suggestion)
            continue
        propose_units(suggestion, by=by, batch=batch, proposals=proposals)
        taken.append(suggestion)
    return taken, left


def suggested(suggestion: Suggestion, *, through_owners: bool = False) -> list[Proposal]:
    """The division of work that speaks for itself; [] where nothing does."""
    found = queries.candidates_of(suggestion)
    units = {c.unit.pk: c.unit for c in found}
    parts = [(units[r.unit], role, r) for r, role in division([c.ranked for c in found])]
    owners = queries.owners_of(u for u, *_ in parts) if through_owners else {}
    plans: dict[int, Proposal] = {}
    for unit, role, ranked in parts:
        owner = owners.get(unit.pk)
        if owner is None:
            plan = Plan(unit, role)
        elif owner.pk in plans:
            old = plans[owner.pk].plan
            plan = Plan(owner, OWNER, f"{old.content}、{unit.short_name}会办"[:300])
        else:
            word = "承办" if role == "sole" else ProposedTask(role=role).get_role_display()
            plan = Plan(owner, OWNER, f"建议由{unit.short_name}{word}")
        known = plans.get(plan.unit.pk)
        reason = known.reason if known else ranked.reason[:200]
        plans[plan.unit.pk] = Proposal(plan, ranked.source, reason)
    return _answerable(list(plans.values()))


def _answerable(proposals: list[Proposal]) -> list[Proposal]:
    """Where an owner took the answering part, a joint unit left over has nobody to join."""
    roles = {p.plan.role for p in proposals}
    if OWNER in roles and not roles & {"sole", "lead", "separate"}:
        return [p for p in proposals if p.plan.role == OWNER]
    if roles and "joint" not in roles and "lead" in roles:
        return [
            Proposal(Plan(p.plan.unit, "sole", p.plan.content), p.source, p.reason)
            if p.plan.role == "lead"
            else p
            for p in proposals
        ]
    return proposals


@transaction.atomic
def propose_units(
    suggestion: Suggestion,
    *,
    by: Membership,
    proposals: Iterable[Proposal],
    batch: AssignmentBatch | None = None,
) -> list[ProposedTask]:
    """拟定承办单位: replaces what was proposed; a check made before is void with it."""
    _keeps(by)
    suggestion = hold(suggestion)
    if suggestion.state not in (State.REGISTERED, State.CONSULTING):
        raise NotAllowed(f"“{suggestion.get_state_display()}”状态下不能拟定承办单位")
    if batch is not None:
        batch = hold_batch(batch)
    proposals = list(proposals)
    units = [p.plan.unit.pk for p in proposals]
    if len(set(units)) != len(units):
        raise NotAllowed("同一单位只能有一种承办方式")
    direct = [p.plan.role for p in proposals if p.plan.role != OWNER]
    if direct or not proposals:
        faults = role_faults(direct)
        if faults:
            raise NotAllowed("；".join(faults))
    known = {(p.unit_id, p.role): p for p in suggestion.proposed.all()}
    suggestion.proposed.all().delete()
    rows = []
    for p in proposals:
        # What a unit has already answered stays, as long as it is asked for the same part.
        old = known.get((p.plan.unit.pk, p.plan.role))
        rows.append(
            ProposedTask(
                batch=batch,
                suggestion=suggestion,
                unit=p.plan.unit,
                role=p.plan.role,
                content=p.plan.content,
                source=p.source,
                reason=p.reason[:200],
                by=by,
                asked_at=old and old.asked_at,
                agrees=old and old.agrees,
                answer=old.answer if old else "",
                answered_by=old and old.answered_by,
            )  # fmt: skip
        )
    ProposedTask.objects.bulk_create(rows)
    audit.record(
        by, "suggestions.propose_units", suggestion, after={"单位": "、".join(str(r) for r in rows)}
    )
    return rows


@transaction.atomic
def check_units(suggestion: Suggestion, *, by: Membership) -> int:
    """The second column: another person has looked at the proposed units; gives how many."""
    _keeps(by)
    suggestion = hold(suggestion)
    rows = list(suggestion.proposed.all())
    if not rows:
        raise NotAllowed("还没有拟定承办单位")
    if any(r.by_id == by.pk for r in rows):
        raise NotAllowed("拟定和核对不能是同一人")
    suggestion.proposed.update(checked_by=by)
    audit.record(by, "suggestions.check_units", suggestion)
    return len(rows)


@transaction.atomic
def consult(suggestion: Suggestion, *, by: Membership) -> Suggestion:
    """预交办征询: the proposed units are asked whether the matter is theirs. Their answer does not
    start any clock."""
    suggestion = take(suggestion, Step.CONSULT, by)
    rows = list(suggestion.proposed.select_related("unit"))
    if not rows:
        raise NotAllowed("请先拟定承办单位")
    suggestion.save()
    suggestion.proposed.filter(asked_at=None).update(asked_at=timezone.now())
    for row in rows:
        send("suggestions/consulted", to=queries.people_of(row.unit), suggestion=suggestion,
             proposed=row, link="/desk/consultations/")  # fmt: skip
    audit.record(by, "suggestions.consult", suggestion)
    return suggestion


@transaction.atomic
def answer_consultation(
    row: ProposedTask, *, by: Membership, agrees: bool, answer: str = ""
) -> ProposedTask:
    """The unit's word before 交办; 代工委 decides all the same."""
    suggestion = hold(row.suggestion)
    row = ProposedTask.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not access.is_consulted(by, row):
        raise NotAllowed("这件建议没有征询您的单位")
    if suggestion.state != State.CONSULTING:
        raise NotAllowed("征询已经结束")
    if not agrees and not answer.strip():
        raise NotAllowed("不同意承办的，请写明理由和依据")
    row.agrees, row.answer, row.answered_by = agrees, answer.strip()[:300], by
    row.save()
    audit.record(by, "suggestions.answer_consultation", suggestion, after={"同意": agrees})
    return row


def start_hand_over(batch: AssignmentBatch, *, by: Membership) -> Job:
    """Have a whole batch handed over in the background. Gives the job; one that still waits or
    runs for this batch is given again, whoever began it."""
    _keeps(by)
    with transaction.atomic():
        batch = hold_batch(batch)
        running = Job.objects.filter(
            task=HAND_OVER, args__batch=batch.pk, done_at=None, failed_at=None
        ).first()
        return running or enqueue(
            HAND_OVER, by=by, title=f"交办“{batch.title}”",
            link=f"/admin/suggestions/batches/{batch.pk}/", batch=batch.pk,
        )  # fmt: skip


@transaction.atomic
def hand_over(
    batch: AssignmentBatch,
    *,
    by: Membership,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> int:
    """Assign the whole batch, or nothing of it; gives how many suggestions were handed over.

    Each has its units checked by a second person; one that has left the batch's state meanwhile
    (withdrawn, assigned alone) stops the batch with its number. `report` is told per cent and
    words.
    """
    _keeps(by)
    batch = hold_batch(batch)
    rows = batch.proposed.select_related("suggestion", "unit").order_by("suggestion_id", "pk")
    by_suggestion: dict[int, list[ProposedTask]] = {}
    for row in rows:
        by_suggestion.setdefault(row.suggestion_id, []).append(row)
    if not by_suggestion:
        raise NotAllowed("这一批次还没有建议")
    unchecked = [
        of[0].suggestion.number
        for of in by_suggestion.values()
        if not all(r.checked_by_id for r in of)
    ]
    if unchecked:
        raise NotAllowed(f"还有{len(unchecked)}件没有核对承办单位：{'、'.join(unchecked[:10])}")
    for n, of in enumerate(by_suggestion.values(), start=1):
        suggestion = of[0].suggestion
        report(100 * n // len(by_suggestion), f"正在交办第{n}件，共{len(by_suggestion)}件")
        try:
            assign(
                suggestion, by=by, batch=batch,
                plans=[Plan(r.unit, r.role, r.content) for r in of],
            )  # fmt: skip
        except NotAllowed as refused:
            raise NotAllowed(f"第{suggestion.number}号：{refused}") from None
    batch.state = AssignmentBatch.State.DONE
    batch.save()
    audit.record(by, "suggestions.hand_over", batch, after={"件数": len(by_suggestion)})
    return len(by_suggestion)


@transaction.atomic
def take_out_of_batch(suggestion: Suggestion, *, by: Membership) -> int:
    """A suggestion leaves a batch that was not handed over; what was proposed for it stays."""
    _keeps(by)
    suggestion = hold(suggestion)
    count = suggestion.proposed.filter(batch__state=AssignmentBatch.State.DRAFT).update(batch=None)
    audit.record(by, "suggestions.change_batch", suggestion, after={"批次": ""})
    return count
