"""What a measurement is made of: rows with their floor, and the few ways to take one.

A module of this folder with a `NAME` and `measure() -> list[Row]` is a measurement; each runs in
a process of its own (so its peak memory is its own) on an empty, migrated database of its own.
`floor` is the same work done barely (hand-written SQL, bare WeasyPrint), taken in the same run;
`ratio` is the value over the floor, and says more than seconds do on another machine.
"""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from django.test.utils import CaptureQueriesContext

DATABASES = ("default", "platform")


@dataclass(frozen=True)
class Row:
    """One measured figure. `goal` is how it is written, `met` whether it was reached."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def compared(what: str, value: float, unit: str, floor: float, most: float | None = None) -> Row:
    """A row with its floor; `most` is the greatest ratio that is still good."""
    ratio = value / floor
    goal = f"ratio ≤ {most:g}" if most else ""
    return Row(what, value, unit, floor, ratio, goal, ratio <= most if most else None)


def at_most(what: str, value: float, unit: str, most: float | None = None) -> Row:
    """A row without a floor; `most` is the greatest value that is still good."""
    goal = f"≤ {most:g} {unit}".rstrip() if most is not None else ""
    return Row(what, value, unit, goal=goal, met=value <= most if most is not None else None)


def no_more(what: str, count: int, least: int, goal: str) -> Row:
    """A number of queries beside the one it must not exceed."""
    return Row(what, count, "", least, None, goal, count <= least)


def seconds(work: Callable[[], Any], times: int = 1) -> float:
    """How long some work takes: the quickest of so many times."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def fresh_statistics() -> None:
    """What the database does by itself within minutes of a great load. Only who owns a table may
    ask for it; for anybody else it is passed over."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def references_checked_once(table: str) -> Iterator[None]:
    """While millions of rows are loaded, what they point to is not looked up row by row but for
    the whole table at the end, as a restored backup does it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        references = cursor.fetchall()
        for name, _ in references:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    yield
    with connections["owner"].cursor() as cursor:
        for name, definition in references:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def queries(work: Callable[[], Any]) -> int:
    """How many queries some work sends, over the application's and the platform's login."""
    counts = [CaptureQueriesContext(connections[alias]) for alias in DATABASES]
    for count in counts:
        count.__enter__()
    try:
        work()
    finally:
        for count in counts:
            count.__exit__(None, None, None)
    return sum(len(count) for count in counts)


def peak_memory() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory_added(work: Callable[[], Any]) -> float:
    """The most memory some work holds above what the process held before, in MB."""
    Path("/proc/self/clear_refs").write_text("5")  # begin the high-water mark anew
    before = _high_water()
    work()
    return _high_water() - before


def _high_water() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def percentile(values: list[float], share: int) -> float:
    """The value that `share` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
