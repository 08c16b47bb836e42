"""The sentence of a line says the figure that was stored, and why."""

import re
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance import actions, queries
from performance.models import TallyTotal
from performance.rules import evaluate, explain
from performance.rules.vocabulary import AGGREGATES, VALUES

from . import year
from .test_rules import bucket, facts, leaf, tree

NUMBER = r"－?\d+(?:\.\d+)?"
NAMES = {"K": "接待选民", "C": "走访"}


def said_of(*rows, known, decimals=1, key="K"):
    root = tree(*rows)
    line = evaluate(root, known, decimals).lines[key]
    rule = next(rule for rule in root.walk() if rule.key == key)
    return line, explain(rule, line.points, line.measured, line.detail(), NAMES)


def figure(text):
    return D(text.replace("－", "-"))


SENTENCES = [
    # half a day where whole ones count: the defect that began this page of tests
    ({"rate": "10", "measure": {"aggregate": "sum"}}, ("B06", 1, "", "", "", "0.5"),
     "接待选民 0.5次，不足1次的不计，计0分"),
    ({"rate": "10", "measure": {"aggregate": "sum"}}, ("B06", 3, "", "", "", "2.5"),
     "接待选民 2.5次，不足1次的不计，2次×10分 = 20分"),
    ({"rate": "10", "whole_steps": False, "measure": {"aggregate": "sum"}},
     ("B06", 1, "", "", "", "0.5"), "接待选民 0.5次 ×10分 = 5分"),
    ({"rate": "3", "offset": "1"}, ("B06", 4), "接待选民 4次，超过1次的3次，3次×3分 = 9分"),
    ({"rate": "3", "offset": "1"}, ("B06", 1), "接待选民 1次，没有超过1次，计0分"),
    ({"rate": "2", "step": "10"}, ("B06", 25), "接待选民 25次，不足10次的不计，2个10次×2分 = 4分"),
    ({"rate": "2", "step": "10"}, ("B06", 9), "接待选民 9次，不足10次的不计，计0分"),
    ({"rate": "5", "base": "10", "offset": "3"}, ("B06", 5),
     "接待选民 5次，3次计10分，多2次，10分＋2次×5分 = 20分"),
    ({"rate": "5", "base": "10", "offset": "3"}, ("B06", 1),
     "接待选民 1次，3次计10分，少2次，10分－2次×5分 = 0分"),
    ({"rate": "5", "base": "10", "offset": "3"}, ("B06", 3), "接待选民 3次，3次计10分，计10分"),
    ({"rate": "5", "base": "10", "offset": "3", "one_sided": "up"}, ("B06", 1),
     "接待选民 1次，3次计10分，不足的不扣，计10分"),
    ({"rate": "5", "base": "10", "offset": "3", "one_sided": "down"}, ("B06", 9),
     "接待选民 9次，3次计10分，多出的不另计，计10分"),
    ({"rate": "20", "measure": {"aggregate": "exists"}}, ("B06", 4), "接待选民 有记录 = 20分"),
    ({"rate": "5", "cap": "12"}, ("B06", 3), "接待选民 3次 ×5分 = 15分，按上限计12分"),
    ({"rate": "5", "cap": "12.25"}, ("B06", 3),
     "接待选民 3次 ×5分 = 15分，按上限12.25分，四舍五入计12.3分"),
    ({"rate": "-5", "floor": "-12"}, ("B06", 3), "接待选民 3次 ×－5分 = －15分，按下限计－12分"),
    ({"rate": "0.25"}, ("B06", 1), "接待选民 1次 ×0.25分 = 0.25分，四舍五入计0.3分"),
    ({"rate": "5", "zero_unless": "C"}, ("B06", 3),
     "接待选民 3次 ×5分 = 15分，“走访”没有得分，计0分"),
]  # fmt: skip


@pytest.mark.parametrize(("params", "group", "sentence"), SENTENCES)
def test_the_sentence_gives_the_true_reason(params, group, sentence):
    other = leaf("linear", "C", item="B07", rate="1")
    assert said_of(leaf("linear", **params), other, known=facts(group))[1] == sentence


