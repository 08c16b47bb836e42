"""How the kernel's strings become values; fields for the forms of every app."""

from .fields import DayField, WordsField

__all__ = ["DayField", "WordsField"]
