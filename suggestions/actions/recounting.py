"""The calendar changed: the days suggestions keep themselves are counted anew with all time limits,
so that people are told once."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Model

from congress import audit
from congress.models import Membership
from congress.rules import WorkCalendar
from deadlines import subjects
from deadlines.models import Deadline
from deadlines.rules import Limit, reckon
from deadlines.rules import Unit as In

from .. import queries
from ..models import Assignment, Feedback, JointOpinion, RuleSet
from ..rules import (
    OVER,
    HandlingRules,
    joint_dates,
    judge_within,
    redo_within,
    reply_dates,
)
from ..rules.kinds import JUDGE, OPINION, REPLY
from .limits import fixed_day

AT_ONCE = 5000


@subjects.recount
def recount(calendar: WorkCalendar, by: Membership | None) -> dict[str, dict]:
    """Count the days of open tasks, of opinions to be given again and of words the deputies have
    yet to say; gives the new days of tasks by kind of time limit and task."""
    moved = _tasks(calendar)
    _opinions(calendar)
    _words(calendar)
    if moved:
        audit.record(by, "suggestions.recount", note=f"{len(moved)}项承办任务的期限有变")
    found: dict[str, dict] = {REPLY: {}, OPINION: {}}
    for at in range(0, len(moved), AT_ONCE):
        rows = Assignment.objects.filter(pk__in=moved[at : at + AT_ONCE])
        rows = rows.exclude(state=Assignment.State.OPINION_BACK).select_related("suggestion")
        for task in queries.by_due(rows):
            day, working, _ = fixed_day(task)
            kind = OPINION if task.role == Assignment.Role.JOINT else REPLY
            found[kind][task.pk] = (day, list(working))
    return found


def _tasks(calendar: WorkCalendar) -> list[int]:
    """The dates of all open tasks from their suggestion's 交办; gives the tasks that moved.

    An extension that was granted, a batch's day and a second round's clock are decisions, not
    reckonings, and stay. What moved says so in its working.
    """
    rows = (
        Assignment.objects.exclude(state__in=OVER)
        .select_related("suggestion__rule_set", "suggestion__received")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    leads = Assignment.objects.exclude(state__in=OVER).filter(
        role=Assignment.Role.LEAD, extended_to__isnull=False
    )
    extended = {
        (suggestion, parent): day
        for suggestion, parent, day in leads.values_list(
            "suggestion_id", "parent_id", "extended_to"
        )
    }
    known: dict[tuple, object] = {}  # one batch shares its reckoning
    alike: dict[tuple, list[int]] = {}
    for task in rows:
        item = task.suggestion
        joint = task.role == Assignment.Role.JOINT
        lead = extended.get((item.pk, task.parent_id)) if joint else None
        urgent = bool(item.urgent_reason.strip())
        asked = queries.asked_day(item, task.batch_due_on)
        key = (item.assigned_on, item.rule_set_id, asked, joint, lead, urgent)
        if key not in known:
            rules = HandlingRules.of(item.rule_set)
            dates = reply_dates(item.assigned_on, rules, calendar, asked.on, urgent, asked.by)
            if joint:
                before = lead if lead and rules.joint_limit == "before" else dates.effective
                dates = joint_dates(item.assigned_on, rules, calendar, before)
            known[key] = dates
        dates = known[key]
        if (dates.legal, dates.internal) == (task.legal_due_on, task.internal_due_on):
            continue
        if task.extended_to and task.extended_to < dates.legal:
            continue
        note = f"节假日安排更新，期限由{task.legal_due_on}重新计算。"
        values = (dates.legal, dates.internal, (*dates.working, note))
        alike.setdefault(values, []).append(task.pk)
    for (legal, internal, working), pks in alike.items():
        for at in range(0, len(pks), AT_ONCE):
            Assignment.objects.filter(pk__in=pks[at : at + AT_ONCE]).update(
                legal_due_on=legal, internal_due_on=internal, working=list(working)
            )
    return [pk for pks in alike.values() for pk in pks]


def _opinions(calendar: WorkCalendar) -> None:
    rows = JointOpinion.objects.filter(
        assignment__state=Assignment.State.OPINION_BACK, sent_back_on__isnull=False
    ).values_list("pk", "sent_back_on", "assignment__suggestion__rule_set", "redo_due_on")
    _move(JointOpinion, "redo_due_on", rows, redo_within, calendar)


def _words(calendar: WorkCalendar) -> None:
    rows = Feedback.objects.filter(
        state=Feedback.State.EXPECTED, superseded_at=None, asked_on__isnull=False
    ).values_list("pk", "asked_on", "suggestion__rule_set", "due_on")
    _move(Feedback, "due_on", rows, judge_within, calendar)


def _move(
    model: type[Model],
    field: str,
    rows: Iterable[tuple[int, dt.date, int, dt.date | None]],
    within: Callable[[HandlingRules], Limit],
    calendar: WorkCalendar,
) -> None:
    """Give rows (pk, start, rule set, day) of the model the day they have now, all alike at
    once."""
    numbers: dict[int, HandlingRules] = {}
    known: dict[tuple, dt.date] = {}
    moved: dict[dt.date, list[int]] = {}
    for pk, start, rule_set, day in rows:
        if not numbers:
            numbers = {row.pk: HandlingRules.of(row) for row in RuleSet.objects.all()}
        key = (start, rule_set)
        if key not in known:
            known[key] = reckon(start, within(numbers[rule_set]), calendar).due_on
        if known[key] != day:
            moved.setdefault(known[key], []).append(pk)
    for day, pks in moved.items():
        model.objects.filter(pk__in=pks).update(**{field: day})


@subjects.follow(JUDGE)
def follow_word(rows: list[Deadline]) -> None:
    """Who was given more time to judge has it at each unit; that day is a decision, not counted
    anew."""
    for row in rows:
        if row.unit == In.FIXED:
            Feedback.objects.filter(
                suggestion=row.subject_id, deputy__membership=row.member_id,
                state=Feedback.State.EXPECTED, superseded_at=None,
            ).update(due_on=row.due_on, asked_on=None)  # fmt: skip
