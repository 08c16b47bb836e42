"""The rows behind a figure, and those that keep a check from agreeing."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import site
from congress.xlsx import Sheet, attachment

from ..forms.figures import asked_of
from ..models import Assignment, Promise, Suggestion
from ..queries import figures as queries
from ..queries.figures import Asked, Year
from ..rules.figures import VALUE_WORDS as VALUES
from ..rules.figures import checks
from .figure_links import READERS, SEE_WORDS, address, read, suggestion_url

EACH_PAGE = 50
HEADS = {
    "item": ("编号", "标题", "提出", "分类", "承办单位", "状态"),
    "task": ("编号", "标题", "承办单位", "承办方式", "状态", "交办日期", "期限"),
    "word": ("编号", "标题", "评价单位", "代表", "轮次", "评价"),
    "pledge": ("编号", "承诺", "单位", "完成日期", "状态", "落实日期"),
    "return": ("编号", "标题", "单位", "原因", "申请日期", "结果"),
    "deputy": ("姓名",),
}
UNITS = {"item": "件", "task": "项", "word": "份", "pledge": "项", "return": "件次", "deputy": "人"}
PARTS = {"top": "计入分子", "of": "计入分母", "rest": "在分母、不在分子"}


@site.page("suggestions/figures/rows/", "suggestions_figure", READERS)
def rows_page(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure: of its numerator, its denominator, and what is in between."""
    known = queries.scopes()
    scope = queries.scope_of(request.GET.get("of", ""), known)
    if scope is None:
        raise Http404
    asked = asked_of(request.GET)
    year = read(request, scope, known)
    figure = queries.find_figure(year, asked)
    if figure is None:
        raise Http404
    formula, part = figure.formula, request.GET.get("part", "top")
    rest = tuple(pk for pk in figure.of if pk not in set(figure.top))
    same = formula.kind == formula.of_kind and formula.is_rate
    choices = {"top": figure.top}
    if formula.is_rate:
        choices["of"] = figure.of
    if same:
        choices["rest"] = rest
    keys = choices.get(part, figure.top)
    kind = formula.of_kind if part == "of" else formula.kind
    if kind == "word" and request.member.role not in SEE_WORDS:
        raise Http404
    rows = queries.rows_of(kind, keys)
    words = request.GET.get("q", "").strip()[:40]
    if words:
        rows = _searched(rows, kind, words)
    title = f"{formula.name}{_where(year, asked)}"
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export_figures", note=f"{scope.name} {title}")
        sheet = Sheet(
            title, HEADS[kind], [[c[0] for c in line(kind, r)] for r in rows],
            caption=f"{scope.name} {title}", note=formula.words, landscape=True,
        )  # fmt: skip
        return attachment(f"{title}.xlsx", [sheet])
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    query["export"] = "1"
    context = {
        "title": title,
        "note": f"{scope.name}，{formula.id}：{formula.words}"
        + (f"。{formula.note}" if formula.note else ""),
        "back": [("统计", f"{reverse('admin:suggestions_figures')}?of={scope.key}")],
        "figure": figure,
        "tabs": [
            (PARTS[name] if formula.is_rate else "计入的", len(found), address(scope, asked, name),
             name == (part if part in choices else "top"))
            for name, found in choices.items()
        ],
        "page": page,
        "heads": HEADS[kind],
        "lines": [list(zip(HEADS[kind], line(kind, r), strict=True)) for r in page],
        "unit": UNITS[kind],
        "q": words,
        "hidden": [(k, v) for k, v in request.GET.items() if k not in ("q", "page")],
        "actions": [{"label": "导出", "url": "?" + query.urlencode()}] if page else [],
    }  # fmt: skip
    return site.render(request, "suggestions/admin/figures/rows.html", context)


def _searched(rows, kind: str, words: str):
    if kind == "deputy":
        return rows.filter(name__contains=words)
    name = {"item": "", "return": "assignment__suggestion__"}.get(kind, "suggestion__")
    return rows.filter(**{f"{name}title__contains": words}) | rows.filter(
        **{f"{name}number__contains": words}
    )


