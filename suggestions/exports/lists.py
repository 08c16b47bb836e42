"""The staff's list of suggestions as a sheet."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from congress.xlsx import Sheet

from ..models import Suggestion
from ..queries.lists import units_of


def suggestion_list(rows: Iterable[Suggestion]) -> list[Sheet]:
    """The staff's list as it is filtered (queries.lists.for_sheet)."""
    head = [
        "编号", "标题", "类型", "提出时间", "会次", "领衔代表", "联名人数", "代表团建议",
        "街道（镇）", "分类", "状态", "承办单位", "交办日期", "最近期限", "办理结果", "轮次",
        "重点督办", "提交日期", "登记日期", "办结日期",
    ]  # fmt: skip
    lines = [
        [
            s.number, s.title, s.get_kind_display(), s.get_raised_in_display(),
            str(s.sitting or ""), s.raised_by if s.lead_id or s.is_received else "",
            s.cosigners or 0, str(s.delegation or ""), str(s.street or ""), str(s.category or ""),
            s.state_words, units_of(s), s.assigned_on, s.due_on, s.current_mark or "",
            s.round, "是" if s.is_key else "", _day(s.submitted_at), _day(s.registered_at),
            _day(s.closed_at),
        ]
        for s in rows
    ]  # fmt: skip
    widths = [11, 44, 8, 11, 14, 11, 9, 14, 16, 22, 13, 34, 13, 13, 9, 6, 9, 13, 13, 13]
    return [Sheet("代表建议", head, lines, widths=widths, landscape=True)]


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None
