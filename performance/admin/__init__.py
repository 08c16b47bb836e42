"""Duty performance at the committee staff's desk; each page registers itself when imported."""

from . import books, items, rules, trial  # noqa: F401
