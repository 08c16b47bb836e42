"""回头看 as sheets: the items, the classes, the units."""

from collections.abc import Iterable

from congress.xlsx import Sheet

from ..models import LookBack, LookBackItem
from ..queries.lookbacks import by_class, by_unit


def lookback_sheets(row: LookBack, items: Iterable[LookBackItem], every) -> list[Sheet]:
    """The items as they are filtered, then what became of each class and each unit."""
    head = [
        "编号",
        "标题",
        "承办单位",
        "原结果类别",
        "自查结果",
        "自查情况",
        "签发人",
        "代表意见",
        "代表说明",
    ]
    lines = [
        [
            i.assignment.suggestion.number, i.assignment.suggestion.title, i.assignment.unit_name,
            i.result_class.mark, i.get_finding_display() or "未自查", i.finding_text, i.signer,
            i.get_word_display() or ("待答复" if i.finding else ""), i.word_text,
        ]
        for i in items
    ]  # fmt: skip
    counted = ["件数", "未自查", "已经解决", "正在推进", "仍未解决", "代表认为不属实"]
    keys = ("count", "silent", "solved", "going", "stuck", "differs")
    classes = [[c["result_class__mark"], *(c[k] for k in keys)] for c in by_class(every)]
    units = [[u["assignment__unit__name"], *(u[k] for k in keys)] for u in by_unit(every)]
    return [
        Sheet("逐件", head, lines, caption=row.title, landscape=True),
        Sheet("按类别", ["原结果类别", *counted], classes),
        Sheet("按单位", ["单位", *counted], units),
    ]
