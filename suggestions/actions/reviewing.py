"""Looked at before it is registered: passed on, sent back, refused, numbered; withdrawn."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access, queries
from ..models import Assignment, Review, Signature, Suggestion
from ..rules.texts import CHECKS, GROUNDS
from .beats import hold, take
from .duties import count_duties, take_duties_back
from .limits import keep_limits
from .numbers import issue_number
from .telling import tell, tell_units
from .texts import ask_reviewers, authors_of, rules_on

State, Step = Suggestion.State, Suggestion.Step
Outcome = Review.Outcome


def _review(suggestion, by, step, result, checks, opinion="", ground="", **more) -> Review:
    return Review.objects.create(
        suggestion=suggestion, revision=suggestion.revisions.order_by("-number").first(),
        step=step, result=result, checks={k: bool(checks.get(k)) for k in CHECKS},
        opinion=opinion.strip(), ground=ground, by=by, **more,
    )  # fmt: skip


@transaction.atomic
def pass_on(
    suggestion: Suggestion, *, by: Membership, checks: dict[str, bool], opinion: str = ""
) -> Suggestion:
    """初审通过: the next step of pre-review, or on to 代工委. The text is not touched."""
    rules = queries.rules_of(suggestion)
    open_step = queries.open_pre_review(suggestion, rules)
    suggestion = take(suggestion, Step.PASS_ON, by)
    _review(suggestion, by, open_step, Review.Result.PASSED, checks, opinion)
    if queries.open_pre_review(suggestion, rules):
        suggestion.state = State.PRE_REVIEW
    suggestion.save()
    ask_reviewers(suggestion, rules)
    audit.record(by, "suggestions.pass_on", suggestion, note=opinion)
    return suggestion


@transaction.atomic
def send_back(
    suggestion: Suggestion, *, by: Membership, opinion: str, checks: dict[str, bool] | None = None
) -> Suggestion:
    """退回修改, with what must be changed; the next text is a new version."""
    if not opinion.strip():
        raise NotAllowed("请写明需要修改的地方")
    step = suggestion.state
    suggestion = take(suggestion, Step.SEND_BACK, by)
    _review(suggestion, by, step, Review.Result.SENT_BACK, checks or {}, opinion)
    suggestion.save()
    keep_limits([suggestion])
    tell("suggestions/sent_back", suggestion, to=authors_of(suggestion), opinion=opinion)
    audit.record(by, "suggestions.send_back", suggestion, note=opinion.strip())
    return suggestion


@transaction.atomic
def refuse(
    suggestion: Suggestion,
    *,
    by: Membership,
    ground: str,
    explanation: str,
    deputy_told_on: dt.date | None,
    outcome: str = Outcome.BACK,
    sent_to: str = "",
) -> Suggestion:
    """不作为建议处理: on a ground of the rules, explained to the deputy before it closes
    (代表法 art. 59 and local rules): given back, or sent on as a petition, for reference or to a
    higher organ (`sent_to` says to whom). It used no number; revised, it may be raised again."""
    if ground not in GROUNDS:
        raise NotAllowed("请选择不作为建议处理的理由")
    if not explanation.strip():
        raise NotAllowed("请写明向代表所作的说明")
    if outcome not in Outcome.values:
        raise NotAllowed("请选择去向")
    if outcome != Outcome.BACK and not sent_to.strip():
        raise NotAllowed("转给其他机关的，请写明转给谁")
    sent_to = sent_to.strip() if outcome != Outcome.BACK else ""
    if deputy_told_on is None or deputy_told_on > timezone.localdate():
        raise NotAllowed("须先向代表说明情况，再作不作为建议处理")
    suggestion = take(suggestion, Step.REFUSE, by)
    _review(suggestion, by, "review", Review.Result.REFUSED, {}, explanation, ground,
            outcome=outcome, sent_to=sent_to)  # fmt: skip
    suggestion.save()
    keep_limits([suggestion])
    take_duties_back(suggestion, by=by, reason="不作为建议处理")
    tell("suggestions/refused", suggestion, to=authors_of(suggestion), ground=GROUNDS[ground],
         explanation=explanation, outcome=Outcome(outcome).label, sent_to=sent_to)  # fmt: skip
    audit.record(by, "suggestions.refuse", suggestion, note=explanation.strip(),
                 after={"理由": GROUNDS[ground], "向代表说明": deputy_told_on,
                        "去向": f"{Outcome(outcome).label}{sent_to}"})  # fmt: skip
    return suggestion


@transaction.atomic
def register(
    suggestion: Suggestion,
    *,
    by: Membership,
    category,
    checks: dict[str, bool],
    raised_before: Suggestion | None = None,
) -> Suggestion:
    """登记: category and number; from now on it is the congress's suggestion and counts as the
    signers' duty."""
    if category is None:
        raise NotAllowed("请选择分类")
    missing = [words for key, words in CHECKS.items() if not checks.get(key)]
    if missing:
        raise NotAllowed(f"还有审查项目没有通过：{'、'.join(missing)}")
    suggestion = take(suggestion, Step.REGISTER, by)
    rules = rules_on(timezone.localdate())
    suggestion.category = category
    suggestion.raised_before = raised_before or suggestion.raised_before
    suggestion.number = issue_number(suggestion, rules)
    suggestion.registered_at = timezone.now()
    suggestion.save()
    _review(suggestion, by, "review", Review.Result.PASSED, checks)
    count_duties(suggestion, rules, by=by)
    keep_limits([suggestion])
    tell("suggestions/registered", suggestion, to=authors_of(suggestion))
    audit.record(by, "suggestions.register", suggestion, after={"编号": suggestion.number})
    return suggestion


