"""交办会: units proposed, asked beforehand where the rules want it, checked by a second person,
then handed over in one go."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from notices.actions import send

from .. import access, queries
from ..models import AssignmentBatch, ProposedTask, Suggestion
from ..rules import role_faults
from .assigning import OWNER, Plan, assign
from .beats import hold, take

State, Step = Suggestion.State, Suggestion.Step
Source = ProposedTask.Source


@dataclass(frozen=True)
class Proposal:
    """A unit that is to take a suggestion, how, and what speaks for it."""

    plan: Plan
    source: str = Source.STAFF


def _keeps(by: Membership) -> None:
    if not access.may_keep(by):
        raise NotAllowed("交办由代工委办理")


@transaction.atomic
def open_batch(
    *,
    by: Membership,
    title: str,
    assigned_on: dt.date,
    meeting_on: dt.date | None = None,
    signed_on: dt.date | None = None,
    reply_due_on: dt.date | None = None,
) -> AssignmentBatch:
    """A batch for a 交办会. `reply_due_on` is the one day all are asked to answer by; the law's
    day stays beside it."""
    _keeps(by)
    if not title.strip():
        raise NotAllowed("请填写批次名称")
    if reply_due_on and reply_due_on <= assigned_on:
        raise NotAllowed("统一要求的答复日期应当晚于交办日期")
    row = AssignmentBatch.objects.create(
        title=title.strip(), assigned_on=assigned_on, meeting_on=meeting_on, signed_on=signed_on,
        reply_due_on=reply_due_on, by=by,
    )  # fmt: skip
    audit.record(by, "suggestions.open_batch", row)
    return row


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
        batch = AssignmentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.state != AssignmentBatch.State.DRAFT:
            raise NotAllowed("这一批次已经交办")
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


@transaction.atomic
def hand_over(batch: AssignmentBatch, *, by: Membership) -> int:
    """Assign the whole batch, or nothing of it; gives how many suggestions were handed over.

    Each has its units checked by a second person; one that has left the batch's state meanwhile
    (withdrawn, assigned alone) stops the batch with its number.
    """
    _keeps(by)
    batch = AssignmentBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state != AssignmentBatch.State.DRAFT:
        raise NotAllowed("这一批次已经交办")
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
    for of in by_suggestion.values():
        suggestion = of[0].suggestion
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
