"""退办 and 延期: asked by the unit, decided by the level that assigned. Neither moves the legal
date: a return gives the task to another unit with the day it had, an extension has its own."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership, Role, Unit
from congress.words import cn_date
from notices.actions import send

from .. import access, queries
from ..models import (
    Assignment,
    ExtensionApproval,
    ExtensionRequest,
    Reply,
    ReturnRequest,
    Suggestion,
)
from ..rules import (
    ASSIGNMENT_FLOW,
    GONE,
    SUGGESTION_FLOW,
    HandlingRules,
    approvers,
    extension_faults,
    joint_dates,
    return_limit,
    role_faults,
)
from .assigning import OWNER, Do, Plan, Task, hand_out
from .beats import hold, take_task
from .limits import keep_limits
from .telling import tell_deputies

# -- 退办 -------------------------------------------------------------------------------------


@transaction.atomic
def ask_return(
    task: Assignment,
    *,
    by: Membership,
    reason: str,
    explanation: str,
    legal_basis: str,
    approved_by_head: str,
    proposed_unit: Unit | None = None,
) -> ReturnRequest:
    """退办申请: in time, with reason, legal basis and the head's approval; not once a reply was
    begun."""
    task = take_task(task, Do.ASK_RETURN, by)
    if task.replies.exists():
        raise NotAllowed("已经开始拟写答复，不能再申请退办")
    if not (explanation.strip() and legal_basis.strip() and approved_by_head.strip()):
        raise NotAllowed("退办申请须写明情况、依据，并经主要负责人同意")
    rules = HandlingRules.of(task.suggestion.rule_set)
    signed_on = timezone.localdate(task.signed_at) if task.signed_at else None
    limit = return_limit(task.assigned_on, signed_on, rules, work_calendar())
    is_late = timezone.localdate() > limit.due_on
    if is_late and not rules.allows_late_return:
        raise NotAllowed(f"退办申请应在{cn_date(limit.due_on)}前提出，期限已过，请继续办理")
    task.returns += 1
    task.save()
    row = ReturnRequest.objects.create(
        assignment=task, reason=reason, explanation=explanation.strip(),
        legal_basis=legal_basis.strip(), approved_by_head=approved_by_head.strip(),
        proposed_unit=proposed_unit, asked_by=by, is_late=is_late,
    )  # fmt: skip
    keep_limits([task.suggestion_id])
    if task.parent_id and not access.was_returned(task.suggestion):
        to, link = queries.people_of(task.parent.unit), f"/desk/tasks/{task.pk}/"
    else:
        to, link = queries.keepers(), f"/admin/suggestions/rulings/returns/{row.pk}/"
    send("suggestions/return_asked", to=to, task=task, request=row, suggestion=task.suggestion,
         link=link)  # fmt: skip
    audit.record(by, "suggestions.ask_return", task, note=explanation.strip())
    return row


@transaction.atomic
def decide_return(
    row: ReturnRequest, *, by: Membership, accept: bool, decision: str, plan: Plan | None = None
) -> ReturnRequest:
    """The level that assigned decides; once the suggestion was returned before, 代工委 rules at
    either level. Accepted, another unit takes the task over with the same legal date; refused,
    the unit goes on."""
    if not decision.strip():
        raise NotAllowed("请写明决定的理由")
    if accept and plan is None:
        raise NotAllowed("同意退办的，请同时确定改由哪个单位办理")
    task = take_task(row.assignment, Do.ACCEPT_RETURN if accept else Do.REFUSE_RETURN, by)
    row = ReturnRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.accepted is not None:
        raise NotAllowed("这项退办申请已经作出决定")
    if accept and not access.may_keep(by) and access.was_returned(task.suggestion):
        raise NotAllowed("这件建议已退办过一次，再次退办须由代工委裁定")
    if accept:
        _fits(task, plan)
    task.save()
    row.accepted, row.decided_by, row.decided_at = accept, by, timezone.now()
    row.decision = decision.strip()
    row.save()
    if accept:
        row.new_assignment = hand_out(
            task.suggestion, [plan], by, timezone.localdate(), task.parent, task.batch
        )[0]
        restate(task.suggestion)
    row.save()
    keep_limits([task.suggestion_id])
    words = {"task": task, "request": row}
    send("suggestions/return_decided", to=[row.asked_by], suggestion=task.suggestion,
         link=f"/desk/tasks/{task.pk}/", **words)  # fmt: skip
    if accept:
        tell_deputies("suggestions/return_decided", task.suggestion, **words)
    audit.record(by, "suggestions.decide_return", task, note=decision.strip(),
                 after={"同意": accept})  # fmt: skip
    return row


def _fits(task: Assignment, plan: Plan) -> None:
    """Whether the unit may take the task's place beside those that stand at the same level."""
    others = task.suggestion.assignments.exclude(state__in=GONE).exclude(pk=task.pk)
    if others.filter(unit=plan.unit).exists() or plan.unit.pk == task.unit_id:
        raise NotAllowed(f"{plan.unit.name}已在承办这件建议，请改由其他单位")
    if task.parent_id and plan.role == OWNER:
        raise NotAllowed("改办时请确定独办、主办、会办或者分办单位")
    beside = others.filter(parent=task.parent_id).exclude(role=OWNER)
    roles = [*beside.values_list("role", flat=True), plan.role]
    faults = [] if plan.role == OWNER else role_faults(roles)
    if faults:
        raise NotAllowed("；".join(faults))


