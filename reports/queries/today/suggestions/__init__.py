"""Suggestions: what waits for staff at intake, at 交办, during handling and after the reply."""

from .following import (
    classes_to_agree,
    key_to_decide,
    promises_late,
    promises_to_verify,
    supervised,
    to_publish,
)
from .handling import extensions_to_decide, late_tasks, own_tasks, replies_to_check, returns_to_rule
from .intake import to_assign, to_pre_review, to_pre_review_in_group, to_review
from .judging import (
    dissatisfied,
    escalated,
    forms_to_collect,
    forms_to_compare,
    silent,
    talks_to_confirm,
)

__all__ = [
    "classes_to_agree",
    "dissatisfied",
    "escalated",
    "extensions_to_decide",
    "forms_to_collect",
    "forms_to_compare",
    "key_to_decide",
    "late_tasks",
    "own_tasks",
    "promises_late",
    "promises_to_verify",
    "replies_to_check",
    "returns_to_rule",
    "silent",
    "supervised",
    "talks_to_confirm",
    "to_assign",
    "to_pre_review",
    "to_pre_review_in_group",
    "to_publish",
    "to_review",
]
