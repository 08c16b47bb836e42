"""督办 as sheets: the wall, the units, key supervision."""

import datetime as dt
from collections.abc import Iterable, Sequence

from congress.xlsx import Sheet

from ..models import Assignment, Supervision
from ..queries.wall import LIGHTS, points_of


def wall_list(rows: Iterable[Assignment], on: dt.date) -> list[Sheet]:
    """The wall as it is filtered: who, until when, which light, stuck at what."""
    head = ["编号", "标题", "分类", "承办单位", "承办方式", "状态", "交办日期", "期限", "剩余天数"]
    head += ["灯", "卡在哪里", "催办次数"]
    lines = [
        [
            t.suggestion.number, t.suggestion.title, str(t.suggestion.category or ""),
            t.unit_name, t.get_role_display(), t.get_state_display(), t.assigned_on, t.due_on,
            (t.due_on - on).days if t.light else None, LIGHTS.get(t.light, "已答复"),
            "、".join(points_of(t)), t.urged or 0,
        ]
        for t in rows
    ]  # fmt: skip
    widths = [12, 40, 18, 22, 8, 12, 13, 13, 10, 10, 20, 10]
    return [Sheet("督办", head, lines, widths=widths, landscape=True)]


def wall_units(rows: Iterable[dict], columns: Sequence[tuple[str, str, str]]) -> list[Sheet]:
    """The wall unit by unit. `columns`: (filter, key, label)."""
    head = ["单位", "在办", *(label for *_, label in columns)]
    lines = [[r["unit__name"], r["all"], *(r[key] for _, key, _ in columns)] for r in rows]
    return [Sheet("按单位督办", head, lines, landscape=True)]


def supervision_list(rows: Iterable[Supervision]) -> list[Sheet]:
    """Supervisions with who leads and how often somebody was on the spot."""
    head = ["编号", "标题", "督办方式", "状态", "决定会议", "决定日期", "领衔督办", "政府领办"]
    head += ["督办机构", "现场督办次数", "最近记录", "督办结果", "评价"]
    lines = [
        [
            r.suggestion.number, r.suggestion.title, r.get_kind_display(), r.get_state_display(),
            str(r.meeting or ""), r.decided_on, r.leader.name if r.leader else "",
            r.government_leader, str(r.committee or ""), r.visits, r.last_on, r.result, r.rating,
        ]
        for r in rows
    ]  # fmt: skip
    return [Sheet("重点督办", head, lines, landscape=True)]
