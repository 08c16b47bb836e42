"""One sentence per line: what was counted, at which rate, with which bound."""

from collections.abc import Mapping
from decimal import Decimal

from .vocabulary import VALUES, Rule

VALUE_WORDS = {value: words for known in VALUES.values() for value, words in known.items()}


def plain(value: Decimal) -> str:
    """A decimal without trailing zeros: 5, 7.5, −3."""
    text = format(Decimal(value).normalize(), "f")
    return text.replace("-", "－") if text != "-0" else "0"


def explain(rule: Rule, points: Decimal, measured: Decimal | None, detail: Mapping) -> str:
    """The sentence of a line, from the rule and what the tally stored.

    接待选民 3次 ×5分 = 15分；按上限计 10分 follows where a bound was met.
    """
    raw = Decimal(detail.get("raw", points))
    said = _SENTENCES[rule.kind](rule, raw, measured, detail)
    if detail.get("unmet"):
        said += "，前提没有满足，计0分"
    elif raw != points:
        said += f"，{_bound(rule, raw, points)}计{plain(points)}分"
    return said


def _bound(rule: Rule, raw: Decimal, points: Decimal) -> str:
    if rule.cap is not None and raw > rule.cap:
        return "按上限"
    if rule.floor is not None and raw < rule.floor:
        return "按下限"
    return "四舍五入"


def _figure(rule: Rule, measured: Decimal | None) -> str:
    """The measured figure with its unit; a rate as per cent."""
    found = measured or Decimal(0)
    if rule.measure.aggregate in ("rate", "share"):
        return f"{plain(round(found * 100, 1))}%"
    return f"{plain(found)}{rule.unit}"


def _const(rule, raw, measured, detail) -> str:
    return f"{rule.name} {plain(raw)}分"


def _linear(rule, raw, measured, detail) -> str:
    said = f"{rule.name} {_figure(rule, measured)}"
    if rule.offset:
        said += f"（超过{plain(rule.offset)}{rule.unit}的部分）"
    per = (
        f"×{plain(rule.rate)}分"
        if rule.step == 1
        else (f"，每{plain(rule.step)}{rule.unit}{plain(rule.rate)}分")
    )
    base = f"{plain(rule.base)}分＋" if rule.base else ""
    return f"{said} {base}{per} = {plain(raw)}分"


def _table(rule, raw, measured, detail) -> str:
    parts = detail.get("parts")
    if parts is None:
        return f"{rule.name} {_figure(rule, measured)}，对应档次 = {plain(raw)}分"
    said = "＋".join(
        f"{VALUE_WORDS.get(p.get('and'), '')}{VALUE_WORDS.get(p['value'], p['value'])}"
        f"{p['times']}{rule.unit}×{plain(Decimal(p['points']))}分"
        for p in parts
    )
    how = "（取最高一项）" if rule.pick == "max" else ""
    return f"{rule.name} {said or '无记录'}{how} = {plain(raw)}分"


def _manual(rule, raw, measured, detail) -> str:
    return f"{rule.name}（酌定）{plain(raw)}分"


def _rating(rule, raw, measured, detail) -> str:
    return f"{rule.name}（评议）{plain(raw)}分"


def _node(rule, raw, measured, detail) -> str:
    how = "最高一项" if rule.combine == "max" else "合计"
    weight = f"×权重{plain(rule.weight)}" if rule.weight != 1 else ""
    return f"{rule.name} {how}{weight} = {plain(raw)}分"


_SENTENCES = {
    "const": _const,
    "linear": _linear,
    "table": _table,
    "manual": _manual,
    "rating": _rating,
    "node": _node,
}
