"""The kinds of activity a new congress starts with; staff change them as they need."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KindTemplate:
    """One kind: what it feeds (codes of duty items), how it counts."""

    code: str
    name: str
    items: tuple[str, ...] = ()
    quantity_rule: str = "once"
    absence_counts: bool = True
    by_sign_up: bool = False


KINDS = (
    KindTemplate("sitting", "人民代表大会会议", ("A01",), "half_days"),
    KindTemplate("standing_committee", "列席常委会会议", ("B01",)),
    KindTemplate("inspection", "视察", ("B02",)),
    KindTemplate("research", "专题调研", ("B03",)),
    KindTemplate("law_enforcement", "执法检查", ("B04",)),
    KindTemplate("training", "学习培训", ("E01",)),
    KindTemplate("group_activity", "代表小组活动", ("B05",)),
    KindTemplate("reception", "接待选民", ("B06",)),
    KindTemplate("visit", "走访联系选民", ("B07",), absence_counts=False, by_sign_up=True),
    KindTemplate("hearing", "评议、听证和座谈", ("B10",)),
    KindTemplate("publicity", "宣传宣讲", ("O01",), absence_counts=False, by_sign_up=True),
    KindTemplate("other", "其他活动", ("O01",), absence_counts=False, by_sign_up=True),
)
