"""What a points rule-book says, as plain functions: no query, no clock, no request."""

from .bands import Band, band_of, check_bands, parse_bands
from .compare import Change, compare
from .describe import describe
from .evaluate import Evaluation, Facts, Line, evaluate
from .explain import explain
from .flows import (
    OBJECTION_FLOW,
    PERIOD_FLOW,
    PUBLICATION_FLOW,
    SELF_REPORT_FLOW,
    VERSION_FLOW,
)
from .gates import Gate, graded, parse_gates
from .vocabulary import Faulty, Measure, Rule, build_tree, check_tree, warnings

__all__ = [
    "OBJECTION_FLOW",
    "PERIOD_FLOW",
    "PUBLICATION_FLOW",
    "SELF_REPORT_FLOW",
    "VERSION_FLOW",
    "Band",
    "Change",
    "Evaluation",
    "Facts",
    "Faulty",
    "Gate",
    "Line",
    "Measure",
    "Rule",
    "band_of",
    "build_tree",
    "check_bands",
    "check_tree",
    "compare",
    "describe",
    "evaluate",
    "explain",
    "graded",
    "parse_bands",
    "parse_gates",
    "warnings",
]
