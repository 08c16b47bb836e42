"""Lists, counts and trees of duty performance."""

from .previews import asked_of, facts_behind, preview, try_out
from .tallies import Change, LineView, difference, latest_tally, lines_of
from .trees import rule_tree, scale_of

__all__ = [
    "Change",
    "LineView",
    "asked_of",
    "difference",
    "facts_behind",
    "latest_tally",
    "lines_of",
    "preview",
    "rule_tree",
    "scale_of",
    "try_out",
]
