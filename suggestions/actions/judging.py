"""反馈, 研判, 重办, 办结. What one round said stays as it was said."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Meeting, Membership, Role, StoredFile
from notices.actions import send

from .. import access, queries
from ..models import Assignment, Feedback, Rating, RuleSet, Study, Suggestion
from ..rules import (
    ASSIGNMENT_FLOW,
    SUGGESTION_FLOW,
    HandlingRules,
    feedback_value,
    outcome,
    rehandle_limit,
)
from .beats import close, hold, need_second, take
from .duties import count_feedback
from .limits import keep_limits
from .telling import standing_tasks, tell, tell_deputies, tell_units

State, Step = Suggestion.State, Suggestion.Step


def _expected(feedback: Feedback) -> Feedback:
    hold(feedback.suggestion)
    row = (
        Feedback.objects.select_for_update(of=("self",))
        .select_related("suggestion__rule_set", "assignment__unit", "deputy__membership")
        .get(pk=feedback.pk)
    )
    if row.superseded_at:
        raise NotAllowed("这份评价已被更正")
    if row.state not in (Feedback.State.EXPECTED, Feedback.State.MISSED):
        raise NotAllowed("这一轮的评价已经提交，需要更正请联系代工委")
    if row.suggestion.state not in (State.ANSWERED, State.DISSATISFIED):
        raise NotAllowed("现在还不能评价：还有承办单位没有答复")
    return row


def check_ratings(rules: RuleSet, ratings: Mapping[str, str], opinion: str) -> None:
    """Raises NotAllowed where a judgement is not whole: each dimension of the rules, of their
    scale, with words where somebody is unsatisfied."""
    if set(ratings) != set(rules.dimensions):
        raise NotAllowed(f"请对{'、'.join(rules.dimensions)}分别作出评价")
    known = {s["value"] for s in rules.scale}
    if any(value not in known for value in ratings.values()):
        raise NotAllowed("没有这个评价档次")
    if "unsatisfied" in ratings.values() and len(opinion.strip()) < 5:
        raise NotAllowed("评价为不满意的，请写明具体意见")


def _fill(row: Feedback, ratings: Mapping[str, str], values: dict[str, Any]) -> None:
    rules, opinion = row.suggestion.rule_set, (values.get("opinion") or "").strip()
    check_ratings(rules, ratings, opinion)
    for name, value in values.items():
        setattr(row, name, value)
    row.opinion = opinion
    row.state, row.given_at = Feedback.State.GIVEN, timezone.now()
    row.save()
    write_ratings(row, ratings)


def write_ratings(feedback: Feedback, ratings: Mapping[str, str]) -> None:
    """The values of a judgement, each with the word its rules have for it."""
    words = {s["value"]: s["word"] for s in feedback.suggestion.rule_set.scale}
    Rating.objects.bulk_create(
        Rating(feedback=feedback, dimension=name, value=value, word=words[value])
        for name, value in ratings.items()
    )


def value_of(feedback: Feedback) -> str:
    """A judgement as one value of the scale."""
    return feedback_value({r.dimension: r.value for r in feedback.ratings.all()}, "总体")


def _keep_consent(row: Feedback) -> None:
    """The lead's word on publishing the reply; a word taken back is told to 代工委."""
    suggestion, agrees = row.suggestion, row.agrees_to_publish
    if agrees is None or row.deputy_id != suggestion.lead_id:
        return
    Suggestion.objects.filter(pk=suggestion.pk).update(may_publish_reply=agrees)
    live = suggestion.publication_decisions.filter(part="reply", taken_down_at=None)
    if not agrees and live.exclude(published_at=None).exists():
        send("suggestions/consent_back", to=queries.keepers(), suggestion=suggestion,
             link=f"/admin/suggestions/publishing/{suggestion.pk}/")  # fmt: skip


