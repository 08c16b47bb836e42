"""Lists, counts and trees of duty performance."""

from .accounts import account
from .previews import asked_of, counted, facts_behind, preview, try_out
from .results import figures_of, narrowed
from .tallies import Change, LineView, changes_since, difference, latest_tally, lines_of
from .trees import rule_tree, scale_of

__all__ = [
    "Change",
    "LineView",
    "account",
    "asked_of",
    "counted",
    "changes_since",
    "difference",
    "facts_behind",
    "figures_of",
    "latest_tally",
    "lines_of",
    "narrowed",
    "preview",
    "rule_tree",
    "scale_of",
    "try_out",
]
