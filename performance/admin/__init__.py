"""Duty performance at the committee staff's desk; each page registers itself when imported."""

from . import (  # noqa: F401
    awards,
    books,
    dossiers,
    editions,
    items,
    objections,
    periods,
    publications,
    records,
    reports,
    rules,
    tallies,
    trial,
)
