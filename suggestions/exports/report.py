"""年度报告: its frozen content, the printed report in the order such reports have, the workbook."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString

from congress import charts, pdf, xlsx
from congress.tenancy import current_congress
from congress.words import cn_date
from congress.xlsx import Sheet

from ..models import YearlyReport
from ..queries.figures import Year
from ..rules.figures import FORMULAS, Figure, Item, checks, evaluate_all
from ..rules.figures.withholding import WHY
from .figures import (
    SHORT,
    Cell,
    Table,
    breakdown,
    category_chart,
    check_sheet,
    classes,
    dimensions,
    figure_sheets,
    judgements,
    month_chart,
    outcome_chart,
    tables,
    units,
)
from .public_figures import for_everybody, people_of, withheld_ids

PAPER_FONT = "仿宋_GB2312, FangSong, LXGW WenKai, Noto Serif CJK SC"
PLACES = ("delegation", "committee", "street")
# A report is public: what one deputy said must not be read out of a line of one deputy.
PORTRAIT = ("登记", "应办", "办复率", "按时办复率", "办成率（解决采纳率）", "满意率（首次）",
            "满意率（最终）")  # fmt: skip
DEPUTY_HEADS = ("领衔代表", "登记", "应办", "办成率（解决采纳率）", "联名")


def frozen(year: Year) -> dict[str, Any]:
    """What a report keeps for good: every figure with its formula's id and its rows, and all
    tables in words."""
    figures = evaluate_all(FORMULAS, year.items)
    figures |= year.of_deputies
    if year.before:
        figures["upgraded"] = year.upgraded
    person = people_of(year)
    return {
        "scope": year.scope.name,
        "from": str(year.scope.starts_on),
        "on": str(year.on),
        "figures": {f.formula.id: _figure(f) for f in figures.values()},
        "tables": [_table(t) for t in tables(year) if t.lines],
        # As everybody may read them; the tables above are for the staff.
        "public_tables": [
            _table(for_everybody(t, person))
            for t in tables(year)
            if t.lines and not t.key.startswith("group")
        ],
        "withheld": withheld_ids(figures, person),
        "checks": [
            [c.title, c.left, c.left_number, c.right, c.right_number] for c in checks(year.items)
        ],
    }


def _figure(f: Figure) -> dict[str, Any]:
    return {
        "name": f.formula.name,
        "words": f.words,
        "says": f.formula.words,
        "unit": f.formula.unit,
        "kind": f.formula.kind,
        "of_kind": f.formula.of_kind,
        "group": f.formula.group,
        "is_rate": f.formula.is_rate,
        "top": list(f.top),
        "of": list(f.of),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "key": table.key,
        "title": table.title,
        "heads": list(table.heads),
        "note": table.note,
        "lines": [[plain(value) for value in line] for line in table.lines],
    }


def plain(value: Any) -> str:
    """A cell in words: 92.31%（12/13）."""
    if not isinstance(value, Cell):
        return str(value)
    return f"{value.words}（{value.parts}）" if value.figure.of else value.words


# -- Paper ------------------------------------------------------------------------------------


def document(report: YearlyReport, year: Year) -> bytes:
    """The report as PDF."""
    return pdf.document("suggestions/documents/yearly_report.html", context(report, year))


def context(report: YearlyReport, year: Year) -> dict[str, Any]:
    """What the report's template needs. Only what may be public: no title that was not checked,
    no judgement of a single deputy."""
    figures = evaluate_all(FORMULAS, year.items)
    figures |= year.of_deputies
    if year.before:
        figures["upgraded"] = year.upgraded
    handled = [i for i in year.items if i.is_handled]
    person = people_of(year)
    withheld = withheld_ids(figures, person)

    def told(table: Table) -> dict[str, Any]:
        return for_paper(for_everybody(table, person))

    def paper(drawn: str) -> SafeString:
        return charts.on_paper(drawn, 9, PAPER_FONT) if drawn else SafeString("")

    return {
        "congress": current_congress(),
        "report": report,
        "texts": report.texts,
        "on": report.on,
        "scope": year.scope,
        "f": figures,
        "withheld": withheld,
        "why_withheld": WHY,
        "categories": told(_only(breakdown(year, "category"), PORTRAIT)),
        "classes": for_paper(classes(year)),
        "judgements": told(judgements(year)),
        "dimensions": told(dimensions(year)),
        "places": [t for t in (told(breakdown(year, by)) for by in PLACES) if t["lines"]],
        "units": [t for t in map(told, units(year)) if t["lines"]],
        "deputies": _of_deputies(year),
        "keys": [i for i in handled if i.is_key],
        "overdue": [(i, _names(i)) for i in handled if i.is_overdue],
        "late": [(i, _names(i)) for i in handled if i.is_answered and not i.is_in_time],
        "category_chart": paper(category_chart(year)),
        "outcome_chart": paper(outcome_chart(year, withheld=withheld)),
        "month_chart": paper(month_chart(year)),
        "formulas": [f.formula for f in figures.values()],
    }


def for_paper(table: Table) -> dict[str, Any]:
    """A table with short heads; rates above their two numbers."""
    lines = []
    for line in table.lines:
        lines.append(
            [
                (v.words, v.parts if v.figure.of else "") if isinstance(v, Cell) else (v, "")
                for v in line
            ]
        )
    return {
        "title": table.title,
        "heads": [SHORT.get(h, h) for h in table.heads],
        "lines": lines,
        "note": table.note,
    }


def _only(table: Table, heads: Sequence[str]) -> Table:
    """A table with its first column and those of `heads`."""
    kept = [n for n, head in enumerate(table.heads) if n == 0 or head in heads]
    return Table(
        table.key, table.title, [table.heads[n] for n in kept],
        [[line[n] for n in kept] for line in table.lines], table.note,
    )  # fmt: skip


def _of_deputies(year: Year) -> dict[str, Any]:
    """What each deputy raised, without a word on how the deputy judged."""
    return for_paper(_only(breakdown(year, "deputy"), DEPUTY_HEADS))


def _names(item: Item) -> str:
    return "、".join(t.unit_name for t in item.main) or "尚未确定"


# -- Sheets -----------------------------------------------------------------------------------


def sheets(report: YearlyReport, year: Year) -> list[Sheet]:
    """All tables, the checks, and the list of all suggestions, for the staff."""
    note = f"{report.title}，截至{cn_date(report.on)}"
    found = figure_sheets(tables(year), note)
    return [*found, _list(year.items, note), check_sheet(checks(year.items))]


def _list(items: Sequence[Item], note: str) -> Sheet:
    heads = ["编号", "标题", "提出", "联名人数", "分类", "承办单位", "交办日期", "答复日期",
             "按时", "首次类别", "现在类别", "首次评价", "最终评价"]  # fmt: skip
    values: Mapping[str, str] = {
        "satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意", "": "",
    }  # fmt: skip
    rows = [
        [
            i.number, i.title, i.lead.name or i.delegation.name, max(0, len(i.signers) - 1),
            i.category.name, _names(i), i.assigned_on, i.answered_on,
            i.is_in_time if i.is_answered else None,
            i.first_class.mark if i.first_class else "",
            i.current_class.mark if i.current_class else "",
            values[i.first_value], values[i.final_value],
        ]
        for i in items
        if i.is_base
    ]  # fmt: skip
    return Sheet("建议一览表", heads, rows, caption="建议一览表", note=note, landscape=True)


def workbook(report: YearlyReport, year: Year) -> bytes:
    """The report's workbook."""
    return xlsx.write(sheets(report, year))
