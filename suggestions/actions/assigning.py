"""交办 at two levels, 签收, 退办, 延期. The legal date is set once, by the first 交办."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership, Role, Unit
from congress.words import cn_date
from deadlines.actions import cancel, meet, set_deadline
from deadlines.rules import Limit
from deadlines.rules import Unit as LimitUnit
from notices.actions import send

from .. import access, queries
from ..models import (
    Assignment,
    AssignmentBatch,
    ExtensionApproval,
    ExtensionRequest,
    ReturnRequest,
    Suggestion,
)
from ..rules import (
    ASSIGNMENT_FLOW,
    GONE,
    SUGGESTION_FLOW,
    Dates,
    HandlingRules,
    extension_faults,
    joint_dates,
    reply_dates,
    return_limit,
    role_faults,
)
from .beats import hold, settle, take, take_task

State, Step = Suggestion.State, Suggestion.Step
Task, Do = Assignment.State, Assignment.Step
OWNER = Assignment.Role.OWNER
REPLY = "suggestions.reply"  # the kind of deadline a unit is reminded of


@dataclass(frozen=True)
class Plan:
    """One unit in a division of work: how it takes part, and in what."""

    unit: Unit
    role: str
    content: str = ""
    has_conflict: bool = False


@transaction.atomic
def assign(
    suggestion: Suggestion,
    *,
    by: Membership,
    plans: Iterable[Plan],
    assigned_on: dt.date | None = None,
    batch: AssignmentBatch | None = None,
) -> Suggestion:
    """交办 at the first level: to owners who hand on, or to units that handle themselves.

    From `assigned_on` the law counts (代表法 art. 51), whatever happens afterwards; the rules in
    force that day are frozen on the suggestion.
    """
    plans = list(plans)
    today = timezone.localdate()
    assigned_on = assigned_on or (batch.assigned_on if batch else today)
    suggestion = take(suggestion, Step.ASSIGN, by)
    if assigned_on > today:
        raise NotAllowed("交办日期不能晚于今天")
    if suggestion.registered_at and assigned_on < timezone.localdate(suggestion.registered_at):
        raise NotAllowed("交办日期不能早于登记日期")
    rules = queries.rules_in_force(assigned_on)
    if rules is None:
        raise NotAllowed("交办当日没有施行中的办理规则")
    direct = [p.role for p in plans if p.role != OWNER]
    if direct or not plans:
        _refuse(role_faults(direct))
    _one_row_per_unit(plans)
    suggestion.assigned_on, suggestion.rule_set = assigned_on, rules
    if all(p.role != OWNER for p in plans):
        suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.ASSIGN_ON)
    suggestion.save()
    _hand_out(suggestion, plans, by, assigned_on, None, batch)
    audit.record(
        by, "suggestions.assign", suggestion,
        after={"交办日期": assigned_on, "单位": "、".join(str(p.unit) for p in plans)},
    )  # fmt: skip
    told = [d.membership for d in queries.signers(suggestion) if d.membership_id]
    send("suggestions/assigned", to=told, suggestion=suggestion,
         link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    return suggestion


def _refuse(faults: list[str]) -> None:
    if faults:
        raise NotAllowed("；".join(faults))


def _one_row_per_unit(plans: list[Plan]) -> None:
    if len({p.unit.pk for p in plans}) != len(plans):
        raise NotAllowed("同一单位只能有一种承办方式")


def _hand_out(
    suggestion: Suggestion,
    plans: list[Plan],
    by: Membership,
    on: dt.date,
    parent: Assignment | None,
    batch: AssignmentBatch | None,
) -> list[Assignment]:
    """Write the tasks of one level and tell their units. Dates count from the suggestion's own
    交办, never from this one."""
    calendar, rules = work_calendar(), HandlingRules.of(suggestion.rule_set)
    batch_due = batch.reply_due_on if batch else parent.batch_due_on if parent else None
    reply = reply_dates(suggestion.assigned_on, rules, calendar, batch_due)
    made = []
    for plan in plans:
        dates = reply
        if plan.role == Assignment.Role.JOINT:
            dates = joint_dates(suggestion.assigned_on, rules, calendar, reply.effective)
        task = Assignment.objects.create(
            suggestion=suggestion, parent=parent, batch=batch or (parent.batch if parent else None),
            unit=plan.unit, unit_name=plan.unit.name, role=plan.role, content=plan.content,
            assigned_on=on, legal_due_on=dates.legal, batch_due_on=dates.batch,
            internal_due_on=dates.internal, working=list(dates.working),
            deputies_conflict=plan.has_conflict, by=by,
        )  # fmt: skip
        remind_of(task, dates, by)
        people = queries.people_of(plan.unit)
        send("suggestions/task", to=people, task=task, suggestion=suggestion,
             link=f"/desk/tasks/{task.pk}/")  # fmt: skip
        made.append(task)
    return made


def remind_of(task: Assignment, dates: Dates, by: Membership) -> None:
    """Set (or move) the time limit the unit's people are reminded of."""
    set_deadline(
        REPLY, task, by=by, members=queries.people_of(task.unit),
        what=f"办理{task.suggestion.number}号建议（{task.get_role_display()}）",
        limit=Limit(LimitUnit.FIXED, on=dates.effective, law="代表法第五十一条"),
        start_on=task.assigned_on, link=f"/desk/tasks/{task.pk}/",
    )  # fmt: skip


