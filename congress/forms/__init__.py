"""How the kernel's strings become values; fields and filters for the forms of every app."""

from .fields import DayField, WordsField
from .filters import FilterForm, TabField

__all__ = ["DayField", "FilterForm", "TabField", "WordsField"]
