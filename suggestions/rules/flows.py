"""The two processes as tables (the 41 transitions of handling): of a suggestion as a whole, and of
each unit's task in it. The states of a task move the suggestion; see `rules.progress`.
"""

from congress.flow import Flow

from ..models.following import Promise
from ..models.handling import Assignment
from ..models.papers import Suggestion

_S, _T = Suggestion.State, Suggestion.Step
SUGGESTION_FLOW = Flow(
    {
        (_S.DRAFT, _T.INVITE): _S.COSIGNING,
        (_S.DRAFT, _T.SUBMIT): _S.REVIEW,  # to PRE_REVIEW where the rules name steps
        (_S.DRAFT, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.COSIGNING, _T.SUBMIT): _S.REVIEW,
        (_S.COSIGNING, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.PRE_REVIEW, _T.PASS_ON): _S.REVIEW,  # or the next step of pre-review
        (_S.PRE_REVIEW, _T.SEND_BACK): _S.SENT_BACK,
        (_S.PRE_REVIEW, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.SENT_BACK, _T.RESUBMIT): _S.REVIEW,
        (_S.SENT_BACK, _T.INVITE): _S.COSIGNING,
        (_S.SENT_BACK, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.REVIEW, _T.SEND_BACK): _S.SENT_BACK,
        (_S.REVIEW, _T.REFUSE): _S.NOT_ACCEPTED,
        (_S.REVIEW, _T.REGISTER): _S.REGISTERED,
        (_S.REVIEW, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.REGISTERED, _T.CONSULT): _S.CONSULTING,
        (_S.REGISTERED, _T.ASSIGN): _S.ASSIGNED,
        (_S.REGISTERED, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.REGISTERED, _T.CLOSE_OUTSIDE): _S.CLOSED,  # a state secret, of which a number is here
        (_S.CONSULTING, _T.CONSULT): _S.CONSULTING,  # units proposed since are asked too
        (_S.CONSULTING, _T.ASSIGN): _S.ASSIGNED,
        (_S.CONSULTING, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.ASSIGNED, _T.ASSIGN_ON): _S.HANDLING,
        (_S.ASSIGNED, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.ASSIGNED, _T.TERMINATE): _S.TERMINATED,
        (_S.HANDLING, _T.ANSWER): _S.ANSWERED,
        (_S.HANDLING, _T.REOPEN): _S.ASSIGNED,
        (_S.HANDLING, _T.WITHDRAW): _S.WITHDRAWN,
        (_S.HANDLING, _T.TERMINATE): _S.TERMINATED,
        (_S.ANSWERED, _T.ACCEPT): _S.CLOSED,
        (_S.ANSWERED, _T.OBJECT): _S.DISSATISFIED,
        (_S.DISSATISFIED, _T.REHANDLE): _S.REHANDLING,
        (_S.DISSATISFIED, _T.ACCEPT): _S.CLOSED,
        (_S.DISSATISFIED, _T.ESCALATE): _S.ESCALATED,
        (_S.REHANDLING, _T.ANSWER): _S.ANSWERED,
        (_S.ESCALATED, _T.REHANDLE): _S.REHANDLING,
        (_S.ESCALATED, _T.ACCEPT): _S.CLOSED,
        (_S.CLOSED, _T.ARCHIVE): _S.ARCHIVED,
        (_S.CLOSED, _T.OBJECT): _S.DISSATISFIED,  # a judgement corrected on paper
    }
)

