"""Rows as horizontal bars: categories, and progress against schedule."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.safestring import SafeString

from ..words import plain_number
from .drawing import (
    BEHIND,
    GRID,
    MAIN,
    Number,
    clip,
    greatest,
    join,
    line,
    linked,
    rect,
    share,
    text,
)
from .figure import figure, say, short, with_unit


class Bar(NamedTuple):
    """One row or column: label, value, the address of the rows behind it."""

    label: str
    value: Number
    url: str = ""


class Progress(NamedTuple):
    """What is done and what should be done by now, in per cent."""

    label: str
    done: Number
    planned: Number
    url: str = ""


def bars(
    title: str,
    rows: Iterable[Bar | tuple],
    unit: str = "",
    note: str = "",
    whole: Number | None = None,
) -> SafeString:
    """Categories as horizontal bars in the order given, label above, value at the end.

    The longest bar is the greatest value, or `whole` where given (100 for per cent).
    """
    rows = [Bar(*row) for row in rows]
    top = whole or greatest(row.value for row in rows)
    drawn = []
    for i, row in enumerate(rows):
        y = i * 3
        drawn.append(
            linked(
                row.url,
                y,
                3,
                join(
                    text(0, y + 1.15, short(row.label)),
                    text(100, y + 1.15, with_unit(row.value, unit), anchor="end", weight=600),
                    rect(0, y + 1.6, 100, 0.75, GRID, opacity=0.5),
                    rect(0, y + 1.6, share(row.value, top), 0.75, MAIN),
                ),
            )
        )
    return figure_of(title, drawn, len(rows) * 3, rows, unit, note, "项目")


def figure_of(
    title: str, drawn: list, height: float, rows: list[Bar], unit: str, note: str, head: str
) -> SafeString:
    """The figure around a drawing of one value a row: the same values in words and as a table."""
    return figure(
        title,
        drawn,
        height,
        say((row.label, row.value) for row in rows),
        unit,
        note,
        (head, unit or "数量"),
        [(row.label, [plain_number(row.value)], row.url) for row in rows],
    )


def schedule(title: str, rows: Iterable[Progress | tuple], note: str = "") -> SafeString:
    """Progress against schedule (序时进度): the bar is what is done, the mark what should be.

    Both in per cent of the whole; what lies behind is said in words and drawn darker red.
    """
    rows = [Progress(*row) for row in rows]
    drawn = []
    for i, row in enumerate(rows):
        y = i * 4.6
        done, planned = clip(row.done), clip(row.planned)
        drawn.append(
            linked(
                row.url,
                y,
                4.6,
                join(
                    text(0, y + 1.15, row.label, weight=600),
                    rect(0, y + 1.85, 100, 0.75, GRID, opacity=0.5),
                    rect(0, y + 1.85, done, 0.75, MAIN if row.done >= row.planned else BEHIND),
                    line(planned, y + 1.6, planned, y + 2.85, "currentColor", 2.5),
                    text(0, y + 3.8, _behind(row)),
                ),
            )
        )
    words = "；".join(
        f"{r.label}完成 {plain_number(r.done)}%，序时 {plain_number(r.planned)}%，{_behind(r)}"
        for r in rows
    )
    return figure(
        title,
        drawn,
        len(rows) * 4.6,
        words,
        "",
        note or "竖线是按时间应当达到的进度。",
        ("项目", "完成", "序时"),
        [
            (r.label, [f"{plain_number(r.done)}%", f"{plain_number(r.planned)}%"], r.url)
            for r in rows
        ],
    )


def _behind(row: Progress) -> str:
    gap = Decimal(str(row.planned)) - Decimal(str(row.done))
    if gap > 0:
        return f"{plain_number(row.done)}%，滞后 {plain_number(gap)} 个百分点"
    return f"{plain_number(row.done)}%，" + ("已完成" if row.done >= 100 else "符合序时进度")
