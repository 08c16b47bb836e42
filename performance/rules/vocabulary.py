"""The words a rule-book is written in: measures, five leaves, one node.

Source: points.md §2 of the field's rules (38 real books). A rule is data: a tree of `Rule` whose
parameters are JSON-plain, decimals as text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

AGGREGATES = {
    "count": "次数",
    "sum": "数量合计",
    "distinct_days": "不同日期数",
    "distinct_objects": "不同对象数",
    "exists": "有无",
    "rate": "出席率",
    "share": "占比",
    "value": "外部数值",
}
LEAVES = ("const", "linear", "table", "rating", "manual")
ATTRIBUTES = {"outcome": "出席情况", "role": "作用", "level": "级别"}
VALUES = {
    "outcome": {"present": "出席", "late": "迟到", "leave": "请假", "absent": "缺席"},
    "role": {
        "lead": "领衔",
        "cosigner": "附议",
        "writer": "执笔",
        "speaker": "发言",
        "organiser": "组织",
        "member": "参加",
    },
    "level": {
        "national": "国家级",
        "provincial": "省级",
        "city": "市级",
        "county": "区县级",
        "township": "乡镇级",
        "central": "中央级",
        "ministry": "部委级",
        "instructed": "领导批示",
        "key": "重点",
        "outstanding": "优秀",
    },
}
LARGEST = Decimal(1_000_000)  # no real book comes near it
IDENTITIES = {
    "deputy": "全体代表",
    "committee_member": "专门委员会成员",
    "group_leader": "代表小组组长",
}


class Faulty(ValueError):
    """A rule that cannot be counted; the message is for the person who writes it."""


@dataclass(frozen=True)
class Measure:
    """What is counted: an aggregate over the facts that pass the filters."""

    aggregate: str = "count"
    items: tuple[str, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any], item: str = "") -> "Measure":
        aggregate = data.get("aggregate", "count")
        if aggregate not in AGGREGATES:
            raise Faulty(f"没有“{aggregate}”这种计量方式")
        filters = tuple((name, tuple(data[name])) for name in ATTRIBUTES if data.get(name))
        items = tuple(data.get("items") or ([item] if item else []))
        return cls(aggregate, items, filters)

    def takes(self, group: Any) -> bool:
        """Whether a group of facts passes the filters (its item is looked up beforehand)."""
        return all(getattr(group, name) in allowed for name, allowed in self.filters)

    @property
    def needs_own_query(self) -> bool:
        """Distinct days or objects cannot be added up from groups."""
        return self.aggregate in ("distinct_days", "distinct_objects")


@dataclass(frozen=True)
class Row:
    """One row of a table leaf: a band [low, high) of the measure, or a value of an attribute."""

    points: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    attribute: str = ""
    value: str = ""
    and_attribute: str = ""  # 级别 × 作用: both have to be met
    and_value: str = ""

    def takes(self, group: Any) -> bool:
        """Whether a group of facts has the values this row is about."""
        return getattr(group, self.attribute) == self.value and (
            not self.and_attribute or getattr(group, self.and_attribute) == self.and_value
        )


@dataclass(frozen=True)
class Rule:
    """A node or a leaf of the tree."""

    key: str
    kind: str
    name: str
    aspect: str = ""
    unit: str = "次"
    measure: Measure = Measure()
    children: tuple["Rule", ...] = ()
    points: Decimal = Decimal(0)  # const
    rate: Decimal = Decimal(0)  # linear: points per step
    offset: Decimal = Decimal(0)  # counted from the one after this
    step: Decimal = Decimal(1)
    whole_steps: bool = True
    base: Decimal = Decimal(0)  # points before the first step
    one_sided: str = ""  # "up": never below base, "down": never above
    rows: tuple[Row, ...] = ()  # table
    pick: str = "sum"
    lowest: Decimal | None = None  # manual
    highest: Decimal | None = None
    combine: str = "sum"  # node
    weight: Decimal = Decimal(1)
    cap: Decimal | None = None
    floor: Decimal | None = None
    zero_unless: tuple[str, ...] = ()  # keys of rules that must all have given points
    for_: tuple[str, ...] = ()
    public_name: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_leaf(self) -> bool:
        return self.kind != "node"

    @cached_property
    def conditioned(self) -> Mapping[str, "Rule"]:
        """All rules by their keys, where any depends on another; otherwise none."""
        rules = {rule.key: rule for rule in self.walk()}
        return rules if any(rule.zero_unless for rule in rules.values()) else {}

    def counts(self, group: Any) -> bool:
        """Whether facts (of an item it names) pass its filters and, in a table of attributes,
        are in one of its rows."""
        named = [row for row in self.rows if row.attribute]
        return self.measure.takes(group) and (not named or any(row.takes(group) for row in named))

    def walk(self) -> Iterator["Rule"]:
        """This rule and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def number(data: Mapping[str, Any], name: str, default: str | None = None) -> Decimal | None:
    """A decimal of a rule's parameters; raises Faulty where it is no number."""
    value = data.get(name)
    if value in (None, ""):
        return None if default is None else Decimal(default)
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise Faulty(f"“{value}”不是数字") from None
    if not found.is_finite():
        raise Faulty(f"“{value}”不是数字")
    if abs(found) > LARGEST:
        raise Faulty(f"“{value}”太大")
    return found


