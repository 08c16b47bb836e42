"""年度报告: the editions, a new one, one with its tables and papers, the rows frozen with it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from congress.admin import site
from congress.models import Role
from congress.once import once
from congress.tenancy import current_congress
from congress.words import cn_date

from .. import access, actions
from ..forms.reports import ReportForm
from ..models import YearlyReport
from ..queries import figures as queries
from .figure_links import READERS, SEE_WORDS, suggestion_url
from .figure_rows import HEADS, UNITS, line

KEEPERS = (Role.DEPUTY_AFFAIRS,)
EACH_PAGE, ROWS = 30, 50
State = YearlyReport.State
TONES = {
    State.MAKING: "waiting",
    State.REFUSED: "late",
    State.FROZEN: "active",
    State.PUBLISHED: "done",
}


def reports_link() -> tuple[str, str]:
    return "年度报告", reverse("admin:suggestions_reports")


@site.page("suggestions/reports/", "suggestions_reports", READERS)
def reports_page(request: HttpRequest) -> HttpResponse:
    """All reports, the latest in front; earlier editions stay."""
    rows = access.reports_visible_to(request.member).select_related("sitting__term", "made_by")
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    may_keep = access.may_keep(request.member)
    new = {"label": "生成年度报告", "url": reverse("admin:suggestions_report_new"), "primary": True}
    context = {
        "title": "年度报告",
        "note": "各项合计相符才能生成。生成后内容不再改动，更正另出新版，以前的各版都可以查看。",
        "page": page,
        "lines": [(r, TONES[r.state]) for r in page],
        "may_keep": may_keep,
        "actions": [new] if may_keep else [],
    }
    return site.render(request, "suggestions/admin/figures/reports.html", context)


@site.page("suggestions/reports/new/", "suggestions_report_new", KEEPERS)
@once
def new_report(request: HttpRequest) -> HttpResponse:
    """The year, the title, the words; then it is counted in the background."""
    name = current_congress().name
    latest = queries.scope_of("", queries.scopes())
    initial = {"title": f"关于{name}代表建议、批评和意见办理情况的报告"}
    if latest and latest.key[0] == "s":
        initial["sitting"] = latest.key[1:]
    form = ReportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        row = actions.start_report(
            asked.pop("sitting"), by=request.member, title=asked.pop("title"), texts=asked
        )
        return redirect("job", row.job.public_id)
    context = {
        "title": "生成年度报告",
        "explain": "先核对各项合计：不相符的不生成，并列出是哪些件；"
        "相符的生成报告和表格，封存后不再改动。",
        "form": form,
        "back": [reports_link()],
        "submit": "核对并生成",
        "cancel": reports_link()[1],
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "suggestions/admin/figures/report_new.html", context, status)


def found(request: HttpRequest, pk: int) -> YearlyReport:
    """A report this member may see, otherwise 404."""
    rows = access.reports_visible_to(request.member)
    row = rows.select_related("sitting__term", "made_by", "document", "sheet", "job").filter(pk=pk)
    if (report := row.first()) is None:
        raise Http404
    return report


@site.page("suggestions/reports/<int:pk>/", "suggestions_report", READERS)
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: its papers and tables, or why it was not printed."""
    row = found(request, pk)
    may_keep = access.may_keep(request.member)
    figures = row.content.get("figures", {}) if row.is_frozen else {}
    context = {
        "title": str(row),
        "note": f"{row.sitting.term.name}{row.sitting.name}年度，截至{cn_date(row.on)}",
        "back": [reports_link()],
        "report": row,
        "tone": TONES[row.state],
        "failed": _failed(row),
        "broken": actions.report_faults(row),
        "files": [f for f in (row.document, row.sheet) if f],
        "groups": _groups(request, row, figures),
        "tables": [
            t | {"rows": [list(zip(t["heads"], line, strict=False)) for line in t["lines"]]}
            for t in row.content.get("tables", []) if not t["key"].startswith("group")
        ] if row.is_frozen else [],
        "others": list(
            access.reports_visible_to(request.member)
            .filter(sitting=row.sitting_id, edition__gt=0).exclude(pk=row.pk).order_by("edition")
        ),
        "may_publish": may_keep and row.state == State.FROZEN,
        "public_url": reverse("public_suggestion_report", args=[row.public_id])
        if row.state == State.PUBLISHED else "",
        "may_keep": may_keep,
    }  # fmt: skip
    return site.render(request, "suggestions/admin/figures/report.html", context)


