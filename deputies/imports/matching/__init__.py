"""Each line of a roster against the registry: who it is, what it would change.

A line becomes new, changed, unchanged, a conflict (somebody must say) or an error. Two people of
one name are told apart only by what both lines say: where that is not enough, we ask.
"""

from .compare import compare
from .rows import KIND_WORDS, Checked, Outcome, Row

__all__ = ["KIND_WORDS", "Checked", "Outcome", "Row", "compare"]
