"""What the subjects of suggestions share: their names, and those a member may see."""

from django.db.models import QuerySet

from congress.models import Membership
from suggestions import access
from suggestions.models import (
    Suggestion,
)


def numbered(row: Suggestion) -> str:
    """A suggestion in a line: its number where it has one."""
    return f"{row.number}号 {row.title}" if row.number else row.title


def seen(member: Membership) -> QuerySet:
    """The ids of the suggestions a member may open, to narrow what hangs on them."""
    return access.visible_to(member).order_by().values("pk")