def _where(year: Year, asked: Asked) -> str:
    """The part in words: （城乡建设）."""
    said = ""
    if asked.by == "unit":
        names = [t.unit_name for i in year.items for t in i.tasks if t.unit == asked.key]
        said = names[-1] if names else ""
    elif asked.by in queries.PLACES:
        name = "lead" if asked.by == "deputy" else asked.by
        found = [getattr(i, name).name for i in year.items if getattr(i, name).pk == asked.key]
        signed = {s.pk: s.name for i in year.items for s in i.signers}
        said = found[0] if found else signed.get(asked.key or 0, "")
        said = said or "其他"
    when, _, kept = asked.at.partition(":")
    if asked.id == "F59":
        mark = f"{kept.split(':')[1]}类" if ":" in kept else ""
        said = "，".join(filter(None, (said, {"first": "首次"}.get(when, "现在"), mark)))
    elif asked.id == "F79":
        said = "，".join(filter(None, (said, "首次" if when == "1" else "", VALUES.get(kept, ""))))
    elif asked.id == "F78":
        said = "，".join(filter(None, (said, kept, {"first": "首次"}.get(when, "最终"))))
    return f"（{said}）" if said else ""


def line(kind: str, row) -> list[tuple]:
    """The cells of a row as (words, address)."""
    return LINES[kind](row)


def _item(s: Suggestion) -> list[tuple]:
    by = s.lead.name if s.lead else f"{s.delegation}代表团" if s.delegation else ""
    units_ = "、".join(f"{a.unit_name}（{a.get_role_display()}）" for a in s.handling)
    return [(s.number or "未编号", suggestion_url(s.pk)), (s.title, ""), (by, ""),
            (str(s.category or ""), ""), (units_, ""), (s.get_state_display(), "")]  # fmt: skip


def _task(a: Assignment) -> list[tuple]:
    return [
        (a.suggestion.number, suggestion_url(a.suggestion_id)), (a.suggestion.title, ""),
        (a.unit_name, ""), (a.get_role_display(), ""), (a.get_state_display(), ""),
        (a.assigned_on, ""), (a.extended_to or a.legal_due_on, ""),
    ]  # fmt: skip


def _word(f) -> list[tuple]:
    said = "、".join(f"{r.dimension}{r.word or r.get_value_display()}" for r in f.ratings.all())
    if f.on_behalf and not f.confirmed_by_id:
        said = "纸质表待核对"
    return [
        (f.suggestion.number, suggestion_url(f.suggestion_id)), (f.suggestion.title, ""),
        (f.assignment.unit_name, ""), (f.deputy.name, ""), (f"第{f.round}轮", ""),
        (said or f.get_state_display(), ""),
    ]  # fmt: skip


def _pledge(p: Promise) -> list[tuple]:
    return [
        (p.suggestion.number, suggestion_url(p.suggestion_id)), (p.content, ""), (str(p.unit), ""),
        (p.due_on, ""), (p.get_state_display(), ""), (p.kept_on or "", ""),
    ]  # fmt: skip


def _return(r) -> list[tuple]:
    result = {True: "同意", False: "不同意", None: "待决定"}[r.accepted]
    item = r.assignment.suggestion
    return [
        (item.number, suggestion_url(item.pk)), (item.title, ""), (r.assignment.unit_name, ""),
        (r.get_reason_display(), ""), (timezone.localdate(r.asked_at), ""), (result, ""),
    ]  # fmt: skip


LINES: dict[str, Callable] = {
    "item": _item,
    "task": _task,
    "word": _word,
    "pledge": _pledge,
    "return": _return,
    "deputy": lambda d: [(d.name, "")],
}


# -- Checks -----------------------------------------------------------------------------------


@site.page("suggestions/figures/check/", "suggestions_figure_check", READERS)
def check_page(request: HttpRequest) -> HttpResponse:
    """The rows that keep one check from agreeing."""
    known = queries.scopes()
    scope = queries.scope_of(request.GET.get("of", ""), known)
    if scope is None:
        raise Http404
    year = read(request, scope, known)
    key = request.GET.get("check", "")
    check = next((c for c in checks(year.items) if c.key == key), None)
    if check is None or (check.kind == "word" and request.member.role not in SEE_WORDS):
        raise Http404
    page = Paginator(queries.rows_of(check.kind, check.rows), EACH_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "title": f"核对：{check.title}",
        "note": f"{check.says}。" + (f"{check.why}。" if check.rows else ""),
        "back": [("统计", f"{reverse('admin:suggestions_figures')}?of={scope.key}")],
        "check": check,
        "page": page,
        "heads": HEADS[check.kind],
        "lines": [list(zip(HEADS[check.kind], line(check.kind, r), strict=True)) for r in page],
        "unit": UNITS[check.kind],
    }
    return site.render(request, "suggestions/admin/figures/rows.html", context)
