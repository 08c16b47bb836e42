"""Tallies: three hundred congresses with a full year each, one after the other in one process."""

from congress.tenancy import in_congress
from performance import actions
from performance.models import DutyRecord

from . import years
from .harness import (
    Row,
    at_most,
    compared,
    fresh_statistics,
    memory_added,
    references_checked_once,
    seconds,
)

NAME = "Tallies: 300 congresses of 400 deputies and 25,000 facts"
CONGRESSES, DEPUTIES, FACTS, SHARE = 300, 400, 25_000, 30


def measure() -> list[Row]:
    with references_checked_once(DutyRecord._meta.db_table):
        held = [years.make(f"t{n:03}", DEPUTIES, FACTS) for n in range(CONGRESSES)]
    fresh_statistics()
    took: list[float] = []

    def count(share) -> None:
        took.append(seconds(lambda: [tallied(*one) for one in share]) / len(share))

    tallied(*held[0])  # what a process loads once
    first = memory_added(lambda: count(held[:SHARE]))
    for at in range(SHARE, CONGRESSES - SHARE, SHARE):
        count(held[at : at + SHARE])
    last = memory_added(lambda: count(held[-SHARE:]))
    whole = sum(took) * SHARE
    few, many = took[0], took[-1]
    return [
        Row("all tallies", whole, "s"),
        Row("facts a second", CONGRESSES * FACTS / whole, ""),
        compared(f"one tally, the last {SHARE} beside the first {SHARE}", many, "s", few, 1.2),
        at_most(f"memory added by the last {SHARE} above the first {SHARE}", last - first, "MB", 5),
    ]


def tallied(congress, period) -> None:
    with in_congress(congress):
        actions.tally(period, by=None)
