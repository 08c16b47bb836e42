"""Figures of suggestions: which year, its facts, and the rows behind a figure."""

from .finding import PLACES, Asked, find_figure, rows_of
from .reading import facts
from .scopes import Scope, Year, belonging, scope_before, scope_of, scopes, year

__all__ = [
    "Asked",
    "PLACES",
    "Scope",
    "Year",
    "belonging",
    "facts",
    "find_figure",
    "rows_of",
    "scope_before",
    "scope_of",
    "scopes",
    "year",
]
