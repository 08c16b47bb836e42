"""Rule-books counted exactly, with the shapes real books have."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performance.rules import Facts, Faulty, build_tree, check_tree, evaluate, explain, warnings
from performance.rules.evaluate import FactGroup
from performance.rules.templates import ITEMS, TEMPLATES


def tree(*rows):
    return build_tree(rows)


def leaf(kind, key="K", parent_id=None, item="B06", name="接待选民", **params):
    return {
        "id": key,
        "parent_id": parent_id,
        "kind": kind,
        "key": key,
        "name": name,
        "aspect": "",
        "item": item,
        "unit": "次",
        "params": params,
    }


def bucket(key="N", **params):
    return leaf("node", key, item="", name="分组", **params)


def facts(*groups, **more):
    found = Facts(**more)
    for group in groups:
        item, count, *rest = group
        outcome, role, level, quantity = (
            (list(rest) + ["", "", "", None])[:4] if len(rest) < 4 else rest
        )
        found.add(FactGroup(item, outcome, role, level, count, D(quantity or count)))
    return found


def points(root, known, decimals=1):
    return evaluate(root, known, decimals).total


@pytest.mark.parametrize(
    ("params", "times", "expected"),
    [
        ({"rate": "5"}, 3, "15"),
        ({"rate": "5", "cap": "10"}, 3, "10"),
        ({"rate": "-1"}, 4, "-4"),
        ({"rate": "-5", "floor": "-10"}, 4, "-10"),
        ({"rate": "3", "offset": "1"}, 4, "9"),  # from the second on +3
        ({"rate": "3", "offset": "1"}, 0, "0"),
        ({"rate": "2", "step": "10"}, 25, "4"),  # +2 per 10, whole steps
        ({"rate": "2", "step": "10", "whole_steps": False}, 25, "5"),
        ({"rate": "5", "base": "10", "offset": "3"}, 5, "20"),  # 10 at 3 items, ±5 per item
        ({"rate": "5", "base": "10", "offset": "3"}, 1, "0"),
        ({"rate": "5", "base": "10", "offset": "3", "one_sided": "up"}, 1, "10"),
        ({"rate": "10", "measure": {"aggregate": "exists"}}, 4, "10"),  # once, if any
        ({"rate": "7.5", "cap": "30"}, 3, "22.5"),
    ],
)
def test_linear_leaves(params, times, expected):
    assert points(tree(leaf("linear", **params)), facts(("B06", times))) == D(expected)


def test_a_quantity_is_summed_in_its_own_unit():
    root = tree(leaf("linear", measure={"aggregate": "sum"}, rate="10"))
    assert points(root, facts(("B06", 2, "", "", "", "3.5")), 1) == D("30")


@pytest.mark.parametrize(("times", "expected"), [(0, "0"), (1, "0"), (2, "30"), (9, "30")])
def test_two_or_more_give_thirty(times, expected):
    rows = [{"low": "0", "high": "2", "points": "0"}, {"low": "2", "high": "", "points": "30"}]
    assert points(tree(leaf("table", rows=rows)), facts(("B06", times))) == D(expected)


HONOURS = [
    {"attribute": "level", "value": v, "points": p}
    for v, p in (("national", "10"), ("provincial", "8"), ("city", "6"), ("county", "4"))
]


def test_honours_add_up_or_only_the_highest_counts():
    known = facts(("B06", 1, "", "", "national"), ("B06", 2, "", "", "city"))
    assert points(tree(leaf("table", rows=HONOURS)), known) == D("22")
    assert points(tree(leaf("table", rows=HONOURS, pick="max")), known) == D("10")


def test_attendance_counts_by_its_outcome():
    rows = [
        {"attribute": "outcome", "value": v, "points": p}
        for v, p in (("present", "50"), ("leave", "30"), ("absent", "0"))
    ]
    known = facts(("B06", 1, "present"), ("B06", 1, "leave"), ("B06", 1, "absent"))
    assert points(tree(leaf("table", rows=rows)), known) == D("80")


def test_a_rate_counts_only_those_obliged():
    rows = [{"low": "", "high": "0.8", "points": "0"}, {"low": "0.8", "high": "", "points": "9"}]
    root = tree(leaf("table", rows=rows, measure={"aggregate": "rate"}))
    assert points(
        root, facts(("B06", 4, "present"), ("B06", 1, "absent"), ("B06", 9, "not_obliged"))
    ) == D(9)


def test_an_award_stays_within_what_the_book_allows():
    root = tree(leaf("manual", item="", min="-10", max="10"))
    assert points(root, facts(awards={"K": D(25)})) == D(10)
    assert points(root, facts(awards={"K": D(-25)})) == D(-10)


def test_a_bucket_caps_and_takes_the_highest():
    rows = [
        bucket(cap="12"),
        leaf("linear", "a", "N", rate="5"),
        leaf("const", "b", "N", points="4"),
    ]
    assert points(tree(*rows), facts(("B06", 3))) == D(12)
    rows[0]["params"] = {"combine": "max"}
    assert points(tree(*rows), facts(("B06", 3))) == D(15)


def test_deductions_stop_at_zero_where_the_bucket_says_so():
    rows = [
        bucket(floor="0"),
        leaf("const", "a", "N", points="10"),
        leaf("linear", "b", "N", rate="-5"),
    ]
    assert points(tree(*rows), facts(("B06", 9))) == D(0)


def test_a_weight_is_rounded_where_it_is_printed():
    rows = [bucket(weight="0.333"), leaf("linear", "a", "N", rate="1")]
    result = evaluate(tree(*rows), facts(("B06", 10)), 1)
    assert result.total == D("3.3")


def test_full_marks_differ_by_identity():
    root = tree(leaf("const", "a", points="30", **{"for": ["committee_member"]}))
    assert points(root, facts()) == D(0)
    assert points(root, facts(identities=frozenset({"deputy", "committee_member"}))) == D(30)


def test_nothing_unless_the_condition_is_met():
    rows = [
        leaf("linear", "a", rate="1"),
        bucket(zero_unless="a"),
        leaf("const", "b", "N", points="20"),
    ]
    assert points(tree(*rows), facts()) == D(0)
    assert points(tree(*rows), facts(("B06", 1))) == D(21)


def test_several_conditions_must_all_be_met_whatever_their_order():
    rows = [
        leaf("const", "base", points="60", zero_unless=["a", "b"]),
        leaf("linear", "a", rate="1"),
        leaf("linear", "b", item="B07", rate="1"),
    ]
    assert points(tree(*rows), facts(("B06", 2))) == D(2)
    assert points(tree(*rows), facts(("B06", 2), ("B07", 1))) == D(63)
    line = evaluate(tree(*rows), facts()).lines["base"]
    said = explain(tree(*rows).children[0], line.points, line.measured, line.detail())
    assert said.endswith("前提没有满足，计0分")


def test_a_condition_that_leads_back_to_itself_is_named_and_gives_nothing():
    rows = [
        leaf("const", "a", points="5", zero_unless=["b"]),
        leaf("const", "b", points="5", zero_unless="a"),
    ]
    assert any("绕回" in f for f in check_tree(tree(*rows)))
    assert points(tree(*rows), facts()) == D(0)
    inside = [bucket(), leaf("const", "x", "N", points="1", zero_unless="N")]
    assert any("绕回" in f for f in check_tree(tree(*inside)))
    on_a_part = [bucket(zero_unless="x"), leaf("const", "x", "N", points="1")]
    assert check_tree(tree(*on_a_part)) == [] and points(tree(*on_a_part), facts()) == D(1)
    assert any("不在办法中" in f for f in check_tree(tree(leaf("const", zero_unless="gone"))))


def test_a_table_of_two_attributes():
    rows = [
        {"attribute": "level", "value": v, "and_attribute": "role", "and_value": r, "points": p}
        for v, r, p in (("key", "lead", "15"), ("key", "cosigner", "3"))
    ]
    known = facts(
        ("B06", 1, "", "lead", "key"), ("B06", 2, "", "cosigner", "key"), ("B06", 5, "", "lead")
    )
    root = tree(leaf("table", rows=rows))
    assert points(root, known) == D(21)
    line = evaluate(root, known).lines["K"]
    said = explain(root.children[0], line.points, line.measured, line.detail())
    assert said == "接待选民 领衔重点1次×15分＋附议重点2次×3分 = 21分"


numbers = st.decimals(min_value=-50, max_value=50, places=2)
bounds = st.one_of(st.none(), numbers)


@given(rate=numbers, cap=bounds, floor=bounds, weight=numbers, times=st.integers(0, 300))
def test_points_stay_within_cap_and_floor(rate, cap, floor, weight, times):
    if cap is not None and floor is not None and cap < floor:
        return
    bounded = {k: str(v) for k, v in (("cap", cap), ("floor", floor)) if v is not None}
    rows = [bucket(weight=str(weight), **bounded), leaf("linear", "a", "N", rate=str(rate))]
    found = points(tree(*rows), facts(("B06", times)), 2)
    assert cap is None or found <= cap
    assert floor is None or found >= floor
    if cap is None and floor is None:
        assert abs(found - rate * times * weight) <= D("0.005") + abs(weight) * D("0.005")


@given(
    rate=st.decimals(0, 50, places=1),
    cap=st.one_of(st.none(), st.decimals(0, 90, places=1)),
    offset=st.integers(0, 5),
    fewer=st.integers(0, 60),
    more=st.integers(0, 60),
)
def test_doing_more_never_gives_fewer_points(rate, cap, offset, fewer, more):
    params = {"rate": str(rate), "offset": str(offset)} | ({"cap": str(cap)} if cap else {})
    root = tree(leaf("linear", **params))
    low, high = sorted((fewer, fewer + more))
    assert points(root, facts(("B06", low))) <= points(root, facts(("B06", high)))


@pytest.mark.parametrize("wrong", ["1e9", "-99999999", "inf", "nan", "五分"])
def test_a_number_no_book_has_is_refused(wrong):
    with pytest.raises(Faulty):
        tree(leaf("const", points=wrong))


@pytest.mark.parametrize(
    ("params", "known", "sentence"),
    [
        ({"rate": "5"}, 3, "接待选民 3次 ×5分 = 15分"),
        ({"rate": "5", "cap": "10"}, 3, "接待选民 3次 ×5分 = 15分，按上限计10分"),
    ],
)
def test_a_line_is_explained_in_one_sentence(params, known, sentence):
    root = tree(leaf("linear", **params))
    line = evaluate(root, facts(("B06", known))).lines["K"]
    assert explain(root.children[0], line.points, line.measured, line.detail()) == sentence


def test_a_table_line_names_what_it_added():
    root = tree(leaf("table", name="表彰", rows=HONOURS))
    line = evaluate(root, facts(("B06", 1, "", "", "national"), ("B06", 2, "", "", "city"))).lines
    sentence = explain(root.children[0], line["K"].points, line["K"].measured, line["K"].detail())
    assert sentence == "表彰 国家级1次×10分＋市级2次×6分 = 22分"


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (leaf("linear", rate="0"), "分值为零"),
        (leaf("linear", rate="1", step="0"), "大于零"),
        (leaf("linear", item="", rate="1"), "没有选择履职事项"),
        (leaf("table", rows=[]), "没有分档"),
        (
            leaf(
                "table",
                rows=[
                    {"low": "0", "high": "60", "points": "1"},
                    {"low": "50", "high": "", "points": "2"},
                ],
            ),
            "重叠",
        ),
        (leaf("manual", min="5", max="1"), "高于"),
        (leaf("const", cap="1", floor="2"), "低于"),
        (bucket(), "没有规则"),
        (leaf("rating", panels=[{"key": "a", "weight": "0.5"}]), "权重"),
    ],
)
def test_a_faulty_rule_is_named(rule, fault):
    assert any(fault in f for f in check_tree(tree(rule)))


def test_words_are_no_numbers():
    with pytest.raises(Faulty, match="不是数字"):
        tree(leaf("const", points="五"))


def test_an_uncapped_bonus_is_warned_of():
    assert warnings(tree(leaf("linear", rate="5")))
    assert not warnings(tree(leaf("linear", rate="5", cap="50")))
    assert not warnings(tree(bucket(cap="50"), leaf("linear", "a", "N", rate="5")))


def rows_of(template):
    names = {i.code: i.name for i in ITEMS}

    def walk(nodes, parent):
        for data in nodes:
            yield {
                "id": data["key"],
                "parent_id": parent,
                "kind": data["kind"],
                "key": data["key"],
                "name": data.get("name") or names[data["item"]],
                "aspect": data.get("aspect", ""),
                "item": data.get("item", ""),
                "unit": "次",
                "params": data["params"],
            }
            yield from walk(data.get("children", ()), data["key"])

    return list(walk(template["tree"], None))


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_the_shipped_templates_are_sound(template):
    assert check_tree(build_tree(rows_of(template))) == []
    from performance.rules import check_bands, parse_bands

    assert check_bands(parse_bands(template["bands"])) == []


def test_the_list_has_twenty_three_items_in_four_aspects():
    assert len(ITEMS) == 23 and len({i.aspect for i in ITEMS}) == 4


@given(
    st.lists(st.tuples(st.sampled_from([i.code for i in ITEMS]), st.integers(0, 40)), max_size=30)
)
def test_what_is_printed_adds_up(groups):
    root = build_tree(rows_of(TEMPLATES["four_aspects"]))
    result = evaluate(root, facts(*groups))
    assert result.total == sum(result.aspects.values())
    for rule in root.children:
        assert result.lines[rule.key].points == sum(
            result.lines[c.key].points for c in rule.children
        )
