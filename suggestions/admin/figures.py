"""统计: the year in figures, every indicator, part by part, and over the years."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from congress import audit
from congress.admin import site
from congress.charts import trend
from congress.models import Role
from congress.words import cn_date
from congress.xlsx import attachment

from .. import access
from ..exports.figures import (
    SHORT,
    Cell,
    Table,
    breakdown,
    category_chart,
    check_sheet,
    classes,
    dimensions,
    figure_sheets,
    indicators,
    judgements,
    month_chart,
    outcome_chart,
    tables,
    units,
)
from ..forms.figures import ScopeForm
from ..queries import figures as queries
from ..queries.figures import Asked, Scope, Year
from ..rules.figures import FORMULAS, WORDS, Figure, checks, evaluate_all
from .figure_links import READERS, SEE_WORDS, address, check_url, read

ALL = (Role.DEPUTY_AFFAIRS, Role.CHAIR)
YEARS = 5
VIEWS = {
    "main": "总览", "all": "全部指标", "parts": "分项", "judged": "结果和评价",
    "years": "历年",
}  # fmt: skip
TILES = (
    "registered", "handled", "answered", "in_time", "overdue", "closed", "done", "satisfied_first",
    "satisfied", "met", "published", "key",
)  # fmt: skip
TREND = ("in_time", "done", "satisfied")
NOT_ALL = "只统计您可以查看的建议。"


def linked(table: Table, scope: Scope, may_see_words: bool) -> dict:
    """A table for the page: every figure with the addresses of its numerator and denominator."""

    def shown(value):
        if not isinstance(value, Cell):
            return {"words": value}
        figure = value.figure
        hidden = figure.formula.kind == "word" and not may_see_words
        return {
            "words": figure.words,
            "is_rate": figure.formula.is_rate,
            "top": len(figure.top),
            "of": len(figure.of),
            "top_url": "" if hidden or not figure.top else address(scope, value.asked),
            "of_url": "" if hidden or not figure.of else address(scope, value.asked, "of"),
            "is_figure": True,
        }

    return {
        "key": table.key,
        "title": table.title,
        "heads": [SHORT.get(head, head) for head in table.heads],
        "note": table.note,
        "is_indicators": table.key.startswith("group"),
        "lines": [list(zip(table.heads, map(shown, line), strict=False)) for line in table.lines]
        if not table.key.startswith("group")
        else [[*line[:2], shown(line[2]), line[3]] for line in table.lines],
    }


@site.page("suggestions/figures/", "suggestions_figures", READERS)
def figures_page(request: HttpRequest) -> HttpResponse:
    """统计 of one scope, in one of five views; exported whole."""
    known = queries.scopes()
    scope = queries.scope_of(request.GET.get("of", ""), known)
    if scope is None:
        context = {"title": "统计", "nothing": True}
        return site.render(request, "suggestions/admin/figures/figures.html", context)
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "main"
    by = request.GET.get("by") if request.GET.get("by") in WORDS else "category"
    year = read(request, scope, known)
    may_see_words = request.member.role in SEE_WORDS
    note = _note(request, year)
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export_figures", note=scope.name)
        sheets = figure_sheets(tables(year), note)
        return attachment(
            f"{scope.name}代表建议统计.xlsx", [*sheets, check_sheet(checks(year.items))]
        )
    own = {"of": scope.key, "view": view} | ({"by": by} if view == "parts" else {})
    context = {
        "title": "统计",
        "note": note,
        "form": None,
        "scope_form": ScopeForm(own, known=known),
        "scope": scope,
        "year": year,
        "view": view,
        "tabs": [(key, words, _tab(scope, key)) for key, words in VIEWS.items()],
        "actions": [{"label": "导出", "url": f"?{urlencode({**own, 'export': 1})}"}]
        if year.items
        else [],
        **_content(view, by, year, scope, known, may_see_words, request),
    }
    return site.render(request, "suggestions/admin/figures/figures.html", context)


def _note(request: HttpRequest, year: Year) -> str:
    part = NOT_ALL if request.member.role not in ALL else ""
    return f"{year.scope.name}，截至{cn_date(year.on)}。{part}每个数都可以点开，看到计入的各件。"


def _tab(scope: Scope, view: str) -> str:
    return "?" + urlencode({"of": scope.key, "view": view})


def _content(view, by, year: Year, scope: Scope, known, may_see_words: bool, request) -> dict:
    def shown(table: Table) -> dict:
        return linked(table, scope, may_see_words)

    def url(asked: Asked) -> str:
        return address(scope, asked)

    if view == "all":
        return {"tables": [shown(t) for t in indicators(year)]}
    if view == "judged":
        found = [classes(year), judgements(year), dimensions(year)]
        return {"tables": [shown(t) for t in found if t.lines]}
    if view == "parts":
        found = units(year) if by == "unit" else [breakdown(year, by)]
        choices = [(k, w, f"{_tab(scope, 'parts')}&by={k}") for k, w in WORDS.items()]
        return {"tables": [shown(t) for t in found if t.lines], "by": by, "choices": choices}
    if view == "years":
        return _years(request, scope, known)
    found = evaluate_all(FORMULAS, year.items)
    failed = [c for c in checks(year.items) if not c.ok]
    return {
        "tiles": [_tile(found[key], scope) for key in TILES],
        "charts": [category_chart(year, url), outcome_chart(year, url), month_chart(year)]
        if year.items
        else [],
        "failed": [(c, check_url(c, scope)) for c in failed],
    }


def _tile(figure: Figure, scope: Scope) -> dict:
    formula = figure.formula
    late = formula.key == "overdue" and figure.top
    return {
        "label": formula.name,
        "value": figure.words,
        "url": address(scope, Asked(formula.id)),
        "unit": "" if formula.is_rate else formula.unit,
        "note": f"{figure.parts}件" if formula.is_rate and figure.of else "",
        "tone": "late" if late else "",
    }


def _years(request, scope: Scope, known: list[Scope]) -> dict:
    """The same figures of up to five scopes of the kind, the oldest first."""
    same = [s for s in known if s.key[0] == scope.key[0] and s.starts_on <= scope.starts_on]
    same = sorted(same, key=lambda s: s.starts_on)[-YEARS:]
    rows = access.visible_to(request.member)
    found = [(s, evaluate_all(FORMULAS, queries.year(rows, s).items)) for s in same]
    found = [(s, f) for s, f in found if f["submitted"].top]
    names = [_short(s) for s, _ in found]
    chart = trend(
        "历年变化", names,
        [(_formula(k).name, [f[k].value for _, f in found]) for k in TREND], "%",
    )  # fmt: skip
    lines = []
    for formula in FORMULAS:
        cells = [_plain(s, f[formula.key]) for s, f in found]
        lines.append((formula, cells))
    return {"years": names, "year_lines": lines, "charts": [chart] if found else []}


def _short(scope: Scope) -> str:
    return f"{scope.starts_on.year}年" if scope.key[0] != "t" else scope.name.removesuffix("以来")


def _formula(key: str):
    return next(f for f in FORMULAS if f.key == key)


def _plain(scope: Scope, figure: Figure) -> dict:
    return {
        "words": figure.words,
        "parts": figure.parts,
        "url": address(scope, Asked(figure.formula.id)) if figure.top else "",
        "of_url": address(scope, Asked(figure.formula.id), "of") if figure.of else "",
    }
