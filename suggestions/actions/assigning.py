"""交办 at two levels, 签收. The legal date is set once, by the first 交办."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership, Unit
from deadlines.actions import meet, set_deadline
from deadlines.rules import Limit
from deadlines.rules import Unit as LimitUnit
from notices.actions import send

from .. import access, queries
from ..models import (
    Assignment,
    AssignmentBatch,
    Feedback,
    Suggestion,
)
from ..rules import (
    GONE,
    SUGGESTION_FLOW,
    Dates,
    HandlingRules,
    joint_dates,
    reply_dates,
    role_faults,
)
from .beats import hold, take, take_task

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
    hand_out(suggestion, plans, by, assigned_on, None, batch)
    audit.record(
        by, "suggestions.assign", suggestion,
        after={"交办日期": assigned_on, "单位": "、".join(str(p.unit) for p in plans)},
    )  # fmt: skip
    told = [d.membership for d in queries.speakers(suggestion) if d.membership_id]
    send("suggestions/assigned", to=told, suggestion=suggestion,
         link=f"/me/suggestions/{suggestion.pk}/")  # fmt: skip
    return suggestion


def _refuse(faults: list[str]) -> None:
    if faults:
        raise NotAllowed("；".join(faults))


def _one_row_per_unit(plans: list[Plan]) -> None:
    if len({p.unit.pk for p in plans}) != len(plans):
        raise NotAllowed("同一单位只能有一种承办方式")


def hand_out(
    suggestion: Suggestion,
    plans: list[Plan],
    by: Membership,
    on: dt.date,
    parent: Assignment | None,
    batch: AssignmentBatch | None,
) -> list[Assignment]:
    """Write the tasks of one level and tell their units. Dates count from the suggestion's own
    交办, never from this one; a unit in which a proposer works is marked."""
    calendar, rules = work_calendar(), HandlingRules.of(suggestion.rule_set)
    batch_due = batch.reply_due_on if batch else parent.batch_due_on if parent else None
    reply = reply_dates(suggestion.assigned_on, rules, calendar, batch_due)
    own = queries.conflicts([suggestion], [p.unit for p in plans])[suggestion.pk]
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
            deputies_conflict=plan.unit.pk in own, by=by,
        )  # fmt: skip
        remind_of(task, dates, by)
        people = queries.people_of(plan.unit)
        send("suggestions/task", to=people, task=task, suggestion=suggestion,
             link=f"/desk/tasks/{task.pk}/")  # fmt: skip
        made.append(task)
    return made


def mark_conflicts(suggestion: Suggestion) -> None:
    """Another person speaks for a delegation's suggestion: which of its units that one works in,
    and whose word, still awaited, is marked."""
    tasks = list(suggestion.assignments.exclude(state__in=GONE).select_related("unit"))
    own = queries.conflicts([suggestion], [t.unit for t in tasks])[suggestion.pk]
    for task in tasks:
        task.deputies_conflict = task.unit_id in own
        task.save()
    waiting = suggestion.feedbacks.filter(state=Feedback.State.EXPECTED, superseded_at=None)
    rows = list(waiting.select_related("deputy", "assignment__unit"))
    pairs = queries.working_in({f.deputy for f in rows}, {f.assignment.unit for f in rows})
    for feedback in rows:
        feedback.has_conflict = (feedback.deputy_id, feedback.assignment.unit_id) in pairs
        feedback.save()


def remind_of(task: Assignment, dates: Dates, by: Membership) -> None:
    """Set (or move) the time limit the unit is reminded of, up its ladder."""
    set_deadline(
        REPLY, task, by=by, units=[task.unit],
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
    hand_out(suggestion, plans, by, on or timezone.localdate(), owner, None)
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