def _keys(value: Any) -> tuple[str, ...]:
    """One key or several, as stored."""
    return (value,) * bool(value) if isinstance(value, str) else tuple(value)


def parse_rule(
    *,
    key: str,
    kind: str,
    name: str,
    aspect: str = "",
    item: str = "",
    unit: str = "次",
    params: Mapping[str, Any],
    children: Iterable[Rule] = (),
) -> Rule:
    """A rule from its stored form; raises Faulty with what is wrong in it."""
    if kind != "node" and kind not in LEAVES:
        raise Faulty(f"没有“{kind}”这种规则")
    rows = tuple(
        Row(
            points=number(row, "points", "0"),
            low=number(row, "low"),
            high=number(row, "high"),
            attribute=row.get("attribute", ""),
            value=row.get("value", ""),
            and_attribute=row.get("and_attribute", ""),
            and_value=row.get("and_value", ""),
        )
        for row in params.get("rows", ())
    )
    return Rule(
        key=key,
        kind=kind,
        name=name,
        aspect=aspect,
        unit=unit,
        measure=Measure.parse(params.get("measure") or {}, item),
        children=tuple(children),
        points=number(params, "points", "0"),
        rate=number(params, "rate", "0"),
        offset=number(params, "offset", "0"),
        step=number(params, "step", "1"),
        whole_steps=bool(params.get("whole_steps", True)),
        base=number(params, "base", "0"),
        one_sided=params.get("one_sided", ""),
        rows=rows,
        pick=params.get("pick", "sum"),
        lowest=number(params, "min"),
        highest=number(params, "max"),
        combine=params.get("combine", "sum"),
        weight=number(params, "weight", "1"),
        cap=number(params, "cap"),
        floor=number(params, "floor"),
        zero_unless=_keys(params.get("zero_unless", "")),
        for_=tuple(params.get("for", ())),
        public_name=params.get("public_name", ""),
        extra={k: params[k] for k in ("panels", "who", "counts_in") if k in params},
    )


def build_tree(rows: Iterable[Mapping[str, Any]], name: str = "总分") -> Rule:
    """The tree of a version from its stored rows (id, parent_id, kind, key, name, aspect, item,
    unit, params, in order); its root adds the top rules up."""
    below: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        below.setdefault(row.get("parent_id"), []).append(row)

    def build(row: Mapping[str, Any], aspect: str) -> Rule:
        aspect = row.get("aspect") or aspect
        return parse_rule(
            key=row["key"],
            kind=row["kind"],
            name=row["name"],
            aspect=aspect,
            item=row.get("item") or "",
            unit=row.get("unit") or "次",
            params=row["params"],
            children=[build(child, aspect) for child in below.get(row.get("id"), [])]
            if row.get("id") is not None
            else [],
        )

    return Rule(
        key="",
        kind="node",
        name=name,
        children=tuple(build(row, "") for row in below.get(None, [])),
    )


