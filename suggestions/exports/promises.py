"""承诺台账 as a sheet."""

from collections.abc import Iterable

from congress.xlsx import Sheet

from ..models import Promise, PromiseEvent

WORDS = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}


def promise_list(rows: Iterable[Promise]) -> list[Sheet]:
    """Each promise with its day, its changes, the last report and what deputies said."""
    head = [
        "编号",
        "标题",
        "届",
        "承诺单位",
        "序号",
        "承诺事项",
        "完成标准",
        "责任领导",
        "完成日期",
    ]
    head += ["状态", "落实日期", "调整次数", "最近报告", "代表评价"]
    told = (PromiseEvent.Kind.REPORT, PromiseEvent.Kind.PROGRESS)
    lines = []
    for p in rows:
        events = sorted(p.events.all(), key=lambda e: e.pk)
        reports = [e for e in events if e.kind in told]
        words = [WORDS.get(e.value, "") for e in events if e.value]
        lines.append([
            p.suggestion.number, p.suggestion.title, p.suggestion.term.name, p.unit.name, p.number,
            p.content, p.criterion, p.responsible, p.due_on, p.get_state_display(), p.kept_on,
            p.changes or 0, reports[-1].text if reports else "", "、".join(words),
        ])  # fmt: skip
    return [Sheet("承诺台账", head, lines, landscape=True)]