def test_a_rate_without_an_end_is_said_to_be_about_that():
    row = leaf("linear", rate="20", whole_steps=False, measure={"aggregate": "rate"})
    known = facts(("B06", 2, "present"), ("B06", 1, "absent"))
    assert said_of(row, known=known)[1] == ("接待选民 约66.67% ×20分 = 约13.33分，四舍五入计13.3分")


def test_thirds_that_add_up_again_are_not_said_to_be_rounded():
    row = leaf("linear", rate="3", step="3", whole_steps=False)
    line, said = said_of(row, known=facts(("B06", 5)))
    assert line.points == 5 and said == "接待选民 5次，约1.67个3次×3分 = 5分"


def test_of_several_honours_the_highest_counts_and_no_product_is_shown():
    rows = [
        {"attribute": "level", "value": "national", "points": "10"},
        {"attribute": "level", "value": "city", "points": "6"},
    ]
    table = leaf("table", rows=rows, pick="max")
    both = facts(("B06", 2, "", "", "national"), ("B06", 1, "", "", "city"))
    assert said_of(table, known=both)[1] == (
        "接待选民 国家级2次（10分）、市级1次（6分），取最高一项 = 10分"
    )
    assert said_of(table, known=facts(("B06", 3, "", "", "city")))[1] == (
        "接待选民 市级3次（6分），不重复计 = 6分"
    )
    assert said_of(table, known=facts())[1] == "接待选民 没有记录 = 0分"


def test_a_figure_in_no_band_says_so():
    row = leaf("table", rows=[{"low": "2", "high": "4", "points": "30"}])
    assert said_of(row, known=facts(("B06", 3)))[1] == "接待选民 3次，对应档次 = 30分"
    assert said_of(row, known=facts(("B06", 9)))[1] == "接待选民 9次，不在任何一档 = 0分"


def test_days_and_objects_that_count_once_say_so():
    for aggregate, words in (("distinct_days", "同一天"), ("distinct_objects", "同一对象")):
        row = leaf("linear", rate="5", measure={"aggregate": aggregate})
        said = said_of(row, known=facts(("B06", 7), own={"K": D(4)}))[1]
        assert said == f"接待选民 4次（{words}只计一次） ×5分 = 20分"


def test_awards_beyond_the_book_are_held_and_said():
    row = leaf("manual", item="", min="-10", max="10")
    assert said_of(row, known=facts(awards={"K": D(17)}))[1] == (
        "接待选民（酌定）合计17分，按办法最高计10分"
    )
    assert said_of(row, known=facts(awards={"K": D(7)}))[1] == "接待选民（酌定）7分"


def test_a_bucket_shows_its_sum_and_its_weight():
    rows = [bucket("K", weight="0.3", cap="3"), leaf("linear", "a", "K", rate="5")]
    assert said_of(*rows, known=facts(("B06", 3)))[1] == (
        "分组 合计15分×权重0.3 = 4.5分，按上限计3分"
    )


# -- Over the whole vocabulary ---------------------------------------------------------------------

numbers = st.decimals(min_value=-20, max_value=20, places=2)
some = st.one_of(st.none(), numbers)
steps = st.sampled_from(["1", "0.5", "2", "3", "10", "0.1"])
text = st.builds(str, numbers)


@st.composite
def measures(draw):
    found = {"aggregate": draw(st.sampled_from(sorted(AGGREGATES)))}
    if draw(st.booleans()):
        found["outcome"] = draw(st.lists(st.sampled_from([*VALUES["outcome"], ""]), min_size=1))
    return found