_A, _B = Assignment.State, Assignment.Step
ASSIGNMENT_FLOW = Flow(
    {
        (_A.TO_SIGN, _B.SIGN): _A.SIGNED,
        (_A.TO_SIGN, _B.ASK_RETURN): _A.RETURN_ASKED,
        (_A.TO_SIGN, _B.CANCEL): _A.CANCELLED,
        (_A.SIGNED, _B.START): _A.HANDLING,
        (_A.SIGNED, _B.ASK_RETURN): _A.RETURN_ASKED,
        (_A.SIGNED, _B.GIVE_OPINION): _A.OPINION_GIVEN,
        (_A.SIGNED, _B.DRAFT_REPLY): _A.DRAFTED,
        (_A.SIGNED, _B.ASK_EXTENSION): _A.EXTENSION_ASKED,
        (_A.SIGNED, _B.CANCEL): _A.CANCELLED,
        (_A.SIGNED, _B.FINISH): _A.DONE,  # an office that handed on, with the suggestion
        (_A.RETURN_ASKED, _B.ACCEPT_RETURN): _A.RETURNED,
        (_A.RETURN_ASKED, _B.REFUSE_RETURN): _A.SIGNED,
        (_A.RETURN_ASKED, _B.CANCEL): _A.CANCELLED,
        (_A.HANDLING, _B.GIVE_OPINION): _A.OPINION_GIVEN,
        (_A.HANDLING, _B.DRAFT_REPLY): _A.DRAFTED,
        (_A.HANDLING, _B.ASK_EXTENSION): _A.EXTENSION_ASKED,
        (_A.HANDLING, _B.ASK_RETURN): _A.RETURN_ASKED,
        (_A.HANDLING, _B.CANCEL): _A.CANCELLED,
        (_A.HANDLING, _B.FINISH): _A.DONE,  # the same
        (_A.EXTENSION_ASKED, _B.GRANT_EXTENSION): _A.HANDLING,
        (_A.EXTENSION_ASKED, _B.REFUSE_EXTENSION): _A.HANDLING,
        (_A.EXTENSION_ASKED, _B.CANCEL): _A.CANCELLED,
        (_A.OPINION_GIVEN, _B.SEND_OPINION_BACK): _A.OPINION_BACK,
        (_A.OPINION_GIVEN, _B.FINISH): _A.DONE,
        (_A.OPINION_GIVEN, _B.CANCEL): _A.CANCELLED,
        (_A.OPINION_BACK, _B.GIVE_OPINION): _A.OPINION_GIVEN,
        (_A.OPINION_BACK, _B.CANCEL): _A.CANCELLED,
        (_A.DRAFTED, _B.DRAFT_REPLY): _A.DRAFTED,
        (_A.DRAFTED, _B.SIGN_OFF): _A.SIGNED_OFF,
        (_A.DRAFTED, _B.ASK_EXTENSION): _A.EXTENSION_ASKED,  # and back to its draft
        (_A.DRAFTED, _B.CANCEL): _A.CANCELLED,
        (_A.SIGNED_OFF, _B.CHECK): _A.CHECKING,
        (_A.SIGNED_OFF, _B.SERVE): _A.ANSWERED,
        (_A.SIGNED_OFF, _B.DRAFT_REPLY): _A.DRAFTED,
        (_A.CHECKING, _B.PASS_CHECK): _A.SIGNED_OFF,
        (_A.CHECKING, _B.FAIL_CHECK): _A.HANDLING,
        (_A.ANSWERED, _B.REHANDLE): _A.REHANDLING,
        (_A.ANSWERED, _B.FINISH): _A.DONE,
        (_A.REHANDLING, _B.DRAFT_REPLY): _A.DRAFTED,
        (_A.DONE, _B.REHANDLE): _A.REHANDLING,
    }
)

_P, _PS = Promise.State, Promise.Step
PROMISE_FLOW = Flow(
    {
        (_P.RUNNING, _PS.REPORT): _P.REPORTED,
        (_P.RUNNING, _PS.CHANGE): _P.CHANGED,
        (_P.RUNNING, _PS.FAIL): _P.BROKEN,
        (_P.CHANGED, _PS.REPORT): _P.REPORTED,
        (_P.CHANGED, _PS.CHANGE): _P.CHANGED,
        (_P.CHANGED, _PS.FAIL): _P.BROKEN,
        (_P.REPORTED, _PS.CONFIRM): _P.KEPT,
        (_P.REPORTED, _PS.REOPEN): _P.RUNNING,
        (_P.KEPT, _PS.REOPEN): _P.RUNNING,
        (_P.BROKEN, _PS.REOPEN): _P.RUNNING,
    }
)
