"""What the subjects of suggestions share: their names."""

from suggestions.models import Suggestion


def numbered(row: Suggestion) -> str:
    """A suggestion in a line: its number where it has one."""
    return f"{row.number}号 {row.title}" if row.number else row.title