def restate(suggestion: Suggestion) -> None:
    """After a task went to another unit: an owner who has yet to hand on sets the suggestion back
    to 已交办; a unit that handles itself, where no owner waits, sets it to work."""
    suggestion = hold(suggestion)
    State, Step = Suggestion.State, Suggestion.Step
    waiting = suggestion.assignments.filter(role=OWNER, children=None).exclude(state__in=GONE)
    step = {(State.HANDLING, True): Step.REOPEN, (State.ASSIGNED, False): Step.ASSIGN_ON}.get(
        (suggestion.state, waiting.exists())
    )
    if step is not None:
        suggestion.state = SUGGESTION_FLOW.after(suggestion.state, step)
        suggestion.save()


# -- 延期 -------------------------------------------------------------------------------------


@transaction.atomic
def ask_extension(
    task: Assignment,
    *,
    by: Membership,
    reason: str,
    progress: str,
    to_on: dt.date,
    deputy_told_on: dt.date | None = None,
) -> ExtensionRequest:
    """延期申请, before the limit and within six months from 交办 (代表法 art. 51). Where the rules
    name no approver the law's own longer time is simply taken, with its reason."""
    task = take_task(task, Do.ASK_EXTENSION, by)
    rules = task.suggestion.rule_set
    if not progress.strip():
        raise NotAllowed("请写明已办情况和不能按期答复的原因")
    faults = extension_faults(
        asked_on=timezone.localdate(),
        to_on=to_on,
        assigned_on=task.suggestion.assigned_on,
        current_due_on=task.extended_to or task.legal_due_on,
        rules=HandlingRules.of(rules),
        calendar=work_calendar(),
        granted=task.extension_requests.filter(granted=True).count(),
    )
    if faults:
        raise NotAllowed("；".join(faults))
    task.save()
    row = ExtensionRequest.objects.create(
        assignment=task, reason=reason, progress=progress.strip(), to_on=to_on,
        deputy_told_on=deputy_told_on, asked_by=by,
    )  # fmt: skip
    audit.record(by, "suggestions.ask_extension", task, after={"延期至": to_on},
                 note=progress.strip())  # fmt: skip
    if not rules.extension_approvers:
        return _grant(row, task, by)
    _ask_approvers(row, task)
    return row


def _ask_approvers(row: ExtensionRequest, task: Assignment) -> None:
    """Whose word is wanted, each at the page where it is said."""
    roles = approvers(task.suggestion.rule_set.extension_approvers, access.has_office(task))
    words = {"task": task, "request": row, "suggestion": task.suggestion}
    if Role.DEPUTY_AFFAIRS in roles:
        send("suggestions/extension_asked", to=queries.keepers(),
             link=f"/admin/suggestions/rulings/extensions/{row.pk}/", **words)  # fmt: skip
    if Role.GOVERNMENT_OFFICE in roles:
        send("suggestions/extension_asked", to=queries.people_of(task.parent.unit),
             link=f"/desk/tasks/{task.pk}/", **words)  # fmt: skip


