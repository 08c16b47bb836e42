"""交办会: units proposed, asked beforehand where the rules want it, checked by a second person,
then handed over in one go."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Unit
from notices.actions import send

from .. import access, queries
from ..models import AssignmentBatch, ProposedTask, Suggestion
from ..rules import role_faults
from ..rules.proposing import Ranked, division
from .assigning import OWNER, Plan
from .beats import hold, hold_each, take

State, Step = Suggestion.State, Suggestion.Step
Source = ProposedTask.Source


@dataclass(frozen=True)
class Proposal:
    """A unit that is to take a suggestion, how, and what speaks for it."""

    plan: Plan
    source: str = Source.STAFF
    reason: str = ""


def need_keeper(by: Membership) -> None:
    """Raises NotAllowed for anybody but 代工委."""
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
    need_keeper(by)
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
    need_keeper(by)
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
    need_keeper(by)
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
    need_keeper(by)
    batch = hold_batch(batch)
    rows = hold_each(suggestions)
    for suggestion in rows:
        if suggestion.state not in (State.REGISTERED, State.CONSULTING):
            raise NotAllowed(f"第{suggestion.number}号已不在待交办的建议中")
    _of_one_kind(batch, rows)
    known: dict[int, list[ProposedTask]] = {}
    for task in ProposedTask.objects.filter(suggestion__in=rows).select_related("batch"):
        known.setdefault(task.suggestion_id, []).append(task)
    for suggestion in rows:
        others = [
            p.batch for p in known.get(suggestion.pk, ()) if p.batch_id not in (None, batch.pk)
        ]
        if any(other.state == AssignmentBatch.State.DRAFT for other in others):
            raise NotAllowed(f"第{suggestion.number}号已放入另一批次")
    ProposedTask.objects.filter(suggestion__in=list(known)).update(batch=batch)
    found = _suggested_for([s for s in rows if s.pk not in known], through_owners)
    proposed = {s.pk: _tasks(s, found[s.pk], by, batch) for s in rows if found.get(s.pk)}
    ProposedTask.objects.bulk_create(t for tasks in proposed.values() for t in tasks)
    taken = [s for s in rows if s.pk in known or s.pk in proposed]
    audit.record_each(
        by,
        [
            audit.Done("suggestions.change_batch", s, after={"批次": batch.title})
            if s.pk in known
            else _proposed(s, proposed[s.pk])
            for s in taken
        ],
    )
    return taken, [s for s in rows if s.pk not in known and s.pk not in proposed]


def _of_one_kind(batch: AssignmentBatch, rows: Iterable[Suggestion]) -> None:
    """What a higher congress sent has letters of its own: another ground, another day, another
    addressee of the reply."""
    there = Suggestion.objects.filter(proposed__batch=batch).values_list("channel", flat=True)
    kinds = {channel == Suggestion.Channel.ABOVE for channel in there.distinct()}
    if len(kinds | {row.is_received for row in rows}) > 1:
        raise NotAllowed("上级转来的建议和本级代表的建议，请分别建立批次交办")


def suggested(suggestion: Suggestion, *, through_owners: bool = False) -> list[Proposal]:
    """The division of work that speaks for itself; [] where nothing does."""
    found = {suggestion.pk: queries.candidates_of(suggestion)}
    return _divided(found, through_owners)[suggestion.pk]


def _suggested_for(rows: list[Suggestion], through_owners: bool) -> dict[int, list[Proposal]]:
    """The same for many, by their ids; the number of queries does not grow with them."""
    return _divided(queries.candidates_for(rows), through_owners) if rows else {}


def _divided(
    found: Mapping[int, list[queries.Candidate]], through_owners: bool
) -> dict[int, list[Proposal]]:
    units = {c.unit.pk: c.unit for candidates in found.values() for c in candidates}
    parts = {
        pk: [(units[r.unit], role, r) for r, role in division([c.ranked for c in candidates])]
        for pk, candidates in found.items()
    }
    asked = {u.pk: u for rows in parts.values() for u, *_ in rows}
    owners = queries.owners_of(asked.values()) if through_owners else {}
    return {pk: _proposals(rows, owners) for pk, rows in parts.items()}


def _proposals(parts: list[tuple[Unit, str, Ranked]], owners: Mapping[int, Unit]) -> list[Proposal]:
    """Units with their parts as proposals, under their owners where these are named."""
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


def _fit_together(proposals: list[Proposal]) -> None:
    units = [p.plan.unit.pk for p in proposals]
    if len(set(units)) != len(units):
        raise NotAllowed("同一单位只能有一种承办方式")
    direct = [p.plan.role for p in proposals if p.plan.role != OWNER]
    if direct or not proposals:
        faults = role_faults(direct)
        if faults:
            raise NotAllowed("；".join(faults))


def _tasks(
    suggestion: Suggestion,
    proposals: list[Proposal],
    by: Membership,
    batch: AssignmentBatch | None,
    known: Mapping[tuple[int, str], ProposedTask] = MappingProxyType({}),
) -> list[ProposedTask]:
    """The rows of what is proposed, not saved. What a unit has already answered (`known`) stays,
    as long as it is asked for the same part."""
    _fit_together(proposals)
    rows = []
    for p in proposals:
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
    return rows


def _proposed(suggestion: Suggestion, rows: list[ProposedTask]) -> audit.Done:
    units = "、".join(str(r) for r in rows)
    return audit.Done("suggestions.propose_units", suggestion, after={"单位": units})


@transaction.atomic
def propose_units(
    suggestion: Suggestion,
    *,
    by: Membership,
    proposals: Iterable[Proposal],
    batch: AssignmentBatch | None = None,
) -> list[ProposedTask]:
    """拟定承办单位: replaces what was proposed; a check made before is void with it."""
    need_keeper(by)
    suggestion = hold(suggestion)
    if suggestion.state not in (State.REGISTERED, State.CONSULTING):
        raise NotAllowed(f"“{suggestion.get_state_display()}”状态下不能拟定承办单位")
    if batch is not None:
        batch = hold_batch(batch)
        _of_one_kind(batch, [suggestion])
    proposals = list(proposals)
    _fit_together(proposals)
    known = {(p.unit_id, p.role): p for p in suggestion.proposed.all()}
    suggestion.proposed.all().delete()
    rows = _tasks(suggestion, proposals, by, batch, known)
    ProposedTask.objects.bulk_create(rows)
    audit.record_each(by, [_proposed(suggestion, rows)])
    return rows


def check_units(suggestion: Suggestion, *, by: Membership) -> int:
    """The second column: another person has looked at the proposed units; gives how many."""
    return check_each([suggestion], by=by)


@transaction.atomic
def check_each(suggestions: Iterable[Suggestion], *, by: Membership) -> int:
    """The same for many, or for none of them: those that cannot be are named. Gives how many units
    were looked at; a constant number of queries."""
    need_keeper(by)
    held = hold_each(suggestions)
    rows: dict[int, list[ProposedTask]] = {s.pk: [] for s in held}
    for task in ProposedTask.objects.filter(suggestion__in=held):
        rows[task.suggestion_id].append(task)
    if empty := [s for s in held if not rows[s.pk]]:
        raise NotAllowed(f"{_numbers(empty)}还没有拟定承办单位")
    if own := [s for s in held if any(r.by_id == by.pk for r in rows[s.pk])]:
        raise NotAllowed(f"拟定和核对不能是同一人：{_numbers(own)}")
    ProposedTask.objects.filter(suggestion__in=held).update(checked_by=by)
    audit.record_each(by, [audit.Done("suggestions.check_units", s) for s in held])
    return sum(map(len, rows.values()))


def _numbers(suggestions: list[Suggestion]) -> str:
    return "第" + "、".join(s.number for s in suggestions[:10]) + "号"


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
def take_out_of_batch(suggestion: Suggestion, *, by: Membership) -> int:
    """A suggestion leaves a batch that was not handed over; what was proposed for it stays."""
    need_keeper(by)
    suggestion = hold(suggestion)
    count = suggestion.proposed.filter(batch__state=AssignmentBatch.State.DRAFT).update(batch=None)
    audit.record(by, "suggestions.change_batch", suggestion, after={"批次": ""})
    return count
