"""Lists, counts and trees of duty performance."""

from .tallies import Change, LineView, difference, latest_tally, lines_of
from .trees import rule_tree, scale_of

__all__ = [
    "Change",
    "LineView",
    "difference",
    "latest_tally",
    "lines_of",
    "rule_tree",
    "scale_of",
]