@transaction.atomic
def decide_extension(
    row: ExtensionRequest, *, by: Membership, agrees: bool, note: str = ""
) -> ExtensionRequest:
    """One approver's word; granted when every approver the rules name has agreed, refused with
    the first who does not. What is granted after the limit is over makes nothing timely."""
    suggestion = hold(row.assignment.suggestion)
    row = ExtensionRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
    task = Assignment.objects.select_for_update(of=("self",)).select_related(
        "unit", "parent__unit", "suggestion__rule_set").get(pk=row.assignment_id)  # fmt: skip
    if row.granted is not None:
        raise NotAllowed("这项延期申请已经作出决定")
    wanted = approvers(suggestion.rule_set.extension_approvers, access.has_office(task))
    if not access.may_approve(by, task):
        raise NotAllowed("这项延期不由您批准")
    if row.approvals.filter(role=by.role).exists():
        raise NotAllowed("您的单位已经表示过意见，正在等待其他机构批准")
    if not agrees and not note.strip():
        raise NotAllowed("不同意延期的，请写明理由")
    ExtensionApproval.objects.create(
        request=row, role=by.role, agrees=agrees, note=note.strip(), by=by
    )
    audit.record(by, "suggestions.decide_extension", task, after={"同意": agrees}, note=note)
    given = set(row.approvals.filter(agrees=True).values_list("role", flat=True))
    if agrees and set(wanted) <= given:
        return _grant(row, task, by)
    if not agrees:
        task.state = _back_to_work(task, Do.REFUSE_EXTENSION)
        task.save()
        row.granted, row.decided_at, row.decision = False, timezone.now(), note.strip()
        row.save()
        send("suggestions/extension_decided", to=[row.asked_by], task=task, request=row,
             suggestion=suggestion, link=f"/desk/tasks/{task.pk}/")  # fmt: skip
    return row


def _back_to_work(task: Assignment, step: Do) -> Task:
    """Where the unit goes on: at its draft where it had begun one."""
    state = ASSIGNMENT_FLOW.after(task.state, step)
    if task.replies.filter(round=task.suggestion.round, state=Reply.State.DRAFT).exists():
        return ASSIGNMENT_FLOW.after(state, Do.DRAFT_REPLY)
    return state


def _grant(row: ExtensionRequest, task: Assignment, by: Membership) -> ExtensionRequest:
    task.state = _back_to_work(task, Do.GRANT_EXTENSION)
    task.extended_to = row.to_on
    task.working = [*task.working, f"经批准延期至{cn_date(row.to_on)}。"]
    task.save()
    row.granted, row.decided_at = True, timezone.now()
    row.save()
    _move_joint(task)
    keep_limits([task.suggestion_id])
    words = {"task": task, "request": row}
    send("suggestions/extension_decided", to=[row.asked_by], suggestion=task.suggestion,
         link=f"/desk/tasks/{task.pk}/", **words)  # fmt: skip
    tell_deputies("suggestions/extension_decided", task.suggestion, **words)
    return row


def _move_joint(task: Assignment) -> None:
    """Where joint opinions are due so long before the lead's limit, they move with it."""
    if task.role != Assignment.Role.LEAD:
        return
    joint = task.suggestion.assignments.filter(role=Assignment.Role.JOINT).select_related("unit")
    for other in joint.exclude(state__in=[Task.RETURNED, Task.CANCELLED, Task.DONE]):
        _move(other, task.extended_to)


def suit_joint(joint: Assignment) -> None:
    """A joint unit that comes in after the lead's limit was moved has the day that goes with it."""
    lead = joint.suggestion.assignments.filter(
        role=Assignment.Role.LEAD, parent=joint.parent, extended_to__isnull=False
    ).exclude(state__in=GONE)
    if joint.role == Assignment.Role.JOINT and (found := lead.first()):
        _move(joint, found.extended_to)


def _move(joint: Assignment, lead_due_on: dt.date) -> None:
    rules = HandlingRules.of(joint.suggestion.rule_set)
    if rules.joint_limit != "before":
        return
    dates = joint_dates(joint.suggestion.assigned_on, rules, work_calendar(), lead_due_on)
    joint.legal_due_on, joint.working = dates.legal, [*joint.working, *dates.working]
    joint.save()
