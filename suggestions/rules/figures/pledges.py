"""Promises in the figures: judged by the day first given, whatever was changed later."""

from collections.abc import Callable

from .formula import Keys
from .rows import Pledge


def kept_in_time(p: Pledge) -> bool:
    """Whether a promise was kept by the day first given."""
    return p.state == "kept" and p.kept_on is not None and p.kept_on <= p.first_due_on


def pledges_due(test: Callable[[Pledge], bool] = lambda p: True) -> Keys:
    """The keys of a row's promises whose first day has come."""
    return lambda row: tuple(p.pk for p in row.pledges if p.first_due_on <= row.on and test(p))
