"""交办清单 as sheets: the whole batch, one unit's."""

from collections.abc import Sequence

from congress.xlsx import Sheet

from ..documents import by_suggestion
from ..models import AssignmentBatch
from ..queries import Line

PART_HEAD = [
    "单位", "承办方式", "编号", "标题", "提出代表", "分类", "会同单位", "承办内容", "法定期限",
    "统一要求", "本级规则要求",
]  # fmt: skip


def assignment_sheets(batch: AssignmentBatch, lines: Sequence[Line]) -> list[Sheet]:
    """交办清单: the whole batch by suggestion, then by unit."""
    note = f"交办日期：{batch.assigned_on}"
    if batch.document_number:
        note += f"　文号：{batch.document_number}"
    whole = [
        [n, r["line"].number, r["line"].title, r["line"].proposer, r["line"].category,
         "、".join(r["leads"]), "、".join(r["joint"]), r["line"].committee,
         r["line"].legal_due_on, r["line"].batch_due_on]
        for n, r in enumerate(by_suggestion(lines), start=1)
    ]  # fmt: skip
    head = ["序号", "编号", "标题", "提出代表", "分类", "主办或者交办机构", "会办", "督办委员会",
            "法定期限", "统一要求"]  # fmt: skip
    title = f"{batch.title}：代表建议交办清单"
    return [
        Sheet("交办清单", head, whole, caption=title, note=note, landscape=True,
              widths=[6, 10, 44, 16, 20, 30, 24, 12, 13, 13]),
        Sheet("分单位", PART_HEAD, [_part(x) for x in lines], caption=title, note=note,
              landscape=True, widths=[24, 10, 10, 40, 16, 20, 24, 24, 13, 13, 13]),
    ]  # fmt: skip


def unit_sheet(batch: AssignmentBatch, lines: Sequence[Line]) -> list[Sheet]:
    """交办清单 of one unit."""
    name = lines[0].unit_name
    return [
        Sheet(
            "交办清单", PART_HEAD, [_part(x) for x in lines],
            caption=f"交{name}办理的代表建议", note=f"交办日期：{batch.assigned_on}",
            landscape=True, widths=[24, 10, 10, 40, 16, 20, 24, 24, 13, 13, 13],
        )
    ]  # fmt: skip


def _part(line: Line) -> list:
    return [
        line.unit_name, line.role_word, line.number, line.title, line.proposer, line.category,
        line.others, line.content, line.legal_due_on, line.batch_due_on, line.internal_due_on,
    ]  # fmt: skip
