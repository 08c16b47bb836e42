"""Duty performance: facts, rule-books, periods, tallies, objections, publications."""

from .books import Outcome, RuleBook, RuleBookVersion, RuleNode
from .objections import Objection
from .periods import ManualAward, Period, Tally, TallyLine, TallyTotal
from .records import Aspect, DutyItem, DutyRecord
from .reports import SelfReport

__all__ = [
    "Aspect",
    "DutyItem",
    "DutyRecord",
    "ManualAward",
    "Objection",
    "Outcome",
    "Period",
    "RuleBook",
    "RuleBookVersion",
    "RuleNode",
    "SelfReport",
    "Tally",
    "TallyLine",
    "TallyTotal",
]
