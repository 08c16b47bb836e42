"""What is not said in public figures: judgements of one or two, and what they could be reckoned
from."""

import io

import pytest
import time_machine
from pypdf import PdfReader

from congress import files
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.exports.figures import Cell, tables
from suggestions.exports.public_figures import NOT_TOLD, TOTAL, for_everybody, people_of
from suggestions.models import YearlyReport
from suggestions.rules.figures.withholding import JUDGED, WHY, few, withheld_lines

from .test_figures import present
from .year import ON, at

TITLE = "关于代表建议办理情况的报告"


def everybody_apart(key: int) -> int:
    return key


def lines(*sizes: int) -> list[list[range]]:
    """One column; every judgement by another person."""
    found, start = [], 0
    for size in sizes:
        found.append([range(start, start + size)])
        start += size
    return found


@pytest.mark.parametrize(
    ("sizes", "out"),
    [
        ((5, 9, 4), set()),
        ((0, 9, 4), set()),  # nothing tells nothing
        ((2, 9, 4), {0, 2}),  # the smallest other goes too, or the total tells the two
        ((1, 1, 9), {0, 1, 2}),  # one and one are two: still few
        ((2, 1, 9), {0, 1}),  # three together tell of nobody
        ((1, 0, 0), {0}),
        ((2, 2, 0), {0, 1}),
    ],
)
def test_few_are_withheld_and_as_many_others_as_a_subtraction_needs(sizes, out):
    assert withheld_lines(lines(*sizes), everybody_apart) == out


def test_three_judgements_of_one_deputy_are_still_one_deputys():
    assert few([1, 2, 3], lambda key: "代表甲")
    assert not few([1, 2, 3], everybody_apart)
    assert not few([], everybody_apart)
    one = withheld_lines(lines(4, 9, 7), lambda key: "甲" if key < 4 else key)
    assert one == {0, 2}


def test_a_line_withheld_in_one_column_is_withheld_in_all():
    first, last = lines(9, 8, 7), lines(9, 2, 7)
    both = [[*a, *b] for a, b in zip(first, last, strict=True)]
    assert withheld_lines(both, everybody_apart) == {1, 2}


# -- A year -------------------------------------------------------------------------------------


@pytest.fixture
def binhai(congress_of_year):
    return congress_of_year


@pytest.fixture
def maker(in_binhai, maker_of_year):
    with time_machine.travel(at(ON), tick=False):
        yield maker_of_year


def judged_cells(table) -> list[tuple[int, int, Cell]]:
    return [
        (n, k, value)
        for n, line in enumerate(table.lines)
        for k, value in enumerate(line)
        if isinstance(value, Cell) and value.figure.formula.id in JUDGED
    ]


@pytest.mark.django_db
def test_nothing_told_rests_on_few_nor_does_what_a_total_leaves(maker):
    year = present(maker.clerk)
    person_of = people_of(year)
    withheld = 0
    for table in tables(year):
        told = for_everybody(table, person_of)
        total: dict[int, set] = {}
        rest: dict[int, set] = {}
        for n, k, cell in judged_cells(table):
            keys, kind = set(cell.figure.of), cell.figure.formula.of_kind
            is_told = told.lines[n][k] != NOT_TOLD
            withheld += not is_told
            if table.key.startswith("group") or table.key == "judgements":
                continue
            if is_told:
                assert not few(keys, person_of(kind)), (table.key, table.lines[n][0])
            if table.lines[n][0] == TOTAL:
                total[k] = keys if is_told else set()
            elif is_told:
                rest.setdefault(k, set()).update(keys)
        for k, keys in total.items():
            assert not few(keys - rest.get(k, set()), person_of("item")), (table.key, k)
        if any(NOT_TOLD in line for line in told.lines):
            assert WHY in told.note
    assert withheld  # the year has small lines, so the test tried something


@pytest.mark.django_db
def test_later_rounds_of_few_are_not_left_by_the_first_and_all(maker):
    year = present(maker.clerk)
    person_of = people_of(year)
    table = next(t for t in tables(year) if t.key == "judgements")
    told = for_everybody(table, person_of)
    said = [
        {key for value in line if isinstance(value, Cell) and "silent" not in value.asked.at
         for key in value.figure.top}
        for line in table.lines
    ]  # fmt: skip
    later = said[1] - said[0]
    assert later  # some were judged again
    assert (NOT_TOLD in told.lines[1]) == few(later, person_of("word"))


@pytest.mark.django_db
def test_everybodys_page_and_paper_withhold_and_say_why_and_the_staff_read_all(
    binhai, maker, stranger_at, client_of
):
    row = actions.start_report(maker.sitting, by=maker.clerk, title=TITLE, texts={})
    row = actions.make_report(row, by=maker.clerk)
    actions.publish_report(row, by=maker.clerk)
    shown = stranger_at(binhai).get("/suggestions/figures/").content.decode()
    assert f'data-label="满意率（首次）" class="number">{NOT_TOLD}</td>' in shown and WHY in shown
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(files.read(row.document))).pages)
    assert WHY in text.replace("\n", "")
    # No suggestion is named as the one that was judged unsatisfied.
    assert "代表最终不满意" in text.replace("\n", "")
    after = text.replace("\n", "").split("代表最终不满意")[1][:12]
    assert "第" not in after, after
    inside = client_of(maker.clerk).get(f"/admin/suggestions/reports/{row.pk}/").content.decode()
    assert f'class="number">{NOT_TOLD}</td>' not in inside


@pytest.mark.django_db
def test_a_report_frozen_before_that_tells_no_table_of_judgements(binhai, maker, stranger_at):
    row = actions.start_report(maker.sitting, by=maker.clerk, title=TITLE, texts={})
    row = actions.make_report(row, by=maker.clerk)
    content = {k: v for k, v in row.content.items() if k not in ("public_tables", "withheld")}
    YearlyReport.objects.filter(pk=row.pk).update(content=content, state="published",
                                                  published_at=at(ON))  # fmt: skip
    shown = stranger_at(binhai).get("/suggestions/figures/").content.decode()
    assert "按分类" in shown and "代表评价（份）" not in shown
    with in_congress(binhai):
        heads = next(t for t in content["tables"] if t["key"] == "category")["heads"]
    assert "满意率（首次）" in heads and 'class="text-end">满意率（首次）</th>' not in shown