def check_tree(root: Rule) -> list[str]:
    """What keeps a version from being published, in sentences; empty when it can be."""
    faults = []
    if not any(rule.is_leaf for rule in root.walk()):
        faults.append("办法中还没有任何计分规则")
    for rule in root.walk():
        faults += [f"“{rule.name}”：{fault}" for fault in _faults(rule)]
    return faults + list(_condition_faults(root))


def _condition_faults(root: Rule) -> Iterator[str]:
    """Conditions (前提) point at rules that are there and never, by any way, at themselves."""
    rules = {rule.key: rule for rule in root.walk()}
    for rule in rules.values():
        if any(key not in rules for key in rule.zero_unless):
            yield f"“{rule.name}”：作为前提的规则已不在办法中"

    def needed(rule: Rule) -> set[str]:
        """Keys that must be counted before this rule is."""
        below = list(rule.walk())
        return {r.key for r in below[1:]} | {k for r in below for k in r.zero_unless if k in rules}

    for rule in rules.values():
        if not rule.key:
            continue
        seen: set[str] = set()
        queue = list(needed(rule))
        while queue:
            key = queue.pop()
            if key not in seen:
                seen.add(key)
                queue.extend(needed(rules[key]))
        if rule.key in seen:
            yield f"“{rule.name}”：前提绕回到了规则自己"


def _faults(rule: Rule) -> Iterator[str]:
    if rule.cap is not None and rule.floor is not None and rule.cap < rule.floor:
        yield "封顶分低于保底分"
    if rule.kind == "node" and rule.key and not rule.children:
        yield "分组内没有规则"
    if rule.kind == "linear":
        if rule.step <= 0:
            yield "每档数量须大于零"
        if rule.rate == 0:
            yield "每档分值为零，不会产生任何分数"
        if not rule.measure.items and rule.measure.aggregate != "value":
            yield "没有选择履职事项"
    if rule.kind == "table":
        if not rule.rows:
            yield "没有分档"
        yield from _band_faults(rule)
    if rule.kind == "manual":
        if rule.lowest is None or rule.highest is None:
            yield "须规定最低分和最高分"
        elif rule.lowest > rule.highest:
            yield "最低分高于最高分"
    if rule.kind == "rating":
        weights = [number(p, "weight", "0") for p in rule.extra.get("panels", ())]
        if not weights or sum(weights) != 1:
            yield "各评议方的权重之和须为 1"


def _band_faults(rule: Rule) -> Iterator[str]:
    bands = sorted(
        (r for r in rule.rows if not r.attribute and r.low is not None), key=lambda r: r.low
    )
    for lower, upper in zip(bands, bands[1:], strict=False):
        if lower.high is None or lower.high > upper.low:
            yield f"分档重叠：{upper.low}同时属于两档"
    named = {a for r in rule.rows for a in (r.attribute, r.and_attribute) if a}
    if named - set(ATTRIBUTES):
        yield "分档所依据的属性不存在"
    if named and any(not r.attribute for r in rule.rows):
        yield "分档不能一部分按数量、一部分按属性"


def warnings(root: Rule) -> list[str]:
    """What is allowed and yet often regretted: a bonus without a cap swamps the base."""
    found = []

    def look(rule: Rule, capped: bool) -> None:
        capped = capped or rule.cap is not None
        gains = (
            rule.kind == "linear"
            and rule.rate > 0
            or (rule.kind == "table" and any(r.attribute and r.points > 0 for r in rule.rows))
        )
        if gains and not capped:
            found.append(f"“{rule.name}”没有封顶，次数多时可能淹没其他项目")
        for child in rule.children:
            look(child, capped)

    look(root, False)
    return found
