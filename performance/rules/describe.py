"""A rule in plain words, as it would stand in a printed book: 每1次5分，从第2次起，最多20分."""

from collections.abc import Mapping
from decimal import Decimal

from .explain import VALUE_WORDS, plain
from .vocabulary import AGGREGATES, IDENTITIES, Rule

FEW = 3  # so many items are named, more are counted


def describe(rule: Rule, names: Mapping[str, str] | None = None) -> str:
    """The sentence of a rule without its own name.

    `names` gives the words for item codes and rule keys that the sentence mentions.
    """
    names = names or {}
    parts = [_filters(rule, names), *_SENTENCES[rule.kind](rule, names)]
    if rule.cap is not None:
        parts.append(_cap(rule))
    if rule.floor is not None:
        parts.append(_floor(rule))
    if rule.zero_unless:
        needed = "、".join(f"“{names.get(k, k)}”" for k in rule.zero_unless)
        parts.append(f"{needed}{'都' if len(rule.zero_unless) > 1 else ''}有得分才计")
    if rule.for_:
        parts.append("只适用于" + "、".join(IDENTITIES.get(k, k) for k in rule.for_))
    return "，".join(p for p in parts if p)


def _cap(rule: Rule) -> str:
    if rule.cap == 0:
        return "最高计到0分"
    return f"最多{plain(rule.cap)}分"


def _floor(rule: Rule) -> str:
    if rule.floor == 0:
        return "扣完为止，不计负分"
    if rule.floor < 0:
        return f"最多扣{plain(-rule.floor)}分"
    return f"最少计{plain(rule.floor)}分"


def _filters(rule: Rule, names: Mapping[str, str]) -> str:
    said = []
    if rule.kind in ("linear", "table") and len(rule.measure.items) > 1:
        words = [names.get(code, code) for code in rule.measure.items]
        said.append("、".join(words[:FEW]) + (f"等{len(words)}项" if len(words) > FEW else ""))
    kept = [
        "、".join(VALUE_WORDS[v] for v in values if v in VALUE_WORDS)
        for _, values in rule.measure.filters
    ]
    kept = [k for k in kept if k]
    if kept and rule.measure.aggregate != "rate":
        said.append("只计" + "且".join(kept) + "的")
    return "，".join(said)


def _gain(points: Decimal) -> str:
    return f"{plain(points)}分" if points >= 0 else f"扣{plain(-points)}分"


def _const(rule: Rule, names) -> list[str]:
    return [f"固定{'计' if rule.points >= 0 else ''}{_gain(rule.points)}"]


def _linear(rule: Rule, names) -> list[str]:
    measure, unit = rule.measure, rule.unit
    if measure.aggregate == "exists":
        return [f"有1{unit}即计{_gain(rule.rate)}，不重复计"]
    if measure.aggregate in ("rate", "share"):
        return [f"按{AGGREGATES[measure.aggregate]}计，达到100%计{_gain(rule.rate / rule.step)}"]
    how = {"sum": "按数量合计", "distinct_days": "同一天只计一次", "value": "按报来的数值"}
    how["distinct_objects"] = "同一对象只计一次"
    said = [how.get(measure.aggregate, "")]
    in_parts = rule.step != 1 or measure.aggregate in ("sum", "value")
    per = f"每{'满' if rule.whole_steps and in_parts else ''}{plain(rule.step)}{unit}"
    if rule.base:
        said.append(f"{plain(rule.offset)}{unit}计{_gain(rule.base)}")
        more, less = f"每多{plain(rule.step)}{unit}", f"每少{plain(rule.step)}{unit}"
        gain, loss = _gain(rule.rate), _gain(-rule.rate)
        if rule.one_sided != "down":
            said.append(more + (f"加{gain}" if rule.rate > 0 else gain))
        if rule.one_sided != "up":
            said.append(less + (f"加{loss}" if rule.rate < 0 else loss))
        return said
    said.append(f"{per}{_gain(rule.rate)}")
    if rule.offset:
        said.append(
            f"从第{plain(rule.offset + 1)}{unit}起"
            if rule.offset == rule.offset.to_integral_value()
            else f"超过{plain(rule.offset)}{unit}的部分"
        )
    return said


def _table(rule: Rule, names) -> list[str]:
    if any(row.attribute for row in rule.rows):
        rows = "；".join(
            f"{VALUE_WORDS.get(r.and_value, '')}{VALUE_WORDS.get(r.value, r.value)}"
            f"{_gain(r.points)}"
            for r in rule.rows
        )
        return [rows, "只计最高的一项" if rule.pick == "max" else "逐项累计"]
    percent = rule.measure.aggregate in ("rate", "share")

    def edge(value: Decimal) -> str:
        return f"{plain(value * 100)}%" if percent else f"{plain(value)}{rule.unit}"

    said = []
    for row in sorted(rule.rows, key=lambda r: (r.low is not None, r.low or 0)):
        low = row.low if row.low != 0 else None
        if low is None and row.high is None:
            span = "不论多少"
        elif low is None:
            span = f"不到{edge(row.high)}"
        elif row.high is None:
            span = edge(low) if percent and low == 1 else f"{edge(low)}及以上"
        else:
            span = f"{edge(low)}至不到{edge(row.high)}"
        said.append(span + (_gain(row.points) if row.points < 0 else f"计{_gain(row.points)}"))
    measure = AGGREGATES[rule.measure.aggregate]
    return ["" if rule.measure.aggregate == "count" else f"按{measure}", "；".join(said)]


def _manual(rule: Rule, names) -> list[str]:
    who = rule.extra.get("who")
    span = f"{plain(rule.lowest)}分至{plain(rule.highest)}分"
    return [f"由{who}酌定" if who else "酌定", span, "须写明理由"]


def _rating(rule: Rule, names) -> list[str]:
    panels = "、".join(
        f"{p.get('name', p['key'])}占{plain(Decimal(str(p['weight'])) * 100)}%"
        for p in rule.extra.get("panels", ())
    )
    return [f"按评议平均分计：{panels}"]


def _node(rule: Rule, names) -> list[str]:
    said = ["以下各项取最高的一项" if rule.combine == "max" else "以下各项相加"]
    if rule.weight != 1:
        said.append(f"再乘以{plain(rule.weight)}")
    return said


_SENTENCES = {
    "const": _const,
    "linear": _linear,
    "table": _table,
    "manual": _manual,
    "rating": _rating,
    "node": _node,
}
