"""等次: half-open intervals, so that no score has two grades and none has no grade."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .vocabulary import number


@dataclass(frozen=True)
class Band:
    """A grade for low ≤ score < high; no bound where there is None."""

    name: str
    low: Decimal | None
    high: Decimal | None
    colour: str = ""


def parse_bands(rows: Iterable[Mapping[str, Any]]) -> list[Band]:
    """Bands from their stored form, the highest first."""
    bands = [
        Band(row["name"], number(row, "low"), number(row, "high"), row.get("colour", ""))
        for row in rows
    ]
    return sorted(bands, key=lambda b: (b.low is not None, b.low or 0), reverse=True)


def check_bands(bands: Iterable[Band]) -> list[str]:
    """Gaps and overlaps in sentences: printed rule-books often have 60 in two grades and 79.5
    in none."""
    ordered = sorted(bands, key=lambda b: (b.low is not None, b.low or 0))
    faults = [
        f"“{b.name}”的下限不低于上限"
        for b in ordered
        if b.low is not None and b.high is not None and b.low >= b.high
    ]
    for lower, upper in zip(ordered, ordered[1:], strict=False):
        if upper.low is None or lower.high is None or lower.high > upper.low:
            faults.append(f"“{lower.name}”与“{upper.name}”重叠：{upper.low}分同时属于两个等次")
        elif lower.high < upper.low:
            faults.append(f"“{lower.name}”与“{upper.name}”之间有空档：{lower.high}分不属于任何等次")
    if ordered and ordered[-1].high is not None:
        faults.append(f"{ordered[-1].high}分及以上不属于任何等次")
    if ordered and ordered[0].low is not None:
        faults.append(f"{ordered[0].low}分以下不属于任何等次")
    return faults


def band_of(score: Decimal, bands: Iterable[Band]) -> str:
    """The name of the grade of a score; "" where the book has none for it."""
    for band in bands:
        if (band.low is None or score >= band.low) and (band.high is None or score < band.high):
            return band.name
    return ""