@transaction.atomic
def give_feedback(
    feedback: Feedback, *, by: Membership, ratings: Mapping[str, str], **values: Any
) -> Feedback:
    """The deputy judges one unit: each dimension of the rules, words where unsatisfied. Whether
    the reply may be published, the deputy who leads says after having read it.

    `values`: opinion, was_contacted, met_with, agrees_with_class, own_class, asks_rehandling,
    agrees_to_publish. Never by the unit, never by another login.
    """
    row = _expected(feedback)
    if by.role != Role.DEPUTY or row.deputy.membership_id != by.pk:
        raise NotAllowed("评价只能由代表本人提交")
    row.entered_by = by
    _fill(row, ratings, values)
    _keep_consent(row)
    count_feedback(row, by=by)
    audit.record(by, "suggestions.give_feedback", row.suggestion)
    settle_round(row.suggestion, by)
    keep_limits([row.suggestion_id])
    return row


@transaction.atomic
def enter_paper_feedback(
    feedback: Feedback,
    *,
    by: Membership,
    ratings: Mapping[str, str],
    scan: StoredFile,
    **values: Any,
) -> Feedback:
    """A paper form is entered by who collects them (代工委, or the deputy's street where the rules
    say so; never the unit) with its scan; it counts once a second person has compared
    it (confirm_paper_feedback)."""
    row = _expected(feedback)
    if not access.feedback_to_collect(by).filter(pk=row.pk).exists():
        raise NotAllowed("纸质评价表由代工委录入；办理规则规定由街道收集的，由代表所在街道录入")
    row.entered_by, row.on_behalf, row.scan = by, True, scan
    _fill(row, ratings, values)
    keep_limits([row.suggestion_id])
    audit.record(by, "suggestions.enter_feedback", row.suggestion)
    return row


@transaction.atomic
def confirm_paper_feedback(feedback: Feedback, *, by: Membership) -> Feedback:
    """The second person has compared the entry with the scan."""
    hold(feedback.suggestion)
    row = Feedback.objects.select_for_update(of=("self",)).select_related(
        "suggestion__rule_set", "entered_by", "deputy__membership").get(pk=feedback.pk)  # fmt: skip
    if not access.may_keep(by) or not row.on_behalf or row.confirmed_by_id:
        raise NotAllowed("没有需要您核对的纸质评价表")
    need_second(row.entered_by, by)
    row.confirmed_by = by
    row.save()
    _keep_consent(row)
    count_feedback(row, by=by)
    audit.record(by, "suggestions.confirm_feedback", row.suggestion)
    settle_round(row.suggestion, by)
    keep_limits([row.suggestion_id])
    return row


def counted(suggestion: Suggestion, round_number: int) -> list[Feedback]:
    """The judgements of a round that stand: paper ones only once they were compared."""
    rows = suggestion.feedbacks.filter(round=round_number, superseded_at=None)
    return list(rows.exclude(on_behalf=True, confirmed_by=None).prefetch_related("ratings"))


def settle_round(suggestion: Suggestion, by: Membership | None) -> Suggestion:
    """After a word was given: closed when all have spoken and none is unsatisfied."""
    suggestion = hold(suggestion)
    if suggestion.state != State.ANSWERED:
        return suggestion
    rows = suggestion.feedbacks.filter(round=suggestion.round, superseded_at=None)
    expected = rows.exclude(state__in=[Feedback.State.MISSED, Feedback.State.EXCUSED]).count()
    values = [value_of(f) for f in counted(suggestion, suggestion.round)]
    result = outcome(values, expected)
    if result == "open" or not expected:
        return suggestion
    step = Step.ACCEPT if result == "accept" else Step.OBJECT
    suggestion.state = SUGGESTION_FLOW.after(suggestion.state, step)
    if step == Step.ACCEPT:
        close(suggestion, by)
    suggestion.save()
    if step == Step.OBJECT:
        object_to(suggestion)
    return suggestion


