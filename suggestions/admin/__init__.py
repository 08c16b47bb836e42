"""Suggestions at the committee staff's desk; each page registers itself when imported."""

from . import (  # noqa: F401
    batches,
    categories,
    dividing,
    entering,
    figure_rows,
    figures,
    handing_over,
    judging,
    intake,
    merging,
    papers,
    promises,
    publishing,
    reports,
    rule_sets,
    rulings,
    scores,
    suggestions,
    supervising,
    wall,
)