@transaction.atomic
def withdraw(
    suggestion: Suggestion, *, by: Membership, reason: str, paper: bool = False
) -> Suggestion:
    """撤回, in writing; a joint one needs every signer's word, which `paper` says the committee
    holds. Handling ends; the number stays used."""
    if not reason.strip():
        raise NotAllowed("请写明撤回的理由")
    suggestion = take(suggestion, Step.WITHDRAW, by)
    joint = suggestion.signatures.filter(state=Signature.State.CONFIRMED)
    if suggestion.registered_at and joint.exists() and not paper:
        raise NotAllowed("联名建议须全体联名代表书面同意才能撤回")
    if access.may_keep(by) and not paper:
        raise NotAllowed("须持有全体提出代表的书面撤回申请")
    suggestion.save()
    for task in suggestion.assignments.exclude(state__in=["returned", "done"]):
        task.state = Assignment.State.CANCELLED
        task.save()
        tell_units("suggestions/task_gone", [task], reason=reason)
    keep_limits([suggestion])
    take_duties_back(suggestion, by=by, reason="建议撤回")
    told = queries.keepers() if suggestion.submitted_at else []
    tell("suggestions/withdrawn", suggestion, to=told, reason=reason)
    audit.record(by, "suggestions.withdraw", suggestion, note=reason.strip())
    return suggestion


@transaction.atomic
def succeed_lead(suggestion: Suggestion, *, by: Membership | None, on: dt.date) -> Suggestion:
    """The lead's mandate ended: the next co-signer in office leads; without one a suggestion not
    yet assigned ends, an assigned one goes on and is answered to the person."""
    suggestion = hold(suggestion)
    signed = suggestion.signatures.filter(state=Signature.State.CONFIRMED).select_related("deputy")
    in_office = queries.serving([s.deputy for s in signed], timezone.localdate())
    following = next((s for s in signed if s.deputy_id in in_office), None)
    if following is not None:
        before, suggestion.lead = suggestion.lead, following.deputy
        following.delete()
        suggestion.save()
        keep_limits([suggestion])
        audit.record(
            by, "suggestions.succeed", suggestion,
            before={"领衔": str(before)}, after={"领衔": str(suggestion.lead)},
        )  # fmt: skip
    elif suggestion.assigned_on is None and suggestion.state != State.NOT_ACCEPTED:
        suggestion.state = State.WITHDRAWN
        suggestion.save()
        keep_limits([suggestion])
        audit.record(by, "suggestions.withdraw", suggestion, note="领衔代表职务终止且无联名代表")
    return suggestion
