"""Returns and extensions as sheets."""

from collections.abc import Iterable

from congress.xlsx import Sheet

from ..models import ExtensionRequest, ReturnRequest


def _word(value: bool | None) -> str:
    return {True: "同意", False: "不同意", None: "待决定"}[value]


def return_sheets(rows: Iterable[ReturnRequest]) -> list[Sheet]:
    """退办台账."""
    head = ["编号", "标题", "申请单位", "第几次退办", "申请日期", "原因", "说明", "依据",
            "建议改由", "决定", "决定日期", "决定的理由", "改由", "法定期限"]  # fmt: skip
    lines = [
        [
            r.assignment.suggestion.number, r.assignment.suggestion.title, r.assignment.unit_name,
            r.times, r.asked_at, r.get_reason_display(), r.explanation, r.legal_basis,
            r.proposed_unit.name if r.proposed_unit else "", _word(r.accepted), r.decided_at,
            r.decision, r.new_assignment.unit_name if r.new_assignment else "",
            r.assignment.legal_due_on,
        ]
        for r in rows
    ]  # fmt: skip
    return [Sheet("退办", head, lines, caption="退办台账", landscape=True)]


def extension_sheets(rows: Iterable[ExtensionRequest]) -> list[Sheet]:
    """延期台账."""
    head = ["编号", "标题", "申请单位", "申请日期", "原因", "已办情况", "法定期限", "延期至",
            "决定", "决定日期", "决定说明"]  # fmt: skip
    lines = [
        [
            r.assignment.suggestion.number, r.assignment.suggestion.title, r.assignment.unit_name,
            r.asked_at, r.get_reason_display(), r.progress, r.assignment.legal_due_on, r.to_on,
            _word(r.granted), r.decided_at, r.decision,
        ]
        for r in rows
    ]  # fmt: skip
    return [Sheet("延期", head, lines, caption="延期台账", landscape=True)]
