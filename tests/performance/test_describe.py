"""Rules in plain words, and what changed between two versions."""

import pytest

from performance.rules import build_tree, compare, describe
from performance.rules.templates import ITEMS, TEMPLATES

from .test_rules import bucket, leaf, rows_of, tree

NAMES = {i.code: i.name for i in ITEMS}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (leaf("const", points="60"), "固定计60分"),
        (leaf("const", points="-3"), "固定扣3分"),
        (leaf("linear", rate="5", offset="1", cap="20"), "每1次5分，从第2次起，最多20分"),
        (leaf("linear", rate="-5", floor="-40"), "每1次扣5分，最多扣40分"),
        (leaf("linear", rate="2", step="10"), "每满10次2分"),
        (leaf("linear", rate="2", step="10", whole_steps=False), "每10次2分"),
        (leaf("linear", rate="10", measure={"aggregate": "exists"}), "有1次即计10分，不重复计"),
        (
            leaf("linear", rate="5", base="10", offset="3"),
            "3次计10分，每多1次加5分，每少1次扣5分",
        ),
        (
            leaf("linear", rate="5", base="10", offset="3", one_sided="up"),
            "3次计10分，每多1次加5分",
        ),
        (
            leaf("linear", rate="-1", measure={"aggregate": "sum", "outcome": ["leave"]}),
            "只计请假的，按数量合计，每满1次扣1分",
        ),
        (
            leaf("linear", rate="1", measure={"items": ["B01", "B02"]}),
            "列席常委会会议、参加视察，每1次1分",
        ),
        (
            leaf("table", rows=[{"high": "2", "points": "0"}, {"low": "2", "points": "30"}]),
            "不到2次计0分；2次及以上计30分",
        ),
        (
            leaf(
                "table",
                measure={"aggregate": "rate"},
                rows=[{"high": "1", "points": "0"}, {"low": "1", "points": "25"}],
            ),
            "按出席率，不到100%计0分；100%计25分",
        ),
        (
            leaf(
                "table",
                pick="max",
                rows=[
                    {"attribute": "role", "value": "lead", "points": "15"},
                    {"attribute": "role", "value": "cosigner", "points": "3"},
                ],
            ),
            "领衔15分；附议3分，只计最高的一项",
        ),
        (leaf("manual", min="-10", max="10"), "酌定，－10分至10分，须写明理由"),
        (bucket(combine="max", cap="40"), "以下各项取最高的一项，最多40分"),
        (bucket(floor="0"), "以下各项相加，扣完为止，不计负分"),
        (leaf("const", points="30", **{"for": ["committee_member"]}), "只适用于专门委员会成员"),
    ],
)
def test_a_rule_reads_like_a_printed_book(rule, sentence):
    said = describe(tree(rule).children[0], NAMES)
    assert said == sentence or said.endswith("，" + sentence)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_every_shipped_rule_can_be_said(template):
    for rule in build_tree(rows_of(template)).walk():
        said = describe(rule, NAMES)
        assert said and "None" not in said and not any("a" <= c <= "z" for c in said)


def test_two_versions_differ_by_rule():
    old = tree(
        bucket(),
        leaf("linear", "a", "N", rate="5"),
        leaf("const", "b", "N", points="1"),
        leaf("const", "same", points="9"),
    )
    new = tree(
        bucket(cap="50"),
        leaf("linear", "a", "N", rate="6", cap="30"),
        leaf("const", "b", points="1"),
        leaf("const", "c", "N", points="2"),
        leaf("const", "same", points="9"),
    )
    found = {(c.kind, c.name, c.before, c.after) for c in compare(old, new)}
    assert found == {
        ("changed", "分组", "以下各项相加", "以下各项相加，最多50分"),
        ("moved", "接待选民", "分组", "最上一层"),
        ("changed", "接待选民", "每1次5分", "每1次6分，最多30分"),
        ("added", "接待选民", "", "固定计2分"),
    }
    assert compare(new, new) == []
    assert [c.kind for c in compare(tree(leaf("const", points="1")), tree())] == ["removed"]
