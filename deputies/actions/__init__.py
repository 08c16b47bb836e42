"""What happens in the registry."""

from .files import add_deputy, correct, open_login, reveal
from .mandates import by_elect, move, resign, resume, suspend, terminate

__all__ = [
    "add_deputy",
    "by_elect",
    "correct",
    "move",
    "open_login",
    "resign",
    "resume",
    "reveal",
    "suspend",
    "terminate",
]
