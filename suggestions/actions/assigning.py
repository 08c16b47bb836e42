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
from notices.actions import Letter, send_each

from .. import access, queries
from ..models import (
    Assignment,
    AssignmentBatch,
    Feedback,
    RuleSet,
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
from .beats import hold, hold_each, move, take_task
from .limits import keep_limits

State, Step = Suggestion.State, Suggestion.Step
Task, Do = Assignment.State, Assignment.Step
OWNER = Assignment.Role.OWNER
AT_ONCE = 500


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
    return assign_each([(suggestion, plans)], by=by, assigned_on=assigned_on, batch=batch)[0]


@transaction.atomic
def assign_each(
    divided: Iterable[tuple[Suggestion, Iterable[Plan]]],
    *,
    by: Membership,
    assigned_on: dt.date | None = None,
    batch: AssignmentBatch | None = None,
) -> list[Suggestion]:
    """The same for many at once, all or none; what forbids one is told with its number where there
    are several. The number of queries does not grow with them."""
    work = [(suggestion, list(plans)) for suggestion, plans in divided]
    today = timezone.localdate()
    assigned_on = assigned_on or (batch.assigned_on if batch else today)
    rules = queries.rules_in_force(assigned_on)
    rows = hold_each(s for s, _ in work)
    plans_of = {row.pk: plans for row, (_, plans) in zip(rows, work, strict=True)}
    for row in rows:
        try:
            move(row, Step.ASSIGN, by)
            _may_be_assigned(row, plans_of[row.pk], assigned_on, today, rules)
        except NotAllowed as refused:
            if batch is None and len(rows) == 1:
                raise
            raise NotAllowed(f"第{row.number}号：{refused}") from None
        row.assigned_on, row.rule_set, row.saved_at = assigned_on, rules, timezone.now()
        if all(p.role != OWNER for p in plans_of[row.pk]):
            row.state = SUGGESTION_FLOW.after(row.state, Step.ASSIGN_ON)
    Suggestion.objects.bulk_update(
        rows, ["state", "assigned_on", "rule_set", "saved_at"], batch_size=AT_ONCE
    )
    hand_out_each([(row, plans_of[row.pk]) for row in rows], by, assigned_on, None, batch)
    keep_limits(rows)
    audit.record_each(
        by,
        [
            audit.Done("suggestions.assign", row, after={
                "交办日期": assigned_on, "单位": "、".join(str(p.unit) for p in plans_of[row.pk]),
            })
            for row in rows
        ],
    )  # fmt: skip
    speakers = queries.speakers_of_each(rows)
    send_each(
        "suggestions/assigned",
        [
            Letter(
                [d.membership for d in speakers[row.pk] if d.membership_id],
                f"/me/suggestions/{row.pk}/",
                context={"suggestion": row},
            )
            for row in rows
        ],
    )
    return rows


def _may_be_assigned(
    row: Suggestion, plans: list[Plan], on: dt.date, today: dt.date, rules: RuleSet | None
) -> None:
    if on > today:
        raise NotAllowed("交办日期不能晚于今天")
    if row.registered_at and on < timezone.localdate(row.registered_at):
        raise NotAllowed("交办日期不能早于登记日期")
    if rules is None:
        raise NotAllowed("交办当日没有施行中的办理规则")
    direct = [p.role for p in plans if p.role != OWNER]
    if direct or not plans:
        _refuse(role_faults(direct))
    _one_row_per_unit(plans)


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
    交办, never from this one; a unit in which a proposer works is marked. The time limits are kept
    by the verb, when all of it is done."""
    return hand_out_each([(suggestion, plans)], by, on, parent, batch)


def hand_out_each(
    divided: Iterable[tuple[Suggestion, list[Plan]]],
    by: Membership,
    on: dt.date,
    parent: Assignment | None,
    batch: AssignmentBatch | None,
) -> list[Assignment]:
    """The same for many suggestions at once."""
    work, calendar = list(divided), work_calendar()
    batch_due = batch.reply_due_on if batch else parent.batch_due_on if parent else None
    known: dict[tuple, Dates] = {}

    def dates_of(suggestion: Suggestion, role: str) -> Dates:
        urgent = bool(suggestion.urgent_reason.strip())
        joint = role == Assignment.Role.JOINT
        asked = queries.asked_day(suggestion, batch_due)
        key = (suggestion.rule_set_id, suggestion.assigned_on, joint, urgent, asked)
        if key not in known:
            rules = HandlingRules.of(suggestion.rule_set)
            found = reply_dates(suggestion.assigned_on, rules, calendar, asked.on, urgent, asked.by)
            if joint:
                found = joint_dates(suggestion.assigned_on, rules, calendar, found.effective)
            known[key] = found
        return known[key]

    units = {plan.unit.pk: plan.unit for _, plans in work for plan in plans}
    own = queries.conflicts([suggestion for suggestion, _ in work], units.values())
    made = []
    for suggestion, plans in work:
        for plan in plans:
            dates = dates_of(suggestion, plan.role)
            made.append(Assignment(
                suggestion=suggestion, parent=parent,
                batch=batch or (parent.batch if parent else None),
                unit=plan.unit, unit_name=plan.unit.name, role=plan.role, content=plan.content,
                assigned_on=on, legal_due_on=dates.legal, batch_due_on=dates.batch,
                internal_due_on=dates.internal, working=list(dates.working),
                deputies_conflict=plan.unit.pk in own[suggestion.pk], by=by,
            ))  # fmt: skip
    Assignment.objects.bulk_create(made, batch_size=AT_ONCE)
    people = queries.people_of_each(units.values())
    send_each(
        "suggestions/task",
        [
            Letter(
                people[task.unit_id],
                f"/desk/tasks/{task.pk}/",
                context={"task": task, "suggestion": task.suggestion},
            )
            for task in made
        ],
    )
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
    waiting = suggestion.assignments.filter(role=OWNER, children=None).exclude(state__in=GONE)
    if suggestion.state == State.ASSIGNED and not waiting.exists():
        suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.ASSIGN_ON)
        suggestion.save()
    keep_limits([suggestion])
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
    keep_limits([task.suggestion_id])
    audit.record(by, "suggestions.sign_for", task)
    return task
