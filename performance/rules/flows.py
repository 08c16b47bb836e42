"""The processes of this app as tables."""

from congress.flow import Flow

from ..models.books import RuleBookVersion
from ..models.objections import Objection
from ..models.periods import Period
from ..models.publications import Publication
from ..models.reports import SelfReport

_R, _S = SelfReport.State, SelfReport.Step
# 初审 → 复核: two people, each in turn; a returned report may be sent again.
SELF_REPORT_FLOW = Flow(
    {
        (_R.DRAFT, _S.SUBMIT): _R.SUBMITTED,
        (_R.DRAFT, _S.DROP): _R.DROPPED,
        (_R.SUBMITTED, _S.REVIEW): _R.REVIEWED,
        (_R.SUBMITTED, _S.RETURN): _R.RETURNED,
        (_R.SUBMITTED, _S.DROP): _R.DROPPED,
        (_R.REVIEWED, _S.VERIFY): _R.VERIFIED,
        (_R.REVIEWED, _S.RETURN): _R.RETURNED,
        (_R.RETURNED, _S.SUBMIT): _R.SUBMITTED,
        (_R.RETURNED, _S.DROP): _R.DROPPED,
    }
)

_O, _OS = Objection.State, Objection.Step
OBJECTION_FLOW = Flow(
    {
        (_O.OPEN, _OS.UPHOLD): _O.UPHELD,
        (_O.OPEN, _OS.REJECT): _O.REJECTED,
        (_O.OPEN, _OS.DROP): _O.DROPPED,
    }
)

VERSION_FLOW = Flow(
    {
        (
            RuleBookVersion.State.DRAFT,
            RuleBookVersion.Step.PUBLISH,
        ): RuleBookVersion.State.PUBLISHED,
    }
)

PERIOD_FLOW = Flow({(Period.State.OPEN, Period.Step.LOCK): Period.State.LOCKED})

_P, _PS = Publication.State, Publication.Step
# Two people in turn; once published nothing leads away: a correction is a new edition.
PUBLICATION_FLOW = Flow(
    {
        (_P.DRAFT, _PS.PROPOSE): _P.PROPOSED,
        (_P.DRAFT, _PS.DROP): _P.DROPPED,
        (_P.RETURNED, _PS.PROPOSE): _P.PROPOSED,
        (_P.RETURNED, _PS.DROP): _P.DROPPED,
        (_P.PROPOSED, _PS.CONFIRM): _P.CONFIRMED,
        (_P.PROPOSED, _PS.RETURN): _P.RETURNED,
        (_P.CONFIRMED, _PS.FREEZE): _P.PUBLISHED,
        (_P.CONFIRMED, _PS.RETURN): _P.RETURNED,
    }
)
