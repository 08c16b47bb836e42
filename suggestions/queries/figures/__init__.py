"""Figures of suggestions: which year, and its facts."""

from .reading import facts
from .scopes import Scope, Year, belonging, scope_before, scope_of, scopes, year

__all__ = [
    "Scope",
    "Year",
    "belonging",
    "facts",
    "scope_before",
    "scope_of",
    "scopes",
    "year",
]
