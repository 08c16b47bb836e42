"""The figures of a year as tables: one set for the page, the workbook and the printed report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from congress.charts import Bar, bars, columns
from congress.xlsx import Sheet

from ..queries.figures import Asked, Year
from ..rules.figures import (
    COLUMNS,
    FORMULAS,
    UNIT_FORMULAS,
    VALUE_WORDS,
    WORDS,
    Check,
    Figure,
    by_class,
    by_dimension,
    by_place,
    by_unit,
    by_value,
    cosigned_by,
    evaluate_all,
)

SHORT = {
    "平均办理天数": "平均天数", "办成率（解决采纳率）": "办成率", "满意率（首次）": "首次满意率",
    "满意率（最终）": "最终满意率", "最终不满意": "不满意", "会办满意率（最终）": "最终满意率",
    "会办意见按时率": "按时率", "会办意见被退回": "被退回", "承诺按期兑现率": "承诺兑现率",
}  # fmt: skip
ROUNDS = {1: "首次", 0: "各轮合计"}


@dataclass(frozen=True)
class Cell:
    """A figure in a table and the address of its rows."""

    figure: Figure
    asked: Asked

    @property
    def words(self) -> str:
        return self.figure.words

    @property
    def parts(self) -> str:
        return self.figure.parts


@dataclass(frozen=True)
class Table:
    """A table: its lines begin with words; figures stand in `Cell`s."""

    key: str
    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    note: str = ""


def cell(figure: Figure, **asked: Any) -> Cell:
    """A figure with the address of its rows."""
    return Cell(figure, Asked(figure.formula.id, **asked))


# -- Tables -----------------------------------------------------------------------------------


def indicators(year: Year) -> list[Table]:
    """All indicators, group by group, each with its id, both numbers and its definition."""
    figures = [*evaluate_all(FORMULAS, year.items).values()]
    figures += [year.upgraded] if year.before else []
    figures += year.of_deputies.values()
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.formula.group, []).append(figure)
    return [
        Table(
            f"group{n}", name, ("编号", "指标", "分子", "分母", "结果", "怎样计算"),
            [_indicator(f) for f in found],
        )
        for n, (name, found) in enumerate(groups.items())
    ]  # fmt: skip


def _indicator(figure: Figure) -> list[Any]:
    formula = figure.formula
    said = formula.words + (f"。{formula.note}" if formula.note else "")
    return [formula.id, formula.name, cell(figure), said]


def classes(year: Year) -> Table:
    """Result classes as they were first and as they are now."""
    now, first = (dict(by_class(year.items, first=f)) for f in (False, True))
    done = next((f.of for f in [*now.values(), *first.values()]), ())
    lines = []
    for klass in sorted({**first, **now}, key=lambda k: (k.rank, k.mark)):
        at = klass.key
        lines.append(
            [
                klass.words,
                cell(first[klass], at=f"first:{at}") if klass in first else "0",
                cell(now[klass], at=f"now:{at}") if klass in now else "0",
            ]
        )
    return Table(
        "classes", "办理结果类别", ("结果类别", "首次答复时", "现在"), lines,
        f"已答复{len(done)}件。现在的类别包括重办后的答复和经三方确认的调整；几个单位分别答复的，"
        "以最低一类为准。",
    )  # fmt: skip


def judgements(year: Year) -> Table:
    """Satisfied, basically, unsatisfied, silent: round by round, adding up to what was expected."""
    lines = []
    for number, words in ROUNDS.items():
        found = by_value(year.items, number or None)
        every = len(found[0][1].of)
        if every:
            cells = [cell(f, at=f"{number}:{value}") for value, f in found]
            lines.append([words, *cells, str(every)])
    return Table(
        "judgements", "代表评价（份）", ("轮次", *VALUE_WORDS.values(), "应收"), lines,
        "主办、独办、分办单位的反馈；没有反馈的单列，不视为满意。",
    )  # fmt: skip


def dimensions(year: Year) -> Table:
    """Each dimension apart, first and last."""
    first, last = (dict(by_dimension(year.items, first=f)) for f in (True, False))
    return Table(
        "dimensions", "分方面满意率", ("方面", "首次", "最终"),
        [
            [name, cell(first[name], at=f"first:{name}") if name in first else "—",
             cell(figure, at=f"last:{name}")]
            for name, figure in last.items()
        ],
    )  # fmt: skip


def breakdown(year: Year, by: str) -> Table:
    """One breakdown with the usual columns; deputies with what they signed besides."""
    order = year.deputies if by == "deputy" else ()
    parts = by_place(year.items, by, order=order)
    heads = [WORDS[by], *(f.name for f in COLUMNS)]
    signed = cosigned_by(year.items) if by == "deputy" else {}
    lines = []
    for part in parts:
        line = [part.name, *(cell(part.figures[f.key], by=by, key=part.key) for f in COLUMNS)]
        if by == "deputy":
            line.append(cell(signed[part.key], by=by, key=part.key) if part.key in signed else "0")
        lines.append(line)
    if by == "deputy":
        heads.append("联名")
        lines += [
            [name, *("0" for _ in COLUMNS), cell(signed[pk], by=by, key=pk)]
            for pk, name in _only_signed(year, {p.key for p in parts}).items()
        ]
    total = evaluate_all(COLUMNS, year.items)
    if lines:
        lines.append(["合计", *(cell(total[f.key]) for f in COLUMNS)] + [""] * (by == "deputy"))
    return Table(by, f"按{WORDS[by]}", heads, lines)


def _only_signed(year: Year, leads: set[int | None]) -> dict[int, str]:
    found = {}
    for item in year.items:
        if item.is_base:
            found |= {s.pk: s.name for s in item.signers if s.pk not in leads}
    return found


def units(year: Year) -> list[Table]:
    """Units with what they answer for, and apart from it what they took part in."""
    parts = by_unit(year.items)
    found = []
    for group in dict.fromkeys(f.group for f in UNIT_FORMULAS):
        formulas = [f for f in UNIT_FORMULAS if f.group == group]
        first = formulas[0].key
        lines = [
            [p.name, *(cell(p.figures[f.key], by="unit", key=p.key) for f in formulas)]
            for p in sorted(parts, key=lambda p: -len(p.figures[first].top))
            if p.figures[first].top or (group != "会办" and p.figures["returned"].of
                                        and not p.figures["joint"].top)
        ]  # fmt: skip
        heads = ["承办单位", *(f.name for f in formulas)]
        found.append(Table(f"units{len(found)}", f"按承办单位（{group}）", heads, lines))
    return found


def tables(year: Year) -> list[Table]:
    """Every table there is."""
    return [
        *indicators(year),
        classes(year),
        judgements(year),
        dimensions(year),
        *(breakdown(year, by) for by in WORDS if by != "unit"),
        *units(year),
    ]


# -- Charts -----------------------------------------------------------------------------------


def category_chart(year: Year, url=lambda asked: "") -> str:
    """How many of each category, the most first."""
    parts = by_place(year.items, "category")
    rows = [
        Bar(p.name, len(p.figures["registered"].top),
            url(Asked("F06", by="category", key=p.key)))
        for p in parts
    ]  # fmt: skip
    return bars("各类建议件数", rows, "件")


def outcome_chart(year: Year, url=lambda asked: "", withheld: Sequence[str] = ()) -> str:
    """满意率 beside 办成率: what was said of it, and what came of it; without the figures whose
    ids are `withheld`."""
    figures = evaluate_all(FORMULAS, year.items)
    keys = ("done", "solved", "carried_out", "satisfied_first", "satisfied")
    rows = [
        Bar(figures[k].formula.name, figures[k].value, url(Asked(figures[k].formula.id)))
        for k in keys
        if figures[k].value is not None and figures[k].formula.id not in withheld
    ]
    return bars("办成率和满意率", rows, "%", whole=100)


def month_chart(year: Year) -> str:
    """When the replies were served."""
    months: dict[tuple[int, int], int] = {}
    for item in year.items:
        if item.is_answered:
            key = item.answered_on.year, item.answered_on.month
            months[key] = months.get(key, 0) + 1
    return columns("各月首次答复件数", [(f"{m}月", months[y, m]) for y, m in sorted(months)], "件")


# -- Sheets -----------------------------------------------------------------------------------


def figure_sheets(found: Sequence[Table], note: str) -> list[Sheet]:
    """The tables as sheets: per cents as numbers with both their numbers beside them."""
    return [_sheet(table, note) for table in found if table.lines]


def _sheet(table: Table, note: str) -> Sheet:
    if table.key.startswith("group"):
        rows = [
            [line[0], line[1], len(f.top), len(f.of) if f.formula.is_rate else None,
             _number(f), f.formula.unit if not f.formula.is_rate else "%", line[3]]
            for line in table.lines
            for f in [line[2].figure]
        ]  # fmt: skip
        heads = ["编号", "指标", "分子", "分母", "结果", "单位", "怎样计算"]
        return Sheet(table.title, heads, rows, caption=table.title, note=note, landscape=True,
                     widths=[8, 24, 9, 9, 10, 8, 60])  # fmt: skip
    heads = [table.heads[0]]
    for n in range(1, len(table.lines[0])):
        heads.append(table.heads[n])
        if _is_rate(table, n):
            heads += [f"{table.heads[n]}分子", f"{table.heads[n]}分母"]
    rows = []
    for line in table.lines:
        row: list[Any] = [line[0]]
        for n, value in enumerate(line[1:], start=1):
            is_rate = _is_rate(table, n)
            if isinstance(value, Cell):
                f = value.figure
                row += [_number(f), len(f.top), len(f.of)] if is_rate else [_number(f)]
            else:
                plain = int(value) if str(value).isdigit() else value
                row += [plain, None, None] if is_rate else [plain]
        rows.append(row)
    return Sheet(table.title, heads, rows, caption=table.title, note=note, landscape=True)


def _is_rate(table: Table, n: int) -> bool:
    return any(isinstance(line[n], Cell) and line[n].figure.formula.is_rate for line in table.lines)


def _number(figure: Figure) -> Any:
    return figure.value


def check_sheet(found: Sequence[Check]) -> Sheet:
    """The checks with both sides."""
    rows = [
        [c.title, c.left, c.left_number, c.right, c.right_number, "相符" if c.ok else "不相符"]
        for c in found
    ]
    return Sheet("核对", ["核对", "一方", "数", "另一方", "数", "结果"], rows, caption="合计核对")
