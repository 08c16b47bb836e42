"""How values are spread over neighbouring ranges."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.safestring import SafeString

from ..words import plain_number
from .drawing import (
    MAIN,
    SECOND,
    Number,
    gives_way,
    greatest,
    join,
    line,
    linked,
    rect,
    share,
    text,
)
from .figure import figure, say


class Bin(NamedTuple):
    """How many values are from `low` up to, not including, `high`."""

    low: Number
    high: Number
    count: int
    url: str = ""


def histogram(
    title: str,
    bins: Iterable[Bin | tuple],
    unit: str = "",
    marks: Iterable[tuple] = (),
    note: str = "",
) -> SafeString:
    """How values are distributed over neighbouring ranges.

    `marks` are (words, value), such as ("平均", 586): a line with words above the columns.
    """
    bins = [Bin(*b) for b in bins]
    if not bins:
        return figure(title, [], 0, "没有数据", unit, note, ("范围", "数量"), [])
    top = greatest(b.count for b in bins)
    low, high = float(bins[0].low), float(bins[-1].high)
    span = (high - low) or 1
    at = [(float(b.low) - low) / span * 100 for b in bins] + [100.0]
    drawn = [line(0, 11.5, 100, 11.5, SECOND)]
    for i, b in enumerate(bins):
        height = 8 * share(b.count, top) / 100
        middle, width = (at[i] + at[i + 1]) / 2, at[i + 1] - at[i]
        drawn.append(
            linked(
                b.url,
                0,
                11.5,
                join(
                    rect(at[i] + 0.2, 11.5 - height, max(0.2, width - 0.4), height, MAIN),
                    text(
                        middle,
                        11.1 - height,
                        plain_number(b.count),
                        "middle",
                        600,
                        gives_way(i, len(bins)),
                    )
                    if b.count
                    else "",
                ),
                x=at[i],
                width=width,
            )
        )
        drawn.append(
            text(
                at[i],
                12.8,
                plain_number(b.low),
                "start" if i == 0 else "middle",
                400,
                gives_way(i, len(bins) + 1),
            )
        )
    drawn.append(text(100, 12.8, plain_number(bins[-1].high), "end"))
    for words, value in marks:
        x = max(0.0, min(100.0, (float(value) - low) / span * 100))
        drawn.append(line(x, 1.5, x, 11.5, "currentColor", 1.5, "5 3"))
        anchor = "end" if x > 75 else "start" if x < 25 else "middle"
        drawn.append(text(x, 1.1, f"{words} {plain_number(value)}", anchor))
    rows = [
        (f"{plain_number(b.low)}–{plain_number(b.high)}", [plain_number(b.count)], b.url)
        for b in bins
    ]
    return figure(
        title,
        drawn,
        13.2,
        say((label, values[0]) for label, values, _ in rows),
        unit,
        note,
        ("范围", unit or "数量"),
        rows,
    )


def into_bins(values: Iterable[Number], width: int) -> list[Bin]:
    """Values counted into ranges of one width, from the lowest to the highest, none left out."""
    counts: dict[int, int] = {}
    for value in values:
        start = int(value // width) * width
        counts[start] = counts.get(start, 0) + 1
    if not counts:
        return []
    return [
        Bin(low, low + width, counts.get(low, 0))
        for low in range(min(counts), max(counts) + width, width)
    ]
