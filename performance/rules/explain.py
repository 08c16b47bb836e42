"""One sentence per line: what was counted, at which rate, with which bound.

The sentence is derived from the rule and what the tally stored, by the same steps as
`evaluate`, and says why where the figure is not the plain product: what does not fill a step,
what only counts from a number on, a bound, a condition, rounding.
"""

from collections.abc import Mapping
from decimal import Decimal

from .evaluate import bounded, steps_of
from .vocabulary import VALUES, Rule

VALUE_WORDS = {value: words for known in VALUES.values() for value, words in known.items()}
SHOWN = Decimal("0.0001")  # exact figures of real books have no more decimals
ROUGH = Decimal("0.01")
ONCE = {"distinct_days": "（同一天只计一次）", "distinct_objects": "（同一对象只计一次）"}


def plain(value: Decimal) -> str:
    """A decimal without trailing zeros: 5, 7.5, －3."""
    text = format(Decimal(value).normalize(), "f")
    return text.replace("-", "－") if text != "-0" else "0"


def explain(
    rule: Rule,
    points: Decimal,
    measured: Decimal | None,
    detail: Mapping,
    names: Mapping[str, str] | None = None,
) -> str:
    """The sentence of a line, from the rule and what the tally stored.

    接待选民 3次 ×5分 = 15分；按上限计10分 follows where a bound was met. `names` gives the words
    for the rules that are conditions.
    """
    raw = Decimal(detail.get("raw", points))
    said = f"{rule.name}{_SENTENCES[rule.kind](rule, raw, measured, detail)}"
    if detail.get("unmet"):
        needed = [f"“{names[key]}”" for key in rule.zero_unless if names and key in names]
        because = f"{'、'.join(needed)}没有得分" if needed else "前提没有满足"
        return f"{said}，{because}，计0分"
    return said + _afterwards(rule, raw, points)


def _afterwards(rule: Rule, raw: Decimal, points: Decimal) -> str:
    """What became of the product: a bound, rounding; nothing where it stands."""
    held = bounded(rule, raw)
    if held == raw:
        return "" if _same(raw, points) else f"，四舍五入计{plain(points)}分"
    bound = "按上限" if held < raw else "按下限"
    if _same(held, points):
        return f"，{bound}计{plain(points)}分"
    return f"，{bound}{plain(held)}分，四舍五入计{plain(points)}分"


def _same(one: Decimal, other: Decimal) -> bool:
    return round(one, 8) == other


def _exact(value: Decimal) -> str:
    """A figure as it is, or what it is about where it has no end: 12.5, 约6.67."""
    shown = value.quantize(SHOWN)
    return plain(shown) if _same(value, shown) else f"约{plain(value.quantize(ROUGH))}"


def _is_part(rule: Rule) -> bool:
    return rule.measure.aggregate in ("rate", "share")


def _amount(rule: Rule, value: Decimal) -> str:
    """An amount of what is measured, with its unit; a rate as per cent."""
    return f"{_exact(value * 100)}%" if _is_part(rule) else f"{_exact(value)}{rule.unit}"


def _equals(raw: Decimal) -> str:
    return f" = {_exact(raw)}分"


def _const(rule, raw, measured, detail) -> str:
    return f" {plain(raw)}分"


def _linear(rule, raw, measured, detail) -> str:
    found = measured or Decimal(0)
    beyond, steps = steps_of(rule, found)
    plainly = not (rule.offset or rule.base)
    if rule.measure.aggregate == "exists" and plainly and rule.step == 1:
        return f" {'有' if found else '没有'}记录{_equals(raw)}"
    said = f" {_amount(rule, found)}{ONCE.get(rule.measure.aggregate, '')}"
    if not plainly:
        said += _from_the_offset(rule, found, beyond)
    left = abs(beyond) - abs(steps) * rule.step if rule.whole_steps else Decimal(0)
    if left:
        said += f"，不足{_amount(rule, rule.step)}的不计"
    if not steps and (left or not plainly):
        return f"{said}，计{plain(raw)}分"
    gained = f"{_steps(rule, steps)}×{plain(rule.rate)}分"
    if rule.base:
        gained = f"{plain(rule.base)}分{'－' if steps < 0 else '＋'}{gained}"
    elif not left and plainly and rule.step == 1:  # 3次 ×5分
        return f"{said} ×{plain(rule.rate)}分{_equals(raw)}"
    return f"{said}，{gained}{_equals(raw)}"


def _from_the_offset(rule: Rule, found: Decimal, beyond: Decimal) -> str:
    """Where counting begins: with a base both ways from it, otherwise only beyond it."""
    start = _amount(rule, rule.offset)
    if not rule.base:
        if not beyond:
            return f"，没有超过{start}"
        if rule.offset < 0:
            return f"，另加{_amount(rule, -rule.offset)}"
        return f"，超过{start}的{_amount(rule, beyond)}"
    said = f"，{start}计{plain(rule.base)}分"
    if beyond:
        return f"{said}，{'多' if beyond > 0 else '少'}{_amount(rule, abs(beyond))}"
    if found == rule.offset:
        return said
    return f"{said}，{'多出的不另计' if found > rule.offset else '不足的不扣'}"


def _steps(rule: Rule, steps: Decimal) -> str:
    """The number of steps: 3次, or 3个10% where a step is more (or less) than one."""
    count = abs(steps)
    if rule.step == 1:
        return _amount(rule, count)
    return f"{_exact(count)}个{_amount(rule, rule.step)}"


def _table(rule, raw, measured, detail) -> str:
    if not any(row.attribute for row in rule.rows):
        found = measured or Decimal(0)
        known = any(
            (row.low is None or found >= row.low) and (row.high is None or found < row.high)
            for row in rule.rows
        )
        where = "对应档次" if known else "不在任何一档"
        once = ONCE.get(rule.measure.aggregate, "")
        return f" {_amount(rule, found)}{once}，{where}{_equals(raw)}"
    parts = detail.get("parts", ())
    if not parts:
        return f" 没有记录{_equals(raw)}"
    if rule.pick == "max":
        said = "、".join(
            f"{_value(p)}{p['times']}{rule.unit}（{plain(Decimal(p['points']))}分）" for p in parts
        )
        return f" {said}，{'取最高一项' if len(parts) > 1 else '不重复计'}{_equals(raw)}"
    said = "＋".join(
        f"{_value(p)}{p['times']}{rule.unit}×{plain(Decimal(p['points']))}分" for p in parts
    )
    return f" {said}{_equals(raw)}"


def _value(part: Mapping[str, str]) -> str:
    return VALUE_WORDS.get(part.get("and"), "") + VALUE_WORDS.get(part["value"], part["value"])


def _manual(rule, raw, measured, detail) -> str:
    if "awarded" in detail:
        awarded = Decimal(detail["awarded"])
        bound = "最高" if awarded > raw else "最低"
        return f"（酌定）合计{plain(awarded)}分，按办法{bound}计{plain(raw)}分"
    return f"（酌定）{plain(raw)}分"


def _rating(rule, raw, measured, detail) -> str:
    return f"（评议）{_exact(raw)}分"


def _node(rule, raw, measured, detail) -> str:
    how = "最高一项" if rule.combine == "max" else "合计"
    if rule.weight in (0, 1):
        return f" {how}{'×权重0' if rule.weight == 0 else ''}{_equals(raw)}"
    return f" {how}{_exact(raw / rule.weight)}分×权重{plain(rule.weight)}{_equals(raw)}"


_SENTENCES = {
    "const": _const,
    "linear": _linear,
    "table": _table,
    "manual": _manual,
    "rating": _rating,
    "node": _node,
}
