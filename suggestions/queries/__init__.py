"""Lists and counts of suggestions."""

from .base import (
    answering,
    keepers,
    latest_sitting,
    open_pre_review,
    people_of,
    rules_in_force,
    rules_of,
    signers,
    sitting_on,
    tasks,
    term_on,
)
from .course import course
from .desk import by_due, tasks_by_due
from .judgements import judgement_for_unit
from .search import search_published, search_suggestions
from .similar import Alike, similar
from .waiting import (
    Waiting,
    contacts_to_confirm,
    expected_of,
    promises_to_judge,
    waiting_for,
)

__all__ = [
    "Alike",
    "Waiting",
    "answering",
    "by_due",
    "contacts_to_confirm",
    "course",
    "expected_of",
    "judgement_for_unit",
    "keepers",
    "latest_sitting",
    "open_pre_review",
    "people_of",
    "promises_to_judge",
    "rules_in_force",
    "rules_of",
    "search_published",
    "search_suggestions",
    "signers",
    "similar",
    "sitting_on",
    "tasks",
    "tasks_by_due",
    "term_on",
    "waiting_for",
]
