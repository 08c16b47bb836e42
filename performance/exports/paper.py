"""A table fitted to the paper: upright, turned, or split into sheets (续表); nothing is cut.

Pure measures, no query: a column says what it needs, `fit` finds the paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil

DIGIT, LETTER, OTHER = 0.6, 0.9, 1.0  # em, of the widest font that is shipped
HEAD_LINES = 7  # a head of more lines than these is not read any more
PAD = 6.0  # points of padding and rule in a cell, both sides together


@dataclass(frozen=True)
class Paper:
    """A way to print: upright or turned, the width in points, the size of the letters."""

    turned: bool
    width: float
    size: float


UPRIGHT, TURNED = 442.0, 700.0  # 156 and 247 mm, the type areas of documents/layout.css
ORDINARY = (
    Paper(False, UPRIGHT, 12),
    Paper(False, UPRIGHT, 11),
    Paper(True, TURNED, 12),
    Paper(True, TURNED, 11),
    Paper(True, TURNED, 10),
)
LARGE = (Paper(False, UPRIGHT, 18), Paper(True, TURNED, 18), Paper(True, TURNED, 16))


@dataclass(frozen=True)
class Column:
    """What the width of a column hangs on: its head, its longest value, from how many em on
    that value is broken over lines (never where 0), the group whose columns stay together."""

    head: str
    longest: str = ""
    breaks_at: int = 0
    group: str = ""

    def needs(self, size: float) -> float:
        """The points it needs so that no figure is broken and no head grows too high."""
        body = min(em(self.longest), self.breaks_at or 1000)
        head = max(min(2, len(self.head)), ceil(em(self.head) / HEAD_LINES))
        return max(body, head) * size + PAD


@dataclass(frozen=True)
class Fit:
    """How a table is printed: the paper and, sheet by sheet, which columns with what share of
    the width (per cent, the leading columns in front)."""

    paper: Paper
    sheets: list[list[int]]
    shares: list[list[float]]


def em(text: str) -> float:
    """The width of a line of text in em, rather too wide than too narrow."""
    return sum(
        (DIGIT if c.isdecimal() or c in ".,-−" else LETTER) if c.isascii() or c == "−" else OTHER
        for c in text
    )


def fit(leading: Sequence[Column], others: Sequence[Column], papers: Sequence[Paper]) -> Fit:
    """The first of the papers that takes all columns; where none does, as few sheets as the last
    one needs, each beginning with the leading columns, groups kept whole where they can be, in
    the largest letters that need no more sheets."""
    for paper in papers:
        if len(sheets := _split(leading, others, paper)) <= 1:
            return _shared(leading, others, paper, sheets)
    fewest = len(sheets)
    for paper in papers:
        if paper.turned and len(sheets := _split(leading, others, paper)) == fewest:
            break
    return _shared(leading, others, paper, sheets)


def _split(leading: Sequence[Column], others: Sequence[Column], paper: Paper) -> list[list[int]]:
    """Consecutive columns in as few sheets as fit; then as few groups cut, then evenly filled."""
    widths = [column.needs(paper.size) for column in others]
    space = paper.width - sum(column.needs(paper.size) for column in leading)

    @cache
    def best(start: int) -> tuple[int, int, float, int]:
        """From a column on: sheets, cut groups, the fullest sheet, where the first one ends."""
        if start == len(others):
            return 0, 0, 0.0, start
        found = []
        for end in range(start + 1, len(others) + 1):
            width = sum(widths[start:end])
            if width > space and end > start + 1:
                break
            count, cuts, fullest, _ = best(end)
            cut = end < len(others) and others[end - 1].group == others[end].group != ""
            found.append((count + 1, cuts + cut, max(fullest, width), end))
        return min(found)

    sheets, start = [], 0
    while start < len(others):
        end = best(start)[3]
        sheets.append(list(range(start, end)))
        start = end
    return sheets or [[]]


def _shared(
    leading: Sequence[Column], others: Sequence[Column], paper: Paper, sheets: list[list[int]]
) -> Fit:
    shares = []
    for sheet in sheets:
        widths = [c.needs(paper.size) for c in (*leading, *(others[n] for n in sheet))]
        shares.append([round(100 * width / sum(widths), 3) for width in widths])
    return Fit(paper, sheets, shares)
