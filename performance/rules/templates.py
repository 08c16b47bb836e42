"""Rule-book templates a new congress starts from: each is to be edited, none is a standard.

A district list usually has four aspects (work at sittings, between sessions, exemplary role and own
improvement, other) and 11 to 35 items; the first template has that shape with 23 items.
"""

from dataclasses import dataclass
from typing import Any

C, B, E, O = "congress_work", "between_sessions", "example", "other"  # noqa: E741


@dataclass(frozen=True)
class ItemTemplate:
    """One line of the list of duties."""

    code: str
    name: str
    aspect: str
    unit_word: str = "次"
    self_reportable: bool = False
    counts_as_day: bool = True
    hint: str = ""


ITEMS = (
    ItemTemplate("A01", "出席人民代表大会会议", C, "半天"),
    ItemTemplate("A02", "审议和审查报告时发言", C, hint="代表团或分组会议上的审议发言"),
    ItemTemplate("A03", "领衔提出议案", C, "件", counts_as_day=False),
    ItemTemplate("A04", "会议期间领衔提出建议", C, "件", counts_as_day=False),
    ItemTemplate("A05", "附议议案和建议", C, "件", counts_as_day=False),
    ItemTemplate("B01", "列席常委会会议", B),
    ItemTemplate("B02", "参加视察", B),
    ItemTemplate("B03", "参加专题调研", B),
    ItemTemplate("B04", "参加执法检查", B),
    ItemTemplate("B05", "参加代表小组活动", B),
    ItemTemplate("B06", "到家站点接待选民", B),
    ItemTemplate(
        "B07",
        "走访联系选民",
        B,
        self_reportable=True,
        hint="走访的时间、地点、人数和反映的主要问题",
    ),
    ItemTemplate(
        "B08",
        "向选民报告履职情况",
        B,
        self_reportable=True,
        hint="报告的时间、地点和参加的选民人数",
    ),
    ItemTemplate("B09", "闭会期间领衔提出建议", B, "件", counts_as_day=False),
    ItemTemplate("B10", "参加评议、听证和座谈", B),
    ItemTemplate("B11", "配合督办、跟踪建议办理", B, self_reportable=True),
    ItemTemplate("E01", "参加学习培训", E),
    ItemTemplate("E02", "撰写调研报告并被采用", E, "篇", True, False, hint="报告题目、采用的单位"),
    ItemTemplate("E03", "参加公益志愿服务", E, self_reportable=True, hint="只记次数，不记捐款金额"),
    ItemTemplate(
        "E04", "帮助群众解决困难", E, "件", True, hint="帮助的事项和结果，注意保护当事人隐私"
    ),
    ItemTemplate("E05", "获得表彰奖励", E, "项", True, False, hint="奖项名称、授予单位和级别"),
    ItemTemplate("E06", "履职事迹被宣传报道", E, "次", True, False),
    ItemTemplate("O01", "其他履职", O, self_reportable=True),
)


def linear(code: str, rate: str, cap: str = "", **more: Any) -> dict:
    params = {"rate": rate, **more}
    if cap:
        params["cap"] = cap
    return {"kind": "linear", "key": code, "item": code, "params": params}


def attended(code: str, rate: str, cap: str) -> dict:
    """Each attendance counts; being late counts too, absence and leave do not."""
    return linear(code, rate, cap, measure={"outcome": ["present", "late", ""]})


def node(key: str, name: str, aspect: str, children: list[dict], **params: Any) -> dict:
    return {
        "kind": "node",
        "key": key,
        "name": name,
        "aspect": aspect,
        "params": params,
        "children": children,
    }


ABSENCES = ["A01", "B01", "B02", "B03", "B04", "B05", "B10", "E01"]

FOUR_ASPECTS = {
    "key": "four_aspects",
    "name": "四方面二十三项清单制",
    "decimals": 1,
    "tree": [
        node(
            "A",
            "会议期间工作",
            C,
            [
                {
                    "kind": "linear",
                    "key": "A01",
                    "item": "A01",
                    "params": {
                        "measure": {"aggregate": "sum", "outcome": ["present", "late"]},
                        "rate": "10",
                        "cap": "80",
                    },
                },
                linear("A02", "10", "40"),
                linear("A03", "20", "40"),
                linear("A04", "15", "60"),
                linear("A05", "3", "15"),
                {
                    "kind": "table",
                    "key": "A06",
                    "item": "A01",
                    "name": "会议期间请假和缺席",
                    "params": {
                        "floor": "-30",
                        "rows": [
                            {"attribute": "outcome", "value": "leave", "points": "-1"},
                            {"attribute": "outcome", "value": "absent", "points": "-5"},
                            {"attribute": "outcome", "value": "late", "points": "-1"},
                        ],
                    },
                },
            ],
        ),
        node(
            "B",
            "闭会期间工作",
            B,
            [
                attended("B01", "15", "45"),
                attended("B02", "12", "72"),
                attended("B03", "12", "72"),
                attended("B04", "12", "48"),
                attended("B05", "8", "80"),
                attended("B06", "6", "72"),
                linear("B07", "4", "48"),
                {
                    "kind": "linear",
                    "key": "B08",
                    "item": "B08",
                    "params": {"measure": {"aggregate": "exists"}, "rate": "20"},
                },
                linear("B09", "15", "45"),
                attended("B10", "10", "40"),
                linear("B11", "6", "30"),
                {
                    "kind": "linear",
                    "key": "B12",
                    "item": "",
                    "name": "闭会期间活动无故缺席",
                    "params": {
                        "measure": {"items": ABSENCES[1:], "outcome": ["absent"]},
                        "rate": "-5",
                        "floor": "-40",
                    },
                },
            ],
        ),
        node(
            "E",
            "模范作用与自身建设",
            E,
            [
                attended("E01", "8", "64"),
                linear("E02", "20", "40"),
                linear("E03", "5", "40"),
                linear("E04", "5", "40"),
                {
                    "kind": "table",
                    "key": "E05",
                    "item": "E05",
                    "params": {
                        "cap": "20",
                        "rows": [
                            {"attribute": "level", "value": "national", "points": "10"},
                            {"attribute": "level", "value": "provincial", "points": "8"},
                            {"attribute": "level", "value": "city", "points": "6"},
                            {"attribute": "level", "value": "county", "points": "4"},
                        ],
                    },
                },
                linear("E06", "4", "16"),
            ],
        ),
        node(
            "O",
            "其他",
            O,
            [
                linear("O01", "3", "15"),
                {
                    "kind": "manual",
                    "key": "O02",
                    "item": "",
                    "name": "常委会酌定加减分",
                    "params": {"min": "-50", "max": "50"},
                },
            ],
        ),
    ],
    "bands": [
        {"name": "优秀", "low": "700", "high": "", "colour": "green"},
        {"name": "良好", "low": "500", "high": "700", "colour": "blue"},
        {"name": "合格", "low": "300", "high": "500", "colour": "grey"},
        {"name": "待提高", "low": "", "high": "300", "colour": "amber"},
    ],
}

