"""Who may take which step on a suggestion itself: sign, submit, review, register, end."""

from congress.models import Membership, Role

from ..models import Suggestion
from ..rules import SUGGESTION_FLOW
from .reviewing import may_pre_review
from .roles import KEEPERS, may_keep
from .seeing import is_lead

State, Step = Suggestion.State, Suggestion.Step


def may_mend(member: Membership, suggestion: Suggestion) -> bool:
    """Whether 代工委 mends a text that was sent back for those who cannot: one entered from paper,
    for a delegation or for a deputy without a login."""
    if not may_keep(member) or suggestion.written_by.role not in KEEPERS:
        return False
    return suggestion.lead_id is None or suggestion.lead.membership_id is None


def steps(
    member: Membership, suggestion: Suggestion, pre_review: str = "", withdraw_until: str = ""
) -> list[Step]:
    """The steps a member may take on a suggestion now.

    `pre_review` is the open step of pre-review ("" where none), `withdraw_until` what the rules
    say of withdrawing. Units act on their tasks, not here.
    """
    possible = SUGGESTION_FLOW.steps(suggestion.state)
    if suggestion.is_secret_placeholder:
        # It is handled outside; here it has a number, and its end.
        return [s for s in possible if s == Step.CLOSE_OUTSIDE and may_keep(member)]
    mine: set[Step] = set()
    late = suggestion.assigned_on is not None and withdraw_until == "assigned"
    if is_lead(member, suggestion) and member.role == Role.DEPUTY:
        mine |= {Step.INVITE, Step.SUBMIT, Step.RESUBMIT}
        if not late:
            mine.add(Step.WITHDRAW)
    if may_keep(member) and not late:
        mine.add(Step.WITHDRAW)  # on the signers' written request, which it holds
    if suggestion.state == State.SENT_BACK and may_keep(member) and may_mend(member, suggestion):
        mine.add(Step.RESUBMIT)
    if suggestion.state == State.PRE_REVIEW:
        if may_keep(member) or may_pre_review(member, suggestion, pre_review):
            mine |= {Step.PASS_ON, Step.SEND_BACK}
    elif may_keep(member):
        mine |= {
            Step.SEND_BACK, Step.REFUSE, Step.REGISTER, Step.CONSULT, Step.ASSIGN, Step.REHANDLE,
            Step.ESCALATE, Step.ARCHIVE, Step.TERMINATE,
        }  # fmt: skip
        if suggestion.state in (State.DISSATISFIED, State.ESCALATED):
            mine.add(Step.ACCEPT)
    return [step for step in possible if step in mine]
