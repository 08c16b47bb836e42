"""What is public, as open data, and the desk that decides it as a sheet."""

from collections.abc import Iterable

from django.utils import timezone

from congress.xlsx import Sheet

from ..models import Suggestion
from ..queries.published import Published, served_on


def publishing_list(publishable: Iterable[Suggestion]) -> list[Sheet]:
    """公开审查 as it stands, row by row: the suggestion and until when it is to be public."""
    head = [
        "编号",
        "标题",
        "承办单位",
        "答复送达",
        "公开期限",
        "同意公开建议",
        "同意公开答复",
        "公开情况",
    ]
    rows = []
    for row in publishable:
        units = "、".join(t.unit_name for t in row.assignments.all() if t.answers)
        told = [
            f"{d.get_part_display()}{d.get_mode_display()}{'（已撤下）' if d.taken_down_at else ''}"
            for d in row.publication_decisions.all()
        ]
        words = {True: "同意", False: "不同意", None: ""}
        rows.append([
            row.number, row.title, units, row.served_last, row.publish_by,
            words[row.may_publish_text], words[row.may_publish_reply], "；".join(told),
        ])  # fmt: skip
    widths = [12, 44, 24, 13, 13, 10, 10, 24]
    return [Sheet("公开审查", head, rows, widths=widths, landscape=True)]


# 开放数据: the columns everybody may have, and what stands in them.
OPEN_DATA = {
    "编号": "登记时的编号，不重复使用",
    "标题": "公开的标题",
    "公开方式": "全文公开或者摘要公开",
    "内容": "公开的文本，电话和证件号码已隐去",
    "提出人": "领衔代表或者代表团；要求隐去姓名的写“一位代表”",
    "分类": "两级分类",
    "承办单位": "负责答复的单位，几个单位用顿号分开",
    "交办日期": "年-月-日",
    "答复日期": "公开的答复送达代表的日期",
    "办理结果": "答复的结果类别",
    "答复": "公开的答复文本",
    "公开日期": "年-月-日",
    "公开编号": "网页地址的最后一段",
}


def open_data(items: Iterable[Published]) -> Iterable[list[str]]:
    """The values of OPEN_DATA, item by item, all as text."""
    for item in items:
        row, suggestion = item.row, item.row.suggestion
        last = item.replies[-1] if item.replies else None
        answered = served_on(last) if last else None
        yield [
            suggestion.number,
            row.title,
            row.get_mode_display(),
            row.text,
            item.by,
            str(suggestion.category or ""),
            item.units,
            str(suggestion.assigned_on or ""),
            str(answered or ""),
            item.result.label if item.result else "",
            "\n\n".join(d.text for d in item.replies),
            str(timezone.localdate(row.published_at)),
            row.public_id or "",
        ]