@st.composite
def leaves(draw):
    kind = draw(st.sampled_from(["const", "linear", "linear", "table", "manual", "rating"]))
    params = {
        name: str(value)
        for name, value in (("cap", draw(some)), ("floor", draw(some)))
        if value is not None
    }
    if "cap" in params and "floor" in params and D(params["cap"]) < D(params["floor"]):
        del params["floor"]
    if draw(st.integers(0, 5)) == 0:
        params["zero_unless"] = "C"
    if kind == "const":
        params["points"] = draw(text)
    elif kind == "linear":
        params |= {
            "rate": draw(text),
            "step": draw(steps),
            "offset": draw(st.sampled_from(["0", "0", "1", "3", "0.5"])),
            "base": draw(st.sampled_from(["0", "0", "10", "-2.5"])),
            "whole_steps": draw(st.booleans()),
            "one_sided": draw(st.sampled_from(["", "up", "down"])),
            "measure": draw(measures()),
        }
    elif kind == "table" and draw(st.booleans()):
        edges = sorted(draw(st.lists(st.integers(0, 8), min_size=2, max_size=4, unique=True)))
        params["measure"] = draw(measures())
        params["rows"] = [
            {"low": str(a), "high": str(b), "points": draw(text)}
            for a, b in zip(edges, edges[1:], strict=False)
        ]
    elif kind == "table":
        params["pick"] = draw(st.sampled_from(["sum", "max"]))
        params["rows"] = [
            {"attribute": "outcome", "value": value, "points": draw(text)}
            for value in draw(
                st.lists(st.sampled_from(list(VALUES["outcome"])), min_size=1, unique=True)
            )
        ]
    elif kind == "manual":
        low, high = sorted((draw(numbers), draw(numbers)))
        params |= {"min": str(low), "max": str(high)}
    else:
        params["panels"] = [{"key": "a", "weight": "0.4"}, {"key": "b", "weight": "0.6"}]
    return leaf(kind, "K", **params)


groups = st.tuples(
    st.just("B06"),
    st.integers(1, 9),
    st.sampled_from([*VALUES["outcome"], ""]),
    st.just(""),
    st.just(""),
    st.sampled_from(["0.5", "1", "1.5", "3", "7.25"]),
)


@st.composite
def known(draw):
    return facts(
        *draw(st.lists(groups, max_size=5)),
        *draw(st.lists(st.just(("B07", 1)), max_size=1)),
        own={key: draw(st.decimals(0, 12, places=2)) for key in ("K", "K.a", "K.b")},
        awards={"K": draw(numbers)},
    )


@given(row=leaves(), found=known(), decimals=st.integers(0, 2), weight=st.none() | numbers)
def test_the_numbers_of_every_sentence_are_those_of_the_tally(row, found, decimals, weight):
    rows = [row, leaf("linear", "C", item="B07", rate="1")]
    if weight is not None:
        rows = [bucket("N", weight=str(weight)), row | {"parent_id": "N"}, rows[1]]
    for key in ("K", "N") if weight is not None else ("K",):
        line, said = said_of(*rows, known=found, decimals=decimals, key=key)
        # What comes last is what was stored.
        assert figure(re.findall(f"({NUMBER})分", said)[-1]) == line.points, said
        # Every product and sum that is written out is true.
        formula = said.split(" = ")[0] if " = " in said else ""
        result = re.search(rf" = (约?)({NUMBER})分", said)
        if "×" not in formula or "约" in said:
            continue
        assert reckoned(formula) == figure(result[2]), said
        if figure(result[2]) != line.points:
            assert re.search(r"，(按上限|按下限|四舍五入|“走访”没有得分)|^[^，]*= [^，]*$", said), (
                said
            )


def reckoned(formula):
    """The value of the written sum: (n分＋)n[个n]次×n分＋…"""
    written, sign, total = formula.split("，")[-1].split(" ", 1)[-1], 1, D(0)
    if base := re.match(rf"({NUMBER})分([＋－])", written):
        total, sign = figure(base[1]), 1 if base[2] == "＋" else -1
        written = written[base.end() :]
    for term in written.split("＋"):
        numbers = [figure(found) for found in re.findall(NUMBER, term)]
        part = "%" in term and "个" not in term
        total += sign * numbers[0] * numbers[-1] / (100 if part else 1)
    return total


@pytest.mark.parametrize("template", ["four_aspects", "hundred_points", "base_and_reward"])
def test_the_sentences_of_a_tallied_year_agree_with_what_was_stored(in_binhai, template):
    period = year.period(year.rule_book(template))
    year.facts(year.seats(8, 2), each=40)
    actions.tally(period, by=year.keeper())
    halves = 0
    for total in TallyTotal.objects.select_related("tally__version", "deputy"):
        for view in queries.lines_of(total, zeros=True):
            assert figure(re.findall(f"({NUMBER})分", view.sentence)[-1]) == view.points
            halves += "不足1半天的不计" in view.sentence
    assert halves or template != "four_aspects"
