"""Lists and counts of suggestions."""

from .base import (
    answering,
    draft_to_sign,
    is_checked_first,
    keepers,
    latest_sitting,
    leads_beside,
    letter_names,
    open_pre_review,
    people_of,
    points_of,
    rules_in_force,
    rules_of,
    signers,
    sitting_on,
    speakers,
    tasks,
    term_on,
)
from .batches import (
    Preview,
    assignable,
    batch_items,
    batch_tasks,
    batch_units,
    preview,
    rules_of_batch,
    suggestions_of_batch,
)
from .conflicts import conflicts, working_in
from .course import course
from .desk import by_due, handed_on, talks_before, tasks_by_due
from .judgements import judgement_for_unit
from .merging import merged_with, reply_to_share
from .papers import Line, paper_lines
from .proposing import Candidate, assignable_units, candidates_of, owners_of
from .rulings import extensions, extensions_waiting_for, returns, returns_waiting_for
from .search import search_published, search_suggestions
from .similar import Alike, similar
from .waiting import (
    Waiting,
    contacts_to_confirm,
    expected_of,
    promises_to_judge,
    waiting_for,
    word_due_on,
)

__all__ = [
    "word_due_on",
    "merged_with",
    "reply_to_share",
    "is_checked_first",
    "conflicts",
    "working_in",
    "draft_to_sign",
    "leads_beside",
    "Alike",
    "Candidate",
    "Line",
    "Preview",
    "Waiting",
    "answering",
    "assignable",
    "assignable_units",
    "batch_items",
    "batch_tasks",
    "batch_units",
    "by_due",
    "candidates_of",
    "contacts_to_confirm",
    "course",
    "expected_of",
    "judgement_for_unit",
    "keepers",
    "extensions",
    "extensions_waiting_for",
    "latest_sitting",
    "open_pre_review",
    "owners_of",
    "people_of",
    "paper_lines",
    "preview",
    "rules_of_batch",
    "promises_to_judge",
    "returns",
    "returns_waiting_for",
    "rules_in_force",
    "rules_of",
    "search_published",
    "search_suggestions",
    "letter_names",
    "points_of",
    "signers",
    "speakers",
    "suggestions_of_batch",
    "similar",
    "sitting_on",
    "tasks",
    "talks_before",
    "handed_on",
    "tasks_by_due",
    "term_on",
    "waiting_for",
]
