"""What the registry's pages ask."""

from .rosters import AnswersForm, RosterForm

__all__ = ["AnswersForm", "RosterForm"]