@transaction.atomic
def assign_on(
    owner: Assignment, *, by: Membership, plans: Iterable[Plan], on: dt.date | None = None
) -> Suggestion:
    """分办: the owner (政府办, court, …) names the units of its system. Once every owner has, the
    suggestion is being handled."""
    suggestion = hold(owner.suggestion)
    owner = Assignment.objects.select_related("unit", "batch", "suggestion__rule_set").get(
        pk=owner.pk
    )
    if owner.role != OWNER or not access.works_for(by, owner):
        raise NotAllowed("只有交办机构可以向下分办")
    if suggestion.state not in (State.ASSIGNED, State.HANDLING):
        raise NotAllowed(f"“{suggestion.get_state_display()}”状态下不能分办")
    plans = list(plans)
    if any(p.role == OWNER for p in plans):
        raise NotAllowed("分办时请确定独办、主办、会办或者分办单位")
    _one_row_per_unit(plans)
    standing = list(owner.children.exclude(state__in=GONE).values_list("role", flat=True))
    _refuse(role_faults([*standing, *[p.role for p in plans]]))
    _hand_out(suggestion, plans, by, on or timezone.localdate(), owner, None)
    if owner.state == Task.TO_SIGN:
        owner.state, owner.signed_at = Task.SIGNED, timezone.now()
        owner.save()
    meet(REPLY, owner, by=by)  # its part is done: those who handle are reminded from here on
    waiting = suggestion.assignments.filter(role=OWNER, children=None).exclude(state__in=GONE)
    if suggestion.state == State.ASSIGNED and not waiting.exists():
        suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.ASSIGN_ON)
        suggestion.save()
    audit.record(
        by, "suggestions.assign_on", suggestion,
        after={"单位": "、".join(f"{p.unit}（{p.role}）" for p in plans)},
    )  # fmt: skip
    return suggestion


@transaction.atomic
def sign_for(task: Assignment, *, by: Membership) -> Assignment:
    """签收."""
    task = take_task(task, Do.SIGN, by)
    task.signed_at = timezone.now()
    task.save()
    audit.record(by, "suggestions.sign_for", task)
    return task


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
    to = queries.people_of(task.parent.unit) if task.parent_id else queries.keepers()
    send("suggestions/return_asked", to=to, task=task, request=row, suggestion=task.suggestion,
         link=f"/desk/tasks/{task.pk}/" if task.parent_id
         else f"/admin/suggestions/suggestion/{task.suggestion_id}/change/")  # fmt: skip
    audit.record(by, "suggestions.ask_return", task, note=explanation.strip())
    return row


