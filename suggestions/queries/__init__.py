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
from .similar import Alike, similar
from .waiting import Waiting, deputy_of, expected_of, promises_to_judge, waiting_for

__all__ = [
    "Alike",
    "Waiting",
    "answering",
    "course",
    "deputy_of",
    "expected_of",
    "keepers",
    "latest_sitting",
    "open_pre_review",
    "people_of",
    "promises_to_judge",
    "rules_in_force",
    "rules_of",
    "signers",
    "similar",
    "sitting_on",
    "tasks",
    "term_on",
    "waiting_for",
]
