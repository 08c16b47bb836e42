"""What apps above know of the days of their own matters: they open it to us, and this app knows
none of them. A changed calendar is then counted once, and told once, for all.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from congress.models import Membership
from congress.rules import WorkCalendar

from .models import Deadline

# Of each kind: by the subject's id the day it has now, and how that was come by.
Days = Mapping[str, Mapping[int, tuple[date, list[str]]]]
Recount = Callable[[WorkCalendar, Membership | None], Days]
Follow = Callable[[list[Deadline]], None]
_RECOUNTS: list[Recount] = []
_FOLLOWERS: dict[str, Follow] = {}


def recount(function: Recount) -> Recount:
    """Register what counts the days of an app's own matters anew under a changed calendar, in the
    open congress, and gives those that its fixed time limits have now."""
    if function not in _RECOUNTS:
        _RECOUNTS.append(function)
    return function


def follow(kind: str) -> Callable[[Follow], Follow]:
    """Register what is told of the time limits of a kind whose day moved, to move with them."""

    def register(function: Follow) -> Follow:
        _FOLLOWERS[kind] = function
        return function

    return register


def days_now(calendar: WorkCalendar, by: Membership | None) -> dict[str, dict[int, tuple]]:
    """The days all apps know of their own matters, by kind and subject."""
    found: dict[str, dict[int, tuple]] = {}
    for function in _RECOUNTS:
        for kind, days in function(calendar, by).items():
            found.setdefault(kind, {}).update(days)
    return found


def tell(moved: Iterable[Deadline]) -> None:
    """Let the matters of these time limits move with them."""
    by_kind: dict[str, list[Deadline]] = {}
    for row in moved:
        by_kind.setdefault(row.kind, []).append(row)
    for kind, rows in by_kind.items():
        if follower := _FOLLOWERS.get(kind):
            follower(rows)
