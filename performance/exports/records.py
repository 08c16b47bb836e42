"""Duty facts as a workbook."""

from collections.abc import Iterable

from congress import xlsx

from ..models import DutyRecord
from ..queries.records import source_of
from ..rules.explain import VALUE_WORDS
from .numbers import exact


def record_sheet(rows: Iterable[DutyRecord]) -> xlsx.Sheet:
    """Facts as they are filtered, one line each."""
    head = ["序号", "代表", "日期", "方面", "事项", "内容", "数量", "单位", "出席情况"]
    head += ["作用", "级别", "来源", "代录", "记录人", "记录时间", "撤回原因"]
    return xlsx.Sheet(
        "履职记录",
        head,
        [
            [
                n,
                r.deputy.name,
                r.on,
                r.item.get_aspect_display(),
                r.item.name,
                r.title,
                exact(r.quantity),
                r.item.unit_word,
                r.get_outcome_display(),
                VALUE_WORDS.get(r.role, r.role),
                VALUE_WORDS.get(r.level, r.level),
                source_of(r),
                "代录" if r.on_behalf else "",
                r.entered_by.name if r.entered_by else "",
                r.created_at,
                r.withdrawn_reason,
            ]
            for n, r in enumerate(rows, start=1)
        ],
        caption="履职记录",
        landscape=True,
    )