def object_to(suggestion: Suggestion) -> None:
    """代工委 is told that a deputy is unsatisfied: it studies what follows."""
    tell("suggestions/dissatisfied", suggestion, to=queries.keepers())


@transaction.atomic
def remind_feedback(suggestion: Suggestion, *, by: Membership | None) -> int:
    """催请反馈: who has not judged is reminded, counted once a day; gives how many. Who has no
    login is called, and counts too."""
    suggestion = hold(suggestion)
    if by is not None and not access.may_keep(by):
        raise NotAllowed("催请反馈由代工委办理")
    if suggestion.state != State.ANSWERED:
        raise NotAllowed(f"“{suggestion.get_state_display()}”状态下没有待反馈的评价")
    today = timezone.localdate()
    waiting = suggestion.feedbacks.filter(
        round=suggestion.round, state=Feedback.State.EXPECTED, superseded_at=None
    )
    rows = list(waiting.exclude(reminded_on=today).select_related("deputy__membership"))
    if not rows:
        raise NotAllowed("今天已经催请过" if waiting.exists() else "代表都已经反馈")
    waiting.filter(pk__in=[r.pk for r in rows]).update(
        reminders=F("reminders") + 1, reminded_on=today
    )
    people = {r.deputy_id: r.deputy for r in rows}
    send("suggestions/feedback_due", suggestion=suggestion,
         to=[d.membership for d in people.values() if d.membership_id],
         link=f"/me/suggestions/{suggestion.pk}/judge/")  # fmt: skip
    audit.record(by, "suggestions.remind_feedback", suggestion, after={"人数": len(people)})
    return len(people)


@transaction.atomic
def pass_over_silence(suggestion: Suggestion, *, by: Membership | None) -> Suggestion:
    """The time for feedback and its reminders are over: who has not spoken stays 未反馈, is left
    out of the rates, and is never taken for satisfied."""
    suggestion = hold(suggestion)
    if suggestion.state != State.ANSWERED:
        raise NotAllowed(f"“{suggestion.get_state_display()}”状态下没有待反馈的评价")
    if by is not None and not access.may_keep(by):
        raise NotAllowed("未反馈由代工委登记")
    rules, today = suggestion.rule_set, timezone.localdate()
    waiting = suggestion.feedbacks.filter(
        round=suggestion.round, state=Feedback.State.EXPECTED, superseded_at=None
    )
    if waiting.filter(due_on__gte=today).exists():
        raise NotAllowed("反馈期限还没有到")
    if waiting.filter(reminders__lt=rules.feedback_reminders).exists():
        raise NotAllowed(f"还没有催请满{rules.feedback_reminders}次")
    paper = suggestion.feedbacks.filter(round=suggestion.round, superseded_at=None, on_behalf=True)
    if paper.filter(confirmed_by=None).exists():
        raise NotAllowed("还有纸质评价表等待核对")
    waiting.update(state=Feedback.State.MISSED)
    audit.record(by, "suggestions.pass_over", suggestion)
    suggestion = settle_round(suggestion, by)
    if suggestion.state == State.ANSWERED:  # nobody spoke
        suggestion.state = SUGGESTION_FLOW.after(suggestion.state, Step.ACCEPT)
        close(suggestion, by)
        suggestion.save()
    keep_limits([suggestion])
    return suggestion


# -- 研判 -------------------------------------------------------------------------------------


