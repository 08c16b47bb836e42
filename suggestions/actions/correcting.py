"""更正评价: opened again for its deputy while the round runs; afterwards, or for who has no login,
on paper by two people. Nothing is overwritten: what was said stays beside what corrects it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Membership, StoredFile

from .. import access
from ..models import Feedback, FeedbackCorrection, ResultClass, Suggestion
from ..rules import SUGGESTION_FLOW, HandlingRules, feedback_limit
from .beats import hold, need_second
from .judging import check_ratings, object_to, settle_round, value_of, write_ratings
from .limits import keep_limits

State, Step = Suggestion.State, Suggestion.Step
CORRECTED = (
    State.ANSWERED, State.DISSATISFIED, State.REHANDLING, State.ESCALATED, State.CLOSED,
)  # fmt: skip
ANSWERS = (
    "opinion", "was_contacted", "met_with", "agrees_with_class", "asks_rehandling",
    "agrees_to_publish",
)  # fmt: skip


def _standing(feedback: Feedback) -> Feedback:
    row = Feedback.objects.select_for_update(of=("self",)).select_related(
        "suggestion__rule_set", "deputy").get(pk=feedback.pk)  # fmt: skip
    if row.superseded_at or row.state != Feedback.State.GIVEN:
        raise NotAllowed("这份评价不能更正")
    return row


@transaction.atomic
def correct_feedback(feedback: Feedback, *, by: Membership, reason: str) -> Feedback:
    """A judgement is opened again for its deputy, for a reason; both values stay."""
    suggestion = hold(feedback.suggestion)
    if not access.may_keep(by):
        raise NotAllowed("更正评价须由代工委办理")
    if not reason.strip():
        raise NotAllowed("请写明更正的理由")
    if suggestion.state not in (State.ANSWERED, State.DISSATISFIED):
        raise NotAllowed("本轮已经结束，评价不能重新打开，请凭代表的纸质更正录入")
    old = _standing(feedback)
    old.superseded_at = timezone.now()
    old.save()
    today, numbers = timezone.localdate(), HandlingRules.of(suggestion.rule_set)
    row = Feedback.objects.create(
        suggestion=suggestion, assignment_id=old.assignment_id, reply_id=old.reply_id,
        deputy_id=old.deputy_id, round=old.round, asked_on=today,
        due_on=feedback_limit(today, numbers, work_calendar()).due_on, supersedes=old,
        correction_reason=reason.strip(), has_conflict=old.has_conflict,
    )  # fmt: skip
    if suggestion.state == State.DISSATISFIED:
        suggestion.state = State.ANSWERED
        suggestion.save()
    keep_limits([suggestion])
    audit.record(by, "suggestions.correct_feedback", suggestion, note=reason.strip())
    return row


@transaction.atomic
def enter_correction(
    feedback: Feedback,
    *,
    by: Membership,
    reason: str,
    ratings: Mapping[str, str],
    scan: StoredFile,
    own_class: ResultClass | None = None,
    **values: Any,
) -> FeedbackCorrection:
    """What the deputy corrects on paper is entered with its scan; nothing changes until a second
    person has compared it. `values`: as of a judgement (ANSWERS)."""
    suggestion = hold(feedback.suggestion)
    if not access.may_keep(by):
        raise NotAllowed("纸质更正由代工委录入")
    if not reason.strip():
        raise NotAllowed("请写明更正的理由")
    if suggestion.state not in CORRECTED:
        raise NotAllowed(f"“{suggestion.get_state_display()}”的建议不能再更正评价")
    old = _standing(feedback)
    if old.on_behalf and old.confirmed_by_id is None:
        raise NotAllowed("这份纸质评价表还没有核对，请先核对")
    if old.corrections.filter(agrees=None).exists():
        raise NotAllowed("已有一份更正等待核对")
    check_ratings(suggestion.rule_set, ratings, values.get("opinion") or "")
    answers = {k: v for k, v in values.items() if k in ANSWERS}
    row = FeedbackCorrection.objects.create(
        feedback=old, reason=reason.strip(), ratings=dict(ratings), scan=scan, entered_by=by,
        answers=answers | {"own_class": own_class.pk if own_class else None},
    )  # fmt: skip
    audit.record(by, "suggestions.enter_correction", suggestion, note=reason.strip(),
                 after={"代表": old.deputy.name})  # fmt: skip
    return row


@transaction.atomic
def compare_correction(
    row: FeedbackCorrection, *, by: Membership, agrees: bool = True
) -> FeedbackCorrection:
    """The second person has compared the correction with its scan: it stands from here on, the one
    before is kept. A closed suggestion that turns out unsatisfied goes back to 研判. What does not
    agree is dropped and entered anew."""
    suggestion = hold(row.feedback.suggestion)
    row = (
        FeedbackCorrection.objects.select_for_update(of=("self",))
        .select_related("entered_by", "feedback")
        .get(pk=row.pk)
    )
    if not access.may_keep(by) or row.agrees is not None:
        raise NotAllowed("没有需要您核对的更正")
    need_second(row.entered_by, by)
    row.agrees, row.compared_by, row.compared_at = agrees, by, timezone.now()
    row.save()
    audit.record(by, "suggestions.compare_correction", suggestion, after={"一致": agrees})
    if agrees:
        if suggestion.state not in CORRECTED:
            raise NotAllowed(f"“{suggestion.get_state_display()}”的建议不能再更正评价")
        old = _standing(row.feedback)
        _settle(suggestion, old, _put_in_place(row, old), by)
        keep_limits([suggestion])
    return row


def _put_in_place(row: FeedbackCorrection, old: Feedback) -> Feedback:
    old.superseded_at = row.compared_at
    old.save()
    answers = {k: v for k, v in row.answers.items() if k in ANSWERS}
    new = Feedback.objects.create(
        suggestion=old.suggestion, assignment_id=old.assignment_id, reply_id=old.reply_id,
        deputy_id=old.deputy_id, round=old.round, due_on=old.due_on, asked_on=old.asked_on,
        supersedes=old, correction_reason=row.reason, has_conflict=old.has_conflict,
        state=Feedback.State.GIVEN, given_at=row.compared_at, on_behalf=True, scan_id=row.scan_id,
        entered_by_id=row.entered_by_id, confirmed_by_id=row.compared_by_id,
        own_class_id=row.answers.get("own_class"), **answers,
    )  # fmt: skip
    write_ratings(new, row.ratings)
    return new


def _settle(suggestion: Suggestion, old: Feedback, new: Feedback, by: Membership) -> None:
    """What follows from a corrected word of the present round; an earlier round only counts
    differently."""
    if new.round != suggestion.round:
        return
    if suggestion.state == State.DISSATISFIED:
        suggestion.state = State.ANSWERED
        suggestion.save()
        settle_round(suggestion, by)
    elif suggestion.state == State.ANSWERED:
        settle_round(suggestion, by)
    elif suggestion.state == State.CLOSED:
        if value_of(new) == "unsatisfied" != value_of(old):
            suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.OBJECT)
            suggestion.closed_at = None
            suggestion.save()
            object_to(suggestion)
