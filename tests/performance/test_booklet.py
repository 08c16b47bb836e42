"""The booklet on paper: read back from the PDF, no column's head or figure may lie beyond it."""

import re
import subprocess
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import pytest

from performance import actions, exports
from performance.exports import paper
from performance.models import Publication
from performance.queries import publications as queries

from . import year

EVERYTHING = list(Publication.Column.values)
NARROW, FEW = ["total", "days", "grade"], ["total", "aspects", "days", "grade"]


@pytest.fixture
def period(in_binhai):
    in_binhai.settings["ranking"] = True
    in_binhai.save()
    period = year.period()
    year.facts(year.seats(26, 2), each=60)
    actions.tally(period, by=year.keeper())
    return period


def publish(period, columns):
    one, other = year.keeper(), year.second_keeper()
    publication = actions.draft_publication(
        period, by=one, title="2025年度代表履职情况通报", audience="public", columns=columns
    )
    actions.propose_publication(publication, by=one)
    actions.confirm_publication(publication, by=one)
    actions.freeze_publication(publication, by=other)
    return Publication.objects.select_related(*queries.LINKS).get(pk=publication.pk)


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    words: list[Word]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    def beyond(self, sides: float, ends: float) -> list[Word]:
        """What does not stand within the margins left and right, above and below (in points)."""
        return [
            word
            for word in self.words
            if word.left < sides
            or word.right > self.width - sides
            or word.top < ends
            or word.bottom > self.height - ends
        ]


def read(content: bytes, folder) -> list[Page]:
    """The pages of a PDF with the place of every word."""
    (folder / "a.pdf").write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-bbox", "a.pdf", "-"], cwd=folder, capture_output=True, check=True
    )
    text = re.sub(rb"<!DOCTYPE[^>]*>|<meta[^>]*>", b"", done.stdout)
    space = {"x": "http://www.w3.org/1999/xhtml"}
    return [
        Page(
            float(page.get("width")),
            float(page.get("height")),
            [
                Word(w.text, *(float(w.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")))
                for w in page.iterfind("x:word", space)
            ],
        )
        for page in ElementTree.fromstring(text).iterfind(".//x:page", space)
    ]


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("columns", [NARROW, FEW, EVERYTHING], ids=["narrow", "few", "everything"])
def test_no_column_is_cut(period, tmp_path, columns, large):
    publication = publish(period, columns)
    rows = queries.stored_rows(publication)
    pages = read(exports.booklet(publication, rows, large=large), tmp_path)
    for number, page in enumerate(pages, start=1):
        assert page.beyond(sides=70, ends=30) == [], f"page {number}"
    whole = exports.table(publication, rows)
    for part in whole.parts:
        mine = [page for page in pages if any(row.name in page.text for row, _ in part.rows)]
        for head in whole.heads:
            assert any(head.words in _down(page) for page in mine), head.words
        for row, cells in part.rows:
            said = [word.text for page in mine for word in _beside(page, row.name)]
            for head, value in zip(whole.heads, cells, strict=True):
                if head.kind == "figure":
                    assert value in said, (row.name, head.words)
                    said.remove(value)


def _beside(page: Page, name: str) -> list[Word]:
    """The words in the line of a name."""
    for word in page.words:
        if word.text == name:
            middle = (word.top + word.bottom) / 2
            return [w for w in page.words if w.top < middle < w.bottom]
    return []


def _down(page: Page) -> str:
    """The text of a page read cell by cell downwards: the lines of a head share their middle."""
    columns: dict[int, list[Word]] = {}
    for word in page.words:
        columns.setdefault(round((word.left + word.right) / 4), []).append(word)
    return "|".join("".join(w.text for w in found) for found in columns.values())


# -- How the paper is found, without a document --------------------------------------------------


def columns(count, longest="100.0", group=""):
    return [paper.Column(f"第{n}项", longest, group=group) for n in range(count)]


LEADING = [paper.Column("序号", "386"), paper.Column("姓名", "欧阳明远", 6)]


@pytest.mark.parametrize("papers", [paper.ORDINARY, paper.LARGE], ids=["ordinary", "large"])
@pytest.mark.parametrize("count", [0, 1, 5, 8, 12, 20, 33, 60])
def test_every_column_is_on_one_sheet_and_every_sheet_fits(count, papers):
    found = paper.fit(LEADING, columns(count), papers)
    assert [n for sheet in found.sheets for n in sheet] == list(range(count))
    for sheet, shares in zip(found.sheets, found.shares, strict=True):
        assert len(shares) == len(sheet) + 2 and sum(shares) == pytest.approx(100, abs=0.1)
        for column, share in zip(
            [*LEADING, *(columns(count)[n] for n in sheet)], shares, strict=True
        ):
            given = found.paper.width * share / 100
            assert given >= column.needs(found.paper.size) - 0.1, column


def test_few_columns_stay_upright_more_turn_the_paper_many_are_split():
    found = [paper.fit(LEADING, columns(n), paper.ORDINARY) for n in (5, 12, 40)]
    assert [(f.paper.turned, len(f.sheets)) for f in found] == [(False, 1), (True, 1), (True, 3)]
    assert len({len(sheet) for sheet in found[2].sheets}) <= 2, "sheets are filled evenly"


def test_an_aspect_stays_together_where_it_can():
    grouped = columns(4) + columns(9, group="会议期间") + columns(11, group="闭会期间")
    found = paper.fit(LEADING, grouped, paper.ORDINARY)
    assert [len(sheet) for sheet in found.sheets] == [13, 11]


def test_a_long_name_and_a_long_head_cost_lines_and_no_width_without_end():
    long = paper.Column("对口联系" * 20, "1.0")
    assert long.needs(10) < 150
    assert paper.Column("姓名", "阿" * 60, 6).needs(10) == 66


def test_long_names_long_heads_and_thousands_of_points_fit_too(period, tmp_path):
    publication = publish(period, EVERYTHING)
    name, head = "阿卜杜热合曼·买买提吐尔逊", "参加区人大常委会组织的重大事项专题调研并提交书面报告"
    publication.explanation["items"] = [[k, head] for k, _ in publication.explanation["items"]]
    rows = [
        replace(row, name=name if n % 9 else row.name, total=row.total + 12000)
        for n, row in enumerate(queries.stored_rows(publication))
    ]
    for large in (False, True):
        pages = read(exports.booklet(publication, rows, large=large), tmp_path)
        assert [page.beyond(sides=70, ends=30) for page in pages] == [[] for _ in pages]
        assert any("12372.0" in page.text for page in pages)
