"""Duty performance: facts, rule-books, periods, tallies, objections, publications."""

from .books import Outcome, RuleBook, RuleBookVersion, RuleNode
from .objections import Objection
from .periods import ManualAward, Period, Tally, TallyTotal
from .publications import Correction, Publication, PublicationRow
from .records import Aspect, DutyItem, DutyRecord
from .reports import SelfReport

__all__ = [
    "Aspect",
    "Correction",
    "DutyItem",
    "DutyRecord",
    "ManualAward",
    "Objection",
    "Outcome",
    "Period",
    "Publication",
    "PublicationRow",
    "RuleBook",
    "RuleBookVersion",
    "RuleNode",
    "SelfReport",
    "Tally",
    "TallyTotal",
]
