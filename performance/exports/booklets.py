"""年度履职情况通报: the booklet for the congress, every column within the paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString

from congress import pdf
from congress.tenancy import current_congress
from congress.words import cn_number, local_day

from ..models import Publication
from ..rules.publications import Result
from . import paper
from .publications import Head, distribution, summary, table

BREAKS_AT = {"name": 6, "part": 6, Publication.Column.GRADE: 4}  # em


@dataclass(frozen=True)
class HeadCell:
    """One cell of the upper row of a head."""

    words: str
    span: int
    rows: int


@dataclass(frozen=True)
class Sheet:
    """The columns of a table that stand side by side on one sheet of paper."""

    words: str  # 续表一; nothing on the first
    shares: list[float]
    top: list[HeadCell]
    below: list[str]
    rows: list[list[tuple[str, str]]]
    foot: list[str]


@dataclass(frozen=True)
class Grid:
    """A table in words: a caption, rows of cells, the cells of the last row after its name."""

    caption: str
    rows: list[list[str]]
    foot_name: str
    foot: list[str]
    notes: Sequence[str] = ()
    lead: str = ""  # in front of the caption of the first sheet


@dataclass(frozen=True)
class Printed:
    """A table on paper, in as many sheets as it needs."""

    grid: Grid
    paper: paper.Paper
    leading: int
    sheets: list[Sheet]


def fitted(
    heads: Sequence[Head], leading: int, grids: Sequence[Grid], *, large: bool = False
) -> list[Printed]:
    """Tables of the same columns as they are printed, all alike; the `leading` columns come again
    on every sheet."""
    columns = [_column(head, n, leading, grids) for n, head in enumerate(heads)]
    papers = paper.LARGE if large else paper.ORDINARY
    found = paper.fit(columns[:leading], columns[leading:], papers)
    return [
        Printed(
            grid,
            found.paper,
            leading,
            [
                _sheet(heads, leading, grid, number, [n + leading for n in chosen], shares)
                for number, (chosen, shares) in enumerate(
                    zip(found.sheets, found.shares, strict=True)
                )
            ],
        )
        for grid in grids
    ]


def _column(head: Head, number: int, leading: int, grids: Sequence[Grid]) -> paper.Column:
    values = [cells[number] for grid in grids for cells in grid.rows]
    if number >= leading:
        values += [grid.foot[number - leading] for grid in grids]
    longest = max(values, key=paper.em, default="")
    return paper.Column(head.words, longest, BREAKS_AT.get(head.key, 0), head.group)


def _sheet(
    heads: Sequence[Head],
    leading: int,
    grid: Grid,
    number: int,
    chosen: list[int],
    shares: list[float],
) -> Sheet:
    shown = [*range(leading), *chosen]
    top, below = _head([heads[n] for n in shown])
    return Sheet(
        f"续表{cn_number(number)}" if number else "",
        shares,
        top,
        below,
        [[(cells[n], heads[n].kind) for n in shown] for cells in grid.rows],
        [grid.foot[n - leading] for n in chosen],
    )


def _head(heads: Sequence[Head]) -> tuple[list[HeadCell], list[str]]:
    """The head in two rows where columns belong to an aspect, else in one."""
    if not any(head.group for head in heads):
        return [HeadCell(head.words, 1, 1) for head in heads], []
    top = []
    for group, members in groupby(heads, key=lambda head: head.group):
        found = list(members)
        if group:
            top.append(HeadCell(group, len(found), 1))
        else:
            top += [HeadCell(head.words, 1, 2) for head in found]
    return top, [head.words for head in heads if head.group]


def _people(publication: Publication, rows: Sequence[Result], large: bool) -> list[Printed]:
    whole = table(publication, rows)
    grids = [
        Grid(
            f"{part.name}（{len(part.rows)}人）",
            [cells for _, cells in part.rows],
            "平均",
            part.foot,
            part.notes,
            lead="" if number else "三、",
        )
        for number, part in enumerate(whole.parts)
    ]
    return fitted(whole.heads, 2, grids, large=large)


def _figures(said: dict[str, Any], large: bool) -> list[Printed]:
    """Means of every part beside the whole, where there is more than one."""
    if len(said["parts"]) < 2:
        return []
    heads = [Head("part", "分组", "words"), Head("deputies", "代表人数", "figure")]
    if said["shows_total"]:
        heads.append(Head("mean", "平均得分", "figure"))
    if said["shows_days"]:
        heads.append(Head("mean_days", "人均履职天数", "figure"))
    simple = [head.key for head in heads[1:]]
    grades = said["grades"] if said["shows_grade"] else []
    heads += [Head(f"grade:{name}", name, "figure") for name in grades]

    def cells(values: dict) -> list[str]:
        counts = [str(count) for _, count in values["grades"]] if grades else []
        return [str(values[key]) for key in simple] + counts

    rows = [[name, *cells(values)] for name, values in said["parts"]]
    return fitted(heads, 1, [Grid("各组情况", rows, "合计", cells(said["all"]))], large=large)


def booklet_context(
    publication: Publication, rows: Sequence[Result], *, large: bool = False
) -> dict[str, Any]:
    """What the booklet's template needs."""
    said = summary(publication)
    return {
        "congress": current_congress(),
        "publication": publication,
        "on": local_day(publication.published_at),
        "told": publication.explanation,
        "summary": said,
        "chart": SafeString(distribution(publication, rows, paper=True)),
        "figures": _figures(said, large),
        "people": _people(publication, rows, large),
        "large": large,
    }


def booklet(publication: Publication, rows: Sequence[Result], *, large: bool = False) -> bytes:
    """年度履职情况通报: the booklet for the congress as PDF; `large`: the large-print variant."""
    return pdf.document(
        "performance/documents/booklet.html", booklet_context(publication, rows, large=large)
    )
