"""Values over years or months, as columns or as lines."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from ..words import plain_number
from .drawing import (
    DASHES,
    MAIN,
    SECOND,
    THIRD,
    Number,
    gives_way,
    greatest,
    join,
    line,
    linked,
    mark,
    rect,
    share,
    text,
    under,
)
from .figure import figure, legend_of
from .rows import Bar, figure_of


def columns(title: str, rows: Iterable[Bar | tuple], unit: str = "", note: str = "") -> SafeString:
    """Values over years or months as columns; the last one stands out."""
    rows = [Bar(*row) for row in rows]
    top = greatest(row.value for row in rows)
    band = 100 / max(1, len(rows))
    drawn = [line(0, 10, 100, 10, THIRD if not rows else SECOND)]
    for i, row in enumerate(rows):
        height = 8 * share(row.value, top) / 100
        middle, dense = (i + 0.5) * band, gives_way(i, len(rows))
        fill = MAIN if i == len(rows) - 1 else SECOND
        drawn.append(
            linked(
                row.url,
                0,
                11.5,
                join(
                    rect(middle - band * 0.3, 10 - height, band * 0.6, height, fill),
                    text(middle, 9.6 - height, plain_number(row.value), "middle", 600, dense),
                    under(i, len(rows), row.label),
                ),
                x=i * band,
                width=band,
            )
        )
    return figure_of(title, drawn, 11.8, rows, unit, note, "时间")


def trend(
    title: str,
    labels: Sequence[str],
    series: Iterable[tuple[str, Sequence[Number | None]]],
    unit: str = "",
    note: str = "",
) -> SafeString:
    """Up to three lines over time, told apart by dash and mark as well as by colour.

    `labels` are the moments; each series is its name and one value per moment, None where
    there is none.
    """
    series = [(name, list(values)) for name, values in series]
    if len(series) > len(DASHES):
        raise ValueError("a chart of more than three lines cannot be read")
    top = greatest(v for _, values in series for v in values if v is not None)
    band = 100 / max(1, len(labels))
    drawn = [line(0, 10, 100, 10, SECOND)]
    for i, label in enumerate(labels):
        drawn.append(under(i, len(labels), label))
    for k, (_, values) in enumerate(series):
        points = [
            (i, (i + 0.5) * band, 10 - 8 * share(v, top) / 100, v)
            for i, v in enumerate(values)
            if v is not None
        ]
        for (i, x1, y1, _), (j, x2, y2, _) in zip(points, points[1:], strict=False):
            if j == i + 1:
                drawn.append(line(x1, y1, x2, y2, (MAIN, SECOND, THIRD)[k], 2.5, DASHES[k]))
        for i, x, y, v in points:
            drawn.append(mark(k, x, y))
            if len(series) == 1:
                drawn.append(
                    text(x, y - 0.6, plain_number(v), "middle", 600, gives_way(i, len(labels)))
                )
    rows = [
        (label, ["" if values[i] is None else plain_number(values[i]) for _, values in series], "")
        for i, label in enumerate(labels)
    ]
    words = "；".join(
        f"{name}："
        + "，".join(
            f"{label} {plain_number(v)}"
            for label, v in zip(labels, values, strict=True)
            if v is not None
        )
        for name, values in series
    )
    legend = legend_of([name for name, _ in series]) if len(series) > 1 else SafeString("")
    return figure(
        title, drawn, 11.8, words, unit, note, ("时间", *(name for name, _ in series)), rows, legend
    )