def _failed(row: YearlyReport) -> list[dict]:
    """The faults with the addresses of their rows."""
    check = reverse("admin:suggestions_figure_check")
    return [
        {
            **fault,
            "url": f"{check}?{urlencode({'of': f's{row.sitting_id}', 'check': fault['key']})}"
            if fault.get("count") else "",
            "rows": [(r["words"], suggestion_url(r["pk"])) for r in fault["rows"]],
        }
        for fault in row.faults
    ]  # fmt: skip


def _groups(request: HttpRequest, row: YearlyReport, figures: dict) -> list[tuple[str, list]]:
    """The indicators by group, their frozen rows behind them."""
    here = reverse("admin:suggestions_report_rows", args=[row.pk])
    sees = request.member.role in SEE_WORDS
    groups: dict[str, list] = {}
    for id, f in figures.items():
        urls = {}
        for part, kind in (("top", f["kind"]), ("of", f["of_kind"])):
            if f[part] and (sees or kind != "word"):
                urls[part] = f"{here}?{urlencode({'f': id, 'part': part})}"
        groups.setdefault(f["group"], []).append(
            {**f, "id": id, "top": len(f["top"]), "of": len(f["of"]), "urls": urls}
        )
    return list(groups.items())


@site.page("suggestions/reports/<int:pk>/rows/", "suggestions_report_rows", READERS)
def report_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were counted when the report was frozen, as they are now."""
    row = found(request, pk)
    figure = row.content.get("figures", {}).get(request.GET.get("f", ""))
    part = "of" if request.GET.get("part") == "of" else "top"
    if figure is None:
        raise Http404
    kind = figure["of_kind" if part == "of" else "kind"]
    if kind == "word" and request.member.role not in SEE_WORDS:
        raise Http404
    rows = access.rows_visible_to(request.member, kind, queries.rows_of(kind, figure[part]))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    hidden = len(figure[part]) - page.paginator.count
    context = {
        "title": f"{figure['name']}：{'分母' if part == 'of' else '计入的'}",
        "note": f"生成报告时计入的{len(figure[part])}{UNITS[kind]}，所列为现在的状态。"
        + (f"其中{hidden}{UNITS[kind]}不在您可以查看的范围。" if hidden else ""),
        "back": [reports_link(), (str(row), reverse("admin:suggestions_report", args=[pk]))],
        "page": page,
        "heads": HEADS[kind],
        "lines": [list(zip(HEADS[kind], line(kind, r), strict=True)) for r in page],
        "unit": UNITS[kind],
    }
    return site.render(request, "suggestions/admin/figures/rows.html", context)


@site.page("suggestions/reports/<int:pk>/publish/", "suggestions_report_publish", KEEPERS)
@once
def publish_page(request: HttpRequest, pk: int) -> HttpResponse:
    """公开 a report."""
    row = found(request, pk)
    here = reverse("admin:suggestions_report", args=[pk])
    if request.method == "POST":
        actions.publish_report(row, by=request.member)
        messages.success(request, "已公开，公众可以在“代表建议”的统计页看到")
        return redirect(here)
    context = {
        "title": "公开年度报告",
        "explain": "公开以后，任何人都可以查看这份报告（代表法第五十一条）。"
        "报告不含未经审查的建议标题，也不含单个代表的评价；含有明细的表格只供机关内部使用，不公开。",
        "back": [reports_link(), (str(row), here)],
        "submit": "公开",
        "cancel": here,
    }
    return site.render(request, "suggestions/admin/figures/report_new.html", context)
