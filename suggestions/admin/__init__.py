"""Suggestions at the committee staff's desk; each page registers itself when imported."""

from . import (  # noqa: F401
    batches,
    dividing,
    handing_over,
    publishing,
    suggestions,
    supervising,
    wall,
    papers,
    publishing,
    rulings,
)