HUNDRED_POINTS = {
    "key": "hundred_points",
    "name": "百分制分项加附加分",
    "decimals": 1,
    "tree": [
        node(
            "M",
            "会议期间（40分）",
            C,
            [
                {
                    "kind": "table",
                    "key": "M1",
                    "item": "A01",
                    "name": "出席人民代表大会会议",
                    "params": {
                        "measure": {"aggregate": "rate"},
                        "rows": [
                            {"low": "", "high": "0.5", "points": "0"},
                            {"low": "0.5", "high": "1", "points": "15"},
                            {"low": "1", "high": "", "points": "25"},
                        ],
                    },
                },
                linear("A04", "5", "15"),
            ],
            cap="40",
        ),
        node(
            "N",
            "闭会期间（60分）",
            B,
            [
                attended("B05", "4", "16"),
                attended("B06", "3", "18"),
                linear("B07", "2", "10"),
                {
                    "kind": "linear",
                    "key": "B08",
                    "item": "B08",
                    "params": {"measure": {"aggregate": "exists"}, "rate": "10"},
                },
                attended("E01", "3", "12"),
            ],
            cap="60",
        ),
        node(
            "X",
            "附加分",
            O,
            [
                linear("E02", "5", "10"),
                linear("E03", "1", "5"),
                {
                    "kind": "manual",
                    "key": "X1",
                    "item": "",
                    "name": "主席团酌定加减分",
                    "params": {"min": "-10", "max": "10"},
                },
            ],
            cap="20",
        ),
    ],
    "bands": [
        {"name": "好", "low": "80", "high": "", "colour": "green"},
        {"name": "较好", "low": "60", "high": "80", "colour": "blue"},
        {"name": "差", "low": "", "high": "60", "colour": "amber"},
    ],
}

BASE_AND_REWARD = {
    "key": "base_and_reward",
    "name": "基础分加封顶奖励分",
    "decimals": 1,
    "tree": [
        node(
            "K",
            "基础分（60分，缺席扣减）",
            C,
            [
                {
                    "kind": "const",
                    "key": "K1",
                    "item": "",
                    "name": "基础分",
                    "params": {"points": "60"},
                },
                {
                    "kind": "linear",
                    "key": "K2",
                    "item": "",
                    "name": "无故缺席",
                    "params": {"measure": {"items": ABSENCES, "outcome": ["absent"]}, "rate": "-5"},
                },
                {
                    "kind": "linear",
                    "key": "K3",
                    "item": "",
                    "name": "请假",
                    "params": {
                        "measure": {"items": ABSENCES, "outcome": ["leave"]},
                        "rate": "-1",
                        "offset": "1",
                    },
                },
            ],
            floor="0",
        ),
        node(
            "L",
            "奖励分（40分封顶）",
            B,
            [
                linear("A04", "4"),
                linear("B09", "4"),
                attended("B06", "2", "16"),
                linear("B07", "1", "8"),
                attended("E01", "2", "10"),
                linear("E02", "5", "10"),
            ],
            cap="40",
        ),
    ],
    "bands": [
        {"name": "优秀", "low": "90", "high": "", "colour": "green"},
        {"name": "称职", "low": "60", "high": "90", "colour": "blue"},
        {"name": "不称职", "low": "", "high": "60", "colour": "amber"},
    ],
    "gates": [
        {
            "name": "无故缺席两次以上不得评为优秀",
            "params": {
                "measure": {"items": ABSENCES, "outcome": ["absent"]},
                "at_least": "2",
                "effect": "cap_grade",
                "grade": "称职",
            },
        },
    ],
}

TEMPLATES = {t["key"]: t for t in (FOUR_ASPECTS, HUNDRED_POINTS, BASE_AND_REWARD)}
