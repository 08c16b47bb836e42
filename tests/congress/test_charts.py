"""Charts drawn on the server: true to their numbers, readable without eyes, script or colour."""

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from congress import charts
from congress.charts.drawing import BEHIND, MAIN
from tests.congress.gallery import sample_charts


def drawing(figure) -> ElementTree.Element:
    found = re.search(r'<svg width="100%".*?</svg>', str(figure), re.S)
    return ElementTree.fromstring(found.group())


def rects(figure, fill) -> list[float]:
    return [
        float(r.get("width").rstrip("%"))
        for r in drawing(figure).iter("rect")
        if r.get("fill") == fill
    ]


def words_in(figure) -> list[str]:
    return [t.text for t in drawing(figure).iter("text")]


@pytest.mark.parametrize("figure", sample_charts(), ids=lambda f: str(f)[35:45])
def test_every_chart_has_a_title_a_description_and_a_table(figure):
    svg = drawing(figure)
    ids = {e.get("id") for e in svg}
    assert set(svg.get("aria-labelledby").split()) <= ids
    assert svg.find("title").text and svg.find("desc").text
    assert "<table" in figure and '<th scope="row">' in figure


@pytest.mark.parametrize("figure", sample_charts(), ids=lambda f: str(f)[35:45])
def test_no_chart_needs_script_style_or_another_host(figure):
    assert not re.search(r"<script|style=|<style|https?://|\bon\w+=", str(figure))


def test_bars_are_as_long_as_their_values():
    figure = charts.bars("得分", [("甲", Decimal("200")), ("乙", 50), ("丙", 0)], "分")
    assert rects(figure, MAIN) == [100, 25, 0]
    assert "50 分" in words_in(figure)


def test_a_long_label_is_cut_in_the_drawing_and_whole_in_the_table():
    label = "参加区人大常委会组织的专题调研和执法检查"
    figure = str(charts.bars("得分", [(label, 1)]))
    svg = re.search(r"<text.*</svg>", figure, re.S).group()
    assert label not in svg and f'<th scope="row">{label}</th>' in figure


def test_a_row_with_an_address_links_to_its_rows_in_drawing_and_table():
    figure = charts.columns("活动", [("2025年", 3, "/rows/?year=2025"), ("2026年", 4)])
    assert [a.get("href") for a in drawing(figure).iter("a")] == ["/rows/?year=2025"]
    assert str(figure).count('href="/rows/?year=2025"') == 2
    assert drawing(figure).get("role") == "group"


def test_without_links_a_chart_is_one_picture():
    assert drawing(charts.bars("得分", [("甲", 1)])).get("role") == "img"


def test_what_people_wrote_cannot_become_markup():
    figure = charts.bars("<b>", [("<script>alert(1)</script>", 1, '"><i>')])
    assert "<script" not in figure and "<b>" not in figure and "<i>" not in figure


def test_a_line_breaks_where_a_value_is_missing():
    figure = charts.trend("出席率", ["一", "二", "三", "四"], [("本人", [90, None, 80, 70])])
    joined = [e for e in drawing(figure).iter("line") if e.get("stroke") == MAIN]
    assert len(joined) == 1
    assert "二" not in drawing(figure).find("desc").text


def test_lines_are_told_apart_without_colour():
    figure = str(charts.trend("率", ["一", "二"], [("甲", [1, 2]), ("乙", [2, 3]), ("丙", [3, 4])]))
    assert {"6 4", "2 3"} <= set(re.findall(r'stroke-dasharray="([^"]+)"', figure))


def test_more_than_three_lines_are_refused():
    with pytest.raises(ValueError):
        charts.trend("率", ["一"], [(str(i), [1]) for i in range(4)])


def test_behind_schedule_is_said_in_words_and_by_how_much():
    figure = charts.schedule("进度", [("电梯", 62, 70), ("公园", 75, 70), ("食堂", 100, 70)])
    said = words_in(figure)
    assert "62%，滞后 8 个百分点" in said
    assert "75%，符合序时进度" in said and "100%，已完成" in said
    assert rects(figure, BEHIND) == [62]


def test_a_histogram_counts_every_value_once():
    bins = charts.into_bins([300, 349, 350, 499, Decimal("512.5")], 50)
    assert [(b.low, b.high, b.count) for b in bins] == [
        (300, 350, 2),
        (350, 400, 1),
        (400, 450, 0),
        (450, 500, 1),
        (500, 550, 1),
    ]
    assert charts.into_bins([], 50) == []


def test_a_mark_stands_where_its_value_lies():
    figure = charts.histogram("分布", [(0, 50, 1), (50, 100, 3)], marks=[("平均", 75)])
    marks = [e for e in drawing(figure).iter("line") if e.get("x1") == e.get("x2")]
    assert [e.get("x1") for e in marks] == ["75%"]
    assert "平均 75" in words_in(figure)


@pytest.mark.parametrize("draw", [charts.bars, charts.columns, charts.schedule, charts.histogram])
def test_an_empty_chart_says_so(draw):
    assert "还没有数据" in draw("得分", [])


def test_all_zero_values_do_not_divide_by_zero():
    assert rects(charts.bars("得分", [("甲", 0)]), MAIN) == [0]


def test_on_paper_the_drawing_is_told_its_letters():
    figure = charts.on_paper(charts.bars("得分", [("甲", 1)]), 10.5, "Noto Sans CJK SC")
    assert 'font-size="14px"' in figure and 'font-family="Noto Sans CJK SC"' in figure
    assert "<details>" not in figure
    assert 'width="100%" height="' in figure and 'em" role' not in figure  # its frame, in points


def test_bars_of_per_cents_are_drawn_against_the_whole():
    drawn = charts.bars("满意率", [("首次", 50)], "%", whole=100)
    assert 'width="50%"' in drawn
    assert 'width="50%"' not in charts.bars("满意率", [("首次", 50)], "%")
