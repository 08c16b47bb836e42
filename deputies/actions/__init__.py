"""What happens in the registry."""

from .files import add_deputy, correct, open_login, reveal
from .mandates import by_elect, end_term, move, resign, resume, suspend, terminate
from .places import (
    arrange,
    change_role,
    change_title,
    join_committee,
    join_group,
    leave,
    remove_place,
)

__all__ = [
    "add_deputy",
    "arrange",
    "by_elect",
    "change_role",
    "change_title",
    "correct",
    "end_term",
    "join_committee",
    "join_group",
    "leave",
    "move",
    "open_login",
    "remove_place",
    "resign",
    "resume",
    "reveal",
    "suspend",
    "terminate",
]