@transaction.atomic
def order_rehandling(
    suggestion: Suggestion,
    *,
    by: Membership,
    opinion: str,
    dimensions: list[str],
    meeting: Meeting | None = None,
) -> Suggestion:
    """重办: a new round with its own clock; the first round's figures stay. After as many rounds
    as the rules allow only the chairpersons' meeting may order one more."""
    if not opinion.strip():
        raise NotAllowed("请写明重办要求")
    suggestion = take(suggestion, Step.REHANDLE, by)
    rules = suggestion.rule_set
    if suggestion.round > rules.rehandle_rounds_max and meeting is None:
        raise NotAllowed(f"已重办{rules.rehandle_rounds_max}次，请提请主任会议研究")
    due = rehandle_limit(timezone.localdate(), HandlingRules.of(rules), work_calendar())
    Study.objects.create(
        suggestion=suggestion, round=suggestion.round, result=Study.Result.REHANDLE,
        dimensions=dimensions, opinion=opinion.strip(), due_on=due.due_on, meeting=meeting, by=by,
    )  # fmt: skip
    suggestion.round += 1
    suggestion.save()
    tasks = list(queries.answering(suggestion).select_related("unit", "suggestion"))
    for task in tasks:
        task.state = ASSIGNMENT_FLOW.after(task.state, Assignment.Step.REHANDLE)
        task.save()
    tell_units("suggestions/rehandle", tasks, opinion=opinion, due_on=due.due_on)
    keep_limits([suggestion])
    audit.record(by, "suggestions.rehandle", suggestion, note=opinion.strip(),
                 after={"轮次": suggestion.round, "期限": due.due_on})  # fmt: skip
    return suggestion


@transaction.atomic
def close_explained(
    suggestion: Suggestion, *, by: Membership, opinion: str, deputy_told_on: dt.date | None
) -> Suggestion:
    """The committee finds the reply right and has explained it; it closes, and stays 不满意 in the
    figures."""
    if not opinion.strip():
        raise NotAllowed("请写明研判意见")
    if deputy_told_on is None or deputy_told_on > timezone.localdate():
        raise NotAllowed("须先向代表说明情况")
    suggestion = take(suggestion, Step.ACCEPT, by)
    Study.objects.create(
        suggestion=suggestion, round=suggestion.round, result=Study.Result.EXPLAIN,
        opinion=opinion.strip(), deputy_told_on=deputy_told_on, by=by,
    )  # fmt: skip
    close(suggestion, by)
    suggestion.save()
    keep_limits([suggestion])
    audit.record(by, "suggestions.close_explained", suggestion, note=opinion.strip())
    return suggestion


@transaction.atomic
def escalate(suggestion: Suggestion, *, by: Membership, opinion: str) -> Suggestion:
    """提级协调: to the chairpersons' meeting."""
    if not opinion.strip():
        raise NotAllowed("请写明需要协调的问题")
    suggestion = take(suggestion, Step.ESCALATE, by)
    Study.objects.create(
        suggestion=suggestion, round=suggestion.round, result=Study.Result.ESCALATE,
        opinion=opinion.strip(), by=by,
    )  # fmt: skip
    suggestion.save()
    keep_limits([suggestion])
    audit.record(by, "suggestions.escalate", suggestion, note=opinion.strip())
    return suggestion


@transaction.atomic
def archive(suggestion: Suggestion, *, by: Membership) -> Suggestion:
    """归档: everything is settled; promises are followed in their own ledger."""
    suggestion = take(suggestion, Step.ARCHIVE, by)
    suggestion.save()
    audit.record(by, "suggestions.archive", suggestion)
    return suggestion


@transaction.atomic
def terminate(suggestion: Suggestion, *, by: Membership, reason: str) -> Suggestion:
    """终止: the matter fell away (a law changed, a unit was dissolved without successor); the
    number stays used and the item is shown apart in every figure."""
    if not reason.strip():
        raise NotAllowed("请写明终止办理的理由")
    suggestion = take(suggestion, Step.TERMINATE, by)
    suggestion.save()
    for task in standing_tasks(suggestion):
        if task.state != Assignment.State.DONE:
            task.state = Assignment.State.CANCELLED
            task.save()
            tell_units("suggestions/terminated", [task], reason=reason.strip())
    keep_limits([suggestion])
    tell_deputies("suggestions/terminated", suggestion, reason=reason.strip())
    audit.record(by, "suggestions.terminate", suggestion, note=reason.strip())
    return suggestion
