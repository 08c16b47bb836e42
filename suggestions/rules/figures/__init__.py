"""Figures of suggestions: facts, formulas, breakdowns, and whether they agree."""

from .across import EVERY, of_deputies, upgraded
from .breakdowns import (
    COLUMNS,
    VALUE_WORDS,
    WORDS,
    Part,
    by_class,
    by_dimension,
    by_place,
    by_unit,
    by_value,
    cosigned_by,
    names_of,
    tasks_of,
    within,
)
from .checks import Check, checks, faults
from .formula import Figure, Formula, evaluate, evaluate_all, percent
from .formulas import FORMULAS
from .items import Item, worst_class
from .rows import Answer, Klass, Place, Pledge, Return, Talk, Word, reply_limit
from .tasks import Task
from .units import UNIT_FORMULAS

__all__ = [
    "Answer",
    "COLUMNS",
    "Check",
    "EVERY",
    "FORMULAS",
    "Figure",
    "Formula",
    "Item",
    "Klass",
    "Part",
    "Place",
    "Pledge",
    "Return",
    "Talk",
    "Task",
    "UNIT_FORMULAS",
    "VALUE_WORDS",
    "WORDS",
    "Word",
    "by_class",
    "by_dimension",
    "by_place",
    "by_unit",
    "by_value",
    "checks",
    "cosigned_by",
    "evaluate",
    "evaluate_all",
    "faults",
    "names_of",
    "of_deputies",
    "percent",
    "reply_limit",
    "tasks_of",
    "upgraded",
    "within",
    "worst_class",
]
