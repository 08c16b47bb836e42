"""What happens in the registry."""

from .files import add_deputy, correct, open_login, reveal
from .mandates import by_elect, move, resign, resume, suspend, terminate
from .rosters import apply_roster, check_roster, confirm_roster, undo_roster, upload_roster

__all__ = [
    "add_deputy",
    "apply_roster",
    "by_elect",
    "check_roster",
    "confirm_roster",
    "correct",
    "move",
    "open_login",
    "resign",
    "resume",
    "reveal",
    "suspend",
    "terminate",
    "undo_roster",
    "upload_roster",
]
