"""答复: drafted, countersigned, signed off, checked, served; then the deputies are asked."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership
from deputies.models import Deputy
from notices.actions import send

from .. import access, queries
from ..models import (
    Assignment,
    Feedback,
    Promise,
    Reply,
    ReplyPoint,
    ResultClass,
    RuleSet,
    Service,
)
from ..rules import (
    ASSIGNMENT_FLOW,
    GIVEN,
    GONE,
    HandlingRules,
    feedback_limit,
    reply_faults,
    signer_fault,
)
from .beats import hold, settle, take_task
from .limits import keep_limits
from .talking import NO_HEAD, has_talked
from .telling import tell_units

Task, Do = Assignment.State, Assignment.Step


@dataclass(frozen=True)
class Pledge:
    """A promise as it stands in a reply."""

    content: str
    criterion: str
    responsible: str
    due_on: dt.date


@transaction.atomic
def draft_reply(
    task: Assignment,
    *,
    by: Membership,
    text: str,
    result_class: ResultClass | None,
    points: Mapping[int, str] | None = None,
    promises: Iterable[Pledge] = (),
    **more: Any,
) -> Reply:
    """Write or rewrite the reply of this round. `points` answers the numbered requests; `more`:
    document_number, reason_code, publicity, signer, signed_in_name_of, contact_person,
    contact_phone. A served reply is never touched: a new round has its own."""
    task = take_task(task, Do.DRAFT_REPLY, by)
    rules = task.suggestion.rule_set
    if result_class is not None and result_class.rule_set_id != rules.pk:
        raise NotAllowed("这个结果类别不属于本件适用的办理规则")
    task.save()
    number = task.suggestion.round
    _drop_drafts(task, number)
    last = task.replies.filter(round=number).aggregate(n=Max("version"))["n"] or 0
    row = Reply.objects.create(
        assignment=task, round=number, version=last + 1, text=text, result_class=result_class,
        written_by=by, **more,
    )  # fmt: skip
    ReplyPoint.objects.bulk_create(
        ReplyPoint(reply=row, number=n, answer=words)
        for n, words in sorted((points or {}).items())
        if words.strip()
    )
    Promise.objects.bulk_create(
        Promise(
            reply=row, suggestion=task.suggestion, unit=task.unit, number=n, content=p.content,
            criterion=p.criterion, responsible=p.responsible, due_on=p.due_on,
        )
        for n, p in enumerate(promises, start=1)
    )  # fmt: skip
    audit.record(by, "suggestions.draft_reply", task, after={"稿次": row.version})
    return row


def _drop_drafts(task: Assignment, number: int) -> None:
    """What was drafted before is none any more; who had signed it has to sign the new one."""
    open_ones = ["draft", "signed_off", "checked"]
    drafts = task.replies.filter(round=number, state__in=open_ones)
    copies = Reply.objects.filter(joint_of__in=drafts, state=Reply.State.SIGNED_OFF)
    for copy in copies.select_related("assignment"):
        other = copy.assignment
        other.state = ASSIGNMENT_FLOW.after(other.state, Do.DRAFT_REPLY)
        other.save()
        copy.state = Reply.State.DROPPED
        copy.save()
    drafts.update(state=Reply.State.DROPPED)


@transaction.atomic
def countersign(
    task: Assignment,
    *,
    by: Membership,
    version: int,
    signer: str,
    document_number: str = "",
    signer_rank: str = "",
) -> Reply:
    """会签: another unit that leads agrees to what one drafted (`version`, as it was read) and
    signs it under its own number; the one who drafted serves it for all."""
    if not signer.strip():
        raise NotAllowed("请填写签发人")
    task = take_task(task, Do.DRAFT_REPLY, by)
    if fault := signer_fault(signer_rank, task.suggestion.rule_set.signer_min_rank):
        raise NotAllowed(fault)
    draft = queries.draft_to_sign(task)
    if draft is None:
        raise NotAllowed("其他主办单位还没有需要会签的答复稿")
    if draft.version != version:
        raise NotAllowed("答复稿刚刚有改动，请重新阅读后会签")
    task.state = ASSIGNMENT_FLOW.after(task.state, Do.SIGN_OFF)
    task.save()
    _drop_drafts(task, draft.round)
    last = task.replies.filter(round=draft.round).aggregate(n=Max("version"))["n"] or 0
    row = Reply.objects.create(
        assignment=task, round=draft.round, version=last + 1, state=Reply.State.SIGNED_OFF,
        joint_of=draft, text=draft.text, result_class=draft.result_class,
        reason_code=draft.reason_code, publicity=draft.publicity, signer=signer.strip(),
        signer_rank=signer_rank,
        document_number=document_number.strip(), contact_person=draft.contact_person,
        contact_phone=draft.contact_phone, written_by=by, signed_off_by=by,
        signed_off_at=timezone.now(),
    )  # fmt: skip
    ReplyPoint.objects.bulk_create(
        ReplyPoint(reply=row, number=p.number, answer=p.answer, result_class=p.result_class)
        for p in draft.points.all()
    )
    tell_units("suggestions/countersigned", [draft.assignment], task=task)
    audit.record(by, "suggestions.countersign", task, after={"签发人": row.signer})
    return row


def faults_of(reply: Reply) -> list[str]:
    """What keeps this reply from being signed off, in sentences."""
    task, suggestion = reply.assignment, reply.assignment.suggestion
    joint = [t for t in queries.tasks(suggestion) if t.role == Assignment.Role.JOINT]
    chosen = reply.result_class
    return reply_faults(
        round_number=reply.round,
        talked=suggestion.is_received or has_talked(task),
        joint=joint if task.role == Assignment.Role.LEAD else [],
        has_class=chosen is not None,
        needs_promise=bool(chosen and chosen.needs_promise),
        promises=reply.promises.filter(due_on__gt=timezone.localdate()).count(),
        needs_reason=bool(chosen and chosen.needs_reason),
        reason=reply.reason_code,
        publicity=reply.publicity,
        points_asked=len([r for r in suggestion.requests if r.strip()]),
        points_answered=reply.points.count(),
        text=reply.text,
        signed_in_name_of=reply.signed_in_name_of,
        unit_name=task.unit_name,
        key_signer_allowed=suggestion.is_key,
        unsigned_leads=[] if reply.joint_of_id else _unsigned(task, reply),
    )


def _unsigned(task: Assignment, reply: Reply) -> list[str]:
    signed = {r.assignment_id for r in reply.signed_together}
    return [t.unit_name for t in queries.leads_beside(task) if t.pk not in signed]


def _present(task: Assignment, *states: str) -> Reply:
    row = (
        task.replies.select_for_update(of=("self",))
        .filter(round=task.suggestion.round, state__in=states)
        .order_by("-version")
        .first()
    )
    if row is None:
        raise NotAllowed("还没有可以办理的答复稿")
    return row


def is_drafter_alone(reply: Reply, by: Membership) -> bool:
    """Whether it is another person of the unit who has to sign this draft off."""
    task = reply.assignment
    if not task.suggestion.rule_set.signs_apart or reply.written_by.user_id != by.user_id:
        return False
    return any(p.user_id != by.user_id for p in queries.people_of(task.unit))


@transaction.atomic
def sign_off(task: Assignment, *, by: Membership, signer: str, signer_rank: str = "") -> Reply:
    """签发 by the unit's head, of the rank the rules ask for; everything a reply must have is
    there. Where the rules say so and the unit has two people, who wrote the draft does not sign
    it off."""
    task = take_task(task, Do.SIGN_OFF, by)
    row = _present(task, Reply.State.DRAFT)
    if is_drafter_alone(row, by):
        raise NotAllowed("拟稿人不能签发自己拟的答复，请本单位另一位同事签发")
    row.signer, row.signer_rank = signer.strip(), signer_rank
    faults = faults_of(row)
    if fault := signer_fault(signer_rank, task.suggestion.rule_set.signer_min_rank):
        faults.append(fault)
    if not row.signer:
        faults.append("请填写签发人")
    if faults:
        raise NotAllowed("；".join(faults))
    task.save()
    row.state, row.signed_off_by, row.signed_off_at = Reply.State.SIGNED_OFF, by, timezone.now()
    row.save()
    audit.record(by, "suggestions.sign_off", task, after={"签发人": row.signer})
    return row


@transaction.atomic
def send_to_check(task: Assignment, *, by: Membership) -> Reply:
    """送预审, where the rules ask for it, of every reply or of those that say no: to the
    government office for what it assigned on, where it is the one named; otherwise to 代工委."""
    task = take_task(task, Do.CHECK, by)
    who = task.suggestion.rule_set.reply_precheck
    row = _present(task, Reply.State.SIGNED_OFF)
    if not queries.is_checked_first(row):
        raise NotAllowed("本件适用的办理规则不要求预审，签发后直接送达")
    task.save()
    to, link = queries.keepers(), f"/admin/suggestions/replies/{task.pk}/check/"
    if who == RuleSet.Precheck.GOVERNMENT_OFFICE and access.has_office(task):
        to, link = queries.people_of(task.parent.unit), f"/desk/tasks/{task.pk}/check/"
    send("suggestions/to_check", to=to, task=task, suggestion=task.suggestion, link=link)
    audit.record(by, "suggestions.send_to_check", task)
    return row


@transaction.atomic
def check_reply(task: Assignment, *, by: Membership, passes: bool, note: str = "") -> Reply:
    """预审 by the body the rules name (`access.may_check`), never by the unit itself."""
    hold(task.suggestion)
    task = Assignment.objects.select_for_update(of=("self",)).select_related(
        "suggestion__rule_set", "unit", "parent__unit").get(pk=task.pk)  # fmt: skip
    state = ASSIGNMENT_FLOW.after(task.state, Do.PASS_CHECK if passes else Do.FAIL_CHECK)
    if not access.may_check(by, task):
        raise NotAllowed("这份答复不由您预审")
    if not passes and not note.strip():
        raise NotAllowed("请写明退回的原因")
    row = _present(task, Reply.State.SIGNED_OFF)
    row.state = Reply.State.CHECKED if passes else Reply.State.DROPPED
    row.checked_by = by
    row.save()
    task.state = state
    task.save()
    tell_units("suggestions/checked", [task], passes=passes, note=note)
    audit.record(by, "suggestions.check_reply", task, after={"通过": passes}, note=note)
    return row


@transaction.atomic
def serve(
    task: Assignment, *, by: Membership, served: Mapping[Deputy | None, tuple[str, dt.date]]
) -> Reply:
    """送达: to each deputy who is to be answered, how and when; the last one is the day that is
    judged. What a higher congress sent is answered to the sender, written as None. Oral answers
    and interim letters are not served here."""
    task = take_task(task, Do.SERVE, by)
    row = _present(task, Reply.State.SIGNED_OFF, Reply.State.CHECKED)
    if row.state != Reply.State.CHECKED and not row.joint_of_id and queries.is_checked_first(row):
        raise NotAllowed("这份答复须先送预审，通过后才能送达")
    if row.joint_of_id:
        raise NotAllowed(f"联合答复由{row.joint_of.assignment.unit_name}送达")
    if unsigned := _unsigned(task, row):
        raise NotAllowed(f"共同主办的须联合答复，还没有会签：{'、'.join(unsigned)}")
    received = task.suggestion.is_received
    to = [None] if received else answered_deputies(task)
    if not to:
        raise NotAllowed(NO_HEAD)
    missing = [d.name if d else task.suggestion.received.sender for d in to if d not in served]
    if missing:
        raise NotAllowed(f"还没有填写送达情况：{'、'.join(missing)}")
    today = timezone.localdate()
    if any(on > today for _, on in served.values()):
        raise NotAllowed("送达日期不能晚于今天")
    if any(on < task.suggestion.assigned_on for _, on in served.values()):
        raise NotAllowed("送达日期不能早于交办日期")
    together = [(row, task)]
    for copy in row.signed_together:
        other = copy.assignment
        other.state = ASSIGNMENT_FLOW.after(other.state, Do.SERVE)
        together.append((copy, other))
    group = None if task.suggestion.lead_id else task.suggestion.delegation
    for each, unit in together:
        unit.save()
        each.state = Reply.State.SERVED
        each.save()
        Service.objects.bulk_create(
            Service(reply=each, deputy=d, delegation=group, mode=mode, served_on=on, by=by)
            for d, (mode, on) in served.items()
        )
        if not received:  # its deputies judge where they raised it
            _expect_feedback(each, unit, served)
    settle(task.suggestion, by=by)
    keep_limits([task.suggestion_id])
    send("suggestions/answered", to=[d.membership for d in served if d and d.membership_id],
         suggestion=task.suggestion, unit=task.unit_name,
         link=f"/me/suggestions/{task.suggestion_id}/")  # fmt: skip
    audit.record(
        by, "suggestions.serve", task,
        after={"类别": row.result_class.mark, "送达": str(max(on for _, on in served.values()))},
    )  # fmt: skip
    return row


def answered_deputies(task: Assignment) -> list[Deputy]:
    """Who is to be answered: each signer, or the lead alone where the rules say so; a delegation
    through its head."""
    found = queries.speakers(task.suggestion)
    if task.suggestion.rule_set.answers_to == RuleSet.Answer.LEAD:
        return found[:1]
    return found


def _waived() -> Q:
    """Joint units that were not waited for and gave no opinion: there is nothing to judge."""
    return Q(waivers__isnull=False) & ~Q(state__in=GIVEN)


def _expect_feedback(reply: Reply, task: Assignment, served: Mapping) -> None:
    """One judgement is expected of each deputy on each unit, joint ones too; who works in the unit
    judges it as the others do, and the word is marked."""
    suggestion, rules = task.suggestion, task.suggestion.rule_set
    people = queries.speakers(suggestion)
    if rules.feedback_from == RuleSet.FeedbackFrom.LEAD:
        people = people[:1]
    judged = [task]
    if task.role == Assignment.Role.LEAD:
        joint = suggestion.assignments.filter(role=Assignment.Role.JOINT)
        judged += list(joint.exclude(state__in=GONE).exclude(_waived()).select_related("unit"))
    last = max(on for _, on in served.values())
    calendar, numbers = work_calendar(), HandlingRules.of(rules)
    pairs = queries.working_in(people, [unit.unit for unit in judged])
    Feedback.objects.bulk_create(
        [
            Feedback(
                suggestion=suggestion, assignment=unit, reply=reply if unit == task else None,
                deputy=d, round=suggestion.round,
                due_on=feedback_limit(served.get(d, ("", last))[1], numbers, calendar).due_on,
                has_conflict=(d.pk, unit.unit_id) in pairs,
            )
            for unit in judged
            for d in people
        ],
        ignore_conflicts=True,
    )  # fmt: skip
