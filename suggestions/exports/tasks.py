"""The tasks of a unit as a sheet."""

from collections.abc import Iterable

from congress.xlsx import Sheet

from ..models import Assignment


def task_list(rows: Iterable[Assignment]) -> list[Sheet]:
    """The tasks of a unit as they are filtered, by their days."""
    head = [
        "编号",
        "标题",
        "分类",
        "承办单位",
        "承办方式",
        "状态",
        "交办日期",
        "法定期限",
        "延期至",
    ]
    lines = [
        [
            t.suggestion.number, t.suggestion.title, str(t.suggestion.category or ""),
            t.unit_name, t.get_role_display(), t.get_state_display(), t.assigned_on,
            t.legal_due_on, t.extended_to,
        ]
        for t in rows
    ]  # fmt: skip
    widths = [12, 44, 20, 24, 10, 12, 13, 13, 13]
    return [Sheet("承办代表建议", head, lines, widths=widths, landscape=True)]
