"""What every verb here begins with: the row held, the step allowed, the state moved."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership

from .. import access, queries
from ..models import Assignment, Feedback, Service, Suggestion
from ..rules import (
    ASSIGNMENT_FLOW,
    GONE,
    SUGGESTION_FLOW,
    HandlingRules,
    feedback_limit,
    is_answered,
)

ENDED = (Assignment.State.ANSWERED, Assignment.State.OPINION_GIVEN)
HELD_WITH = ("lead__membership", "delegation_head__membership", "rule_set", "delegation",
             "sitting", "term", "received")  # fmt: skip


def hold(suggestion: Suggestion) -> Suggestion:
    """The suggestion's row, locked until the transaction ends."""
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related(*HELD_WITH)
    return rows.get(pk=suggestion.pk)


def hold_each(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """The rows of many, locked in the order of their ids so that two never wait for each other,
    given in the order they were asked for; one query."""
    wanted = [s.pk for s in suggestions]
    rows = Suggestion.objects.select_for_update(of=("self",)).select_related(
        *HELD_WITH, "category__parent"
    )
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    return [found[pk] for pk in wanted]


def take(suggestion: Suggestion, step: Suggestion.Step, by: Membership) -> Suggestion:
    """Hold it, refuse the wrong moment, then the wrong person; the state is moved, not saved."""
    return move(hold(suggestion), step, by)


def move(suggestion: Suggestion, step: Suggestion.Step, by: Membership) -> Suggestion:
    """The same for one that is held. The rules are read only where they have a say."""
    state = SUGGESTION_FLOW.after(suggestion.state, step)
    asks = suggestion.state == Suggestion.State.PRE_REVIEW or step == Suggestion.Step.WITHDRAW
    rules = queries.rules_of(suggestion) if asks else None
    possible = access.steps(
        by,
        suggestion,
        pre_review=queries.open_pre_review(suggestion, rules) if asks else "",
        withdraw_until=rules.withdraw_until if rules else "",
    )
    if step not in possible:
        raise NotAllowed(f"您不能对这件建议“{step.label}”")
    suggestion.state = state
    return suggestion


def take_task(task: Assignment, step: Assignment.Step, by: Membership) -> Assignment:
    """The same for a unit's task; its suggestion is held first, so that two never wait for each
    other."""
    hold(task.suggestion)
    task = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("suggestion__rule_set", "suggestion__lead__membership", "unit",
                        "parent__unit", "batch")
        .get(pk=task.pk)
    )  # fmt: skip
    state = ASSIGNMENT_FLOW.after(task.state, step)
    if step not in access.task_steps(by, task):
        raise NotAllowed(f"您不能对这项任务“{step.label}”")
    task.state = state
    return task


def need_second(entered_by: Membership, by: Membership) -> None:
    """What was entered from paper is compared by another person, whatever roles one may have.
    Raises NotAllowed."""
    if entered_by.user_id == by.user_id:
        raise NotAllowed("录入和核对不能是同一人")


def settle(
    suggestion: Suggestion, *, asked_on: dt.date | None = None, by: Membership | None = None
) -> bool:
    """After a task moved: whether the suggestion is now answered whole; then its state is moved
    and saved, and the deputies' time to judge begins: on `asked_on`, or with the last service to
    each. What a higher congress sent has nobody here to judge it and is closed. Called with the
    suggestion held."""
    suggestion = hold(suggestion)
    Step, State = Suggestion.Step, Suggestion.State
    if suggestion.state not in (State.HANDLING, State.REHANDLING):
        return False
    if not is_answered(queries.tasks(suggestion)):
        return False
    suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.ANSWER)
    if suggestion.is_received:
        suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.ACCEPT)
        close(suggestion, by)
        suggestion.save()
        return True
    suggestion.save()
    _ask_deputies(suggestion, asked_on)
    return True


def close(suggestion: Suggestion, by: Membership | None) -> None:
    """Every task ends with the suggestion: what was answered or handed on is done, an opinion that
    never came is not waited for any more, nor is anybody reminded of it."""
    suggestion.closed_at = timezone.now()
    Do, owner = Assignment.Step, Assignment.Role.OWNER
    for task in suggestion.assignments.exclude(state__in=[*GONE, Assignment.State.DONE]):
        possible = ASSIGNMENT_FLOW.steps(task.state)
        ended = Do.FINISH in possible and (task.role == owner or task.state in ENDED)
        step = Do.FINISH if ended else Do.CANCEL
        task.state = ASSIGNMENT_FLOW.after(task.state, step)
        task.save()
        if step == Do.CANCEL:
            audit.record(by, "suggestions.cancel_task", task, note="建议已办结")


def _ask_deputies(suggestion: Suggestion, asked_on: dt.date | None) -> None:
    """Nobody can judge before all have answered: each deputy's days are counted from the last
    reply of the round."""
    served: dict[int, dt.date] = {}
    rows = Service.objects.filter(
        reply__assignment__suggestion=suggestion, reply__round=suggestion.round
    )
    for deputy, day in rows.values_list("deputy_id", "served_on"):
        served[deputy] = max(day, served.get(deputy, day))
    last = max(served.values(), default=timezone.localdate())
    numbers, calendar = HandlingRules.of(suggestion.rule_set), work_calendar()
    waiting = suggestion.feedbacks.filter(
        round=suggestion.round, state=Feedback.State.EXPECTED, superseded_at=None
    )
    for deputy in set(waiting.order_by().values_list("deputy_id", flat=True)):
        start = asked_on or served.get(deputy, last)
        due = feedback_limit(start, numbers, calendar).due_on
        waiting.filter(deputy=deputy).update(asked_on=start, due_on=due)
