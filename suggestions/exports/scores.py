"""The scores of a year as a sheet and as a printed table."""

from collections.abc import Sequence
from decimal import Decimal

from congress import pdf
from congress.tenancy import current_congress
from congress.xlsx import Sheet

from ..models import ScoreResult, ScoreSheet
from ..queries.scores import measures
from ..rules.figures import EVERY


def score_sheets(sheet: ScoreSheet, results: Sequence[ScoreResult]) -> list[Sheet]:
    """Places and points, each line, and how it was scored."""
    note = f"{sheet.get_state_display()}，统计截至{sheet.counted_on or '今天'}"
    ranked = [
        [r.rank, r.unit_name, r.main, r.joint, r.counted, r.points - r.counted, r.points,
         r.grade, "" if r.rank else "任务数不足，不排名"]
        for r in results
    ]  # fmt: skip
    lines = [
        [r.unit_name, x["part"], x["name"], x["value"], len(x["top"]), len(x["of"]),
         Decimal(x["weight"]), None if x["points"] is None else Decimal(x["points"])]
        for r in results
        for x in r.lines
    ]  # fmt: skip
    how = [
        [m.part == "joint" and "会办" or "主办", EVERY[m.formula].name, m.weight, m.words]
        for m in measures(sheet)
    ]
    return [
        Sheet("考评结果", ["名次", "单位", "主办", "会办", "统计得分", "意见调整", "得分", "等次",
                           "说明"], ranked, caption=sheet.name, note=note, landscape=True),
        Sheet("各项得分", ["单位", "部分", "指标", "数值", "分子", "分母", "满分", "得分"], lines,
              caption=sheet.name, note=note, landscape=True),
        Sheet("计分办法", ["部分", "指标", "满分", "怎样计分"], how, caption=sheet.name,
              note=f"依据：{sheet.basis_document}"),
    ]  # fmt: skip


def score_document(sheet: ScoreSheet, results: Sequence[ScoreResult]) -> bytes:
    """The result as PDF."""
    context = {
        "congress": current_congress(),
        "sheet": sheet,
        "results": results,
        "measures": [(m, EVERY[m.formula]) for m in measures(sheet)],
    }
    return pdf.document("suggestions/documents/scores.html", context)