@transaction.atomic
def decide_return(
    row: ReturnRequest, *, by: Membership, accept: bool, decision: str, plan: Plan | None = None
) -> ReturnRequest:
    """The level that assigned decides. Accepted, another unit takes the task over with the same
    legal date; refused, the unit goes on."""
    if not decision.strip():
        raise NotAllowed("请写明决定的理由")
    if accept and plan is None:
        raise NotAllowed("同意退办的，请同时确定改由哪个单位办理")
    task = take_task(row.assignment, Do.ACCEPT_RETURN if accept else Do.REFUSE_RETURN, by)
    row = ReturnRequest.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.accepted is not None:
        raise NotAllowed("这项退办申请已经作出决定")
    second = task.suggestion.assignments.filter(return_requests__accepted=True).exists()
    if accept and second and not access.may_keep(by):
        raise NotAllowed("这件建议已退办过一次，再次退办须由代工委裁定")
    task.save()
    row.accepted, row.decided_by, row.decided_at = accept, by, timezone.now()
    row.decision = decision.strip()
    if accept:
        cancel(REPLY, task, by=by)
        row.new_assignment = _hand_out(
            task.suggestion, [plan], by, timezone.localdate(), task.parent, task.batch
        )[0]
    row.save()
    told = [d.membership for d in queries.signers(task.suggestion) if d.membership_id]
    send("suggestions/return_decided", to=[row.asked_by, *(told if accept else [])], task=task,
         request=row, suggestion=task.suggestion)  # fmt: skip
    audit.record(by, "suggestions.decide_return", task, note=decision.strip(),
                 after={"同意": accept})  # fmt: skip
    return row


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
    _refuse(
        extension_faults(
            asked_on=timezone.localdate(),
            to_on=to_on,
            assigned_on=task.suggestion.assigned_on,
            current_due_on=task.extended_to or task.legal_due_on,
            rules=HandlingRules.of(rules),
            calendar=work_calendar(),
        )  # fmt: skip
    )
    task.save()
    row = ExtensionRequest.objects.create(
        assignment=task, reason=reason, progress=progress.strip(), to_on=to_on,
        deputy_told_on=deputy_told_on, asked_by=by,
    )  # fmt: skip
    audit.record(by, "suggestions.ask_extension", task, after={"延期至": to_on},
                 note=progress.strip())  # fmt: skip
    if not rules.extension_approvers:
        return _grant(row, task, by)
    send("suggestions/extension_asked", to=_approvers(task), task=task, request=row,
         suggestion=task.suggestion,
         link=f"/admin/suggestions/suggestion/{task.suggestion_id}/change/")  # fmt: skip
    return row


def _approvers(task: Assignment) -> list[Membership]:
    roles = task.suggestion.rule_set.extension_approvers
    found = queries.keepers() if Role.DEPUTY_AFFAIRS in roles else []
    if Role.GOVERNMENT_OFFICE in roles and task.parent_id:
        found += queries.people_of(task.parent.unit)
    return found


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
    wanted = [
        r for r in suggestion.rule_set.extension_approvers
        if r != Role.GOVERNMENT_OFFICE or task.parent_id
    ]  # fmt: skip
    is_office = by.role == Role.GOVERNMENT_OFFICE and access.assigned_by(by, task)
    if by.role not in wanted or not (access.may_keep(by) or is_office):
        raise NotAllowed("这项延期不由您批准")
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
        task.state = ASSIGNMENT_FLOW.after(task.state, Do.REFUSE_EXTENSION)
        task.save()
        row.granted, row.decided_at, row.decision = False, timezone.now(), note.strip()
        row.save()
        send("suggestions/extension_decided", to=[row.asked_by], task=task, request=row,
             suggestion=suggestion, link=f"/desk/tasks/{task.pk}/")  # fmt: skip
    return row


def _grant(row: ExtensionRequest, task: Assignment, by: Membership) -> ExtensionRequest:
    task.state = ASSIGNMENT_FLOW.after(task.state, Do.GRANT_EXTENSION)
    task.extended_to = row.to_on
    task.working = [*task.working, f"经批准延期至{cn_date(row.to_on)}。"]
    task.save()
    row.granted, row.decided_at = True, timezone.now()
    row.save()
    remind_of(task, Dates(row.to_on), by)
    _move_joint(task, by)
    told = [d.membership for d in queries.signers(task.suggestion) if d.membership_id]
    send("suggestions/extension_decided", to=[row.asked_by, *told], task=task, request=row,
         suggestion=task.suggestion)  # fmt: skip
    return row


def _move_joint(task: Assignment, by: Membership) -> None:
    """Where joint opinions are due so long before the lead's limit, they move with it."""
    rules = HandlingRules.of(task.suggestion.rule_set)
    if task.role != Assignment.Role.LEAD or rules.joint_limit != "before":
        return
    calendar = work_calendar()
    joint = task.suggestion.assignments.filter(role=Assignment.Role.JOINT).select_related("unit")
    for other in joint.exclude(state__in=[Task.RETURNED, Task.CANCELLED, Task.DONE]):
        dates = joint_dates(task.suggestion.assigned_on, rules, calendar, task.extended_to)
        other.legal_due_on, other.working = dates.legal, [*other.working, *dates.working]
        other.save()
        remind_of(other, dates, by)


@transaction.atomic
def cancel_task(task: Assignment, *, by: Membership, reason: str) -> Assignment:
    """The level that assigned takes a task out of the suggestion, with its reason."""
    if not reason.strip():
        raise NotAllowed("请写明理由")
    task = take_task(task, Do.CANCEL, by)
    if task.answers and not queries.answering(task.suggestion).exclude(pk=task.pk).exists():
        raise NotAllowed("这是唯一负责答复的单位，请先确定改由哪个单位办理")
    task.save()
    cancel(REPLY, task, by=by)
    settle(task.suggestion)
    audit.record(by, "suggestions.cancel_task", task, note=reason.strip())
    return task
