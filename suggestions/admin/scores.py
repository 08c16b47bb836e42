"""单位考评: sheets, one sheet with its indicators, its preview and its results, objections."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from congress import audit
from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.words import plain_number
from congress.xlsx import attachment

from .. import access, actions
from ..exports.scores import score_document, score_sheets
from ..forms.scores import DecisionForm, IndicatorForm, NewSheetForm, SheetForm
from ..models import ScoreIndicator, ScoreObjection, ScoreResult, ScoreSheet
from ..queries import scores
from ..rules.figures import EVERY
from ..rules.scoring import advice, settings_faults, sheet_faults

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
State = ScoreSheet.State
TONES = {State.DRAFT: "draft", State.SHOWN: "waiting", State.FROZEN: "done"}
OBJECTION_TONES = {"open": "warn", "upheld": "done", "rejected": "off"}
FORM = "suggestions/admin/figures/report_new.html"


def scores_link() -> tuple[str, str]:
    return "单位考评", reverse("admin:suggestions_scores")


def found(request: HttpRequest, pk: int) -> ScoreSheet:
    """A sheet this member may see, otherwise 404."""
    rows = access.score_sheets_visible_to(request.member).select_related("sitting__term")
    return get_object_or_404(rows, pk=pk)


def back_to(sheet: ScoreSheet) -> list[tuple[str, str]]:
    return [scores_link(), (sheet.name, reverse("admin:suggestions_score", args=[sheet.pk]))]


@site.page("suggestions/scores/", "suggestions_scores", READERS)
def scores_page(request: HttpRequest) -> HttpResponse:
    """The sheets, the latest year in front."""
    rows = access.score_sheets_visible_to(request.member).select_related("sitting__term")
    may_keep = access.may_keep(request.member)
    new = {"label": "拟订考评表", "url": reverse("admin:suggestions_score_new"), "primary": True}
    context = {
        "title": "单位考评",
        "note": "每年一张考评表：指标取自同一套统计数据，先发各单位征求意见，再封存。",
        "lines": [(s, TONES[s.state]) for s in rows.order_by("-sitting__opens_on")],
        "may_keep": may_keep,
        "actions": [new] if may_keep else [],
    }
    return site.render(request, "suggestions/admin/figures/scores.html", context)


@site.page("suggestions/scores/new/", "suggestions_score_new", KEEPERS)
@once
def new_sheet(request: HttpRequest) -> HttpResponse:
    """拟订 a sheet for a year."""
    form = NewSheetForm(request.POST or None, initial={"name": "承办单位办理代表建议工作考评"})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        row = actions.start_score_sheet(asked["sitting"], by=request.member, name=asked["name"])
        return redirect("admin:suggestions_score", row.pk)
    explain = "沿用上一年度的指标；第一次使用时先给出一套常用的指标，都可以改。"
    return form_page(request, form, "拟订考评表", "下一步", [scores_link()], FORM, explain=explain)


@site.page("suggestions/scores/<int:pk>/", "suggestions_score", READERS)
def sheet_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: how it scores; while a draft a preview, afterwards the results; exported."""
    sheet = found(request, pk)
    is_draft = sheet.state == State.DRAFT
    chosen = scores.measures(sheet)
    if is_draft:
        results = scores.preview(sheet, access.visible_to(request.member)) if chosen else []
    else:
        results = list(sheet.results.select_related("unit"))
    kind = request.GET.get("export")
    if kind in ("xlsx", "pdf") and results and (kind == "xlsx" or not is_draft):
        audit.record(request.member, "suggestions.export_figures", sheet, note=sheet.name)
        if kind == "xlsx":
            return attachment(f"{sheet.name}.xlsx", score_sheets(sheet, results))
        response = HttpResponse(score_document(sheet, results), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(False, f"{sheet.name}.pdf")
        return response
    may_keep = access.may_keep(request.member)
    objections = ScoreObjection.objects.filter(result__sheet=sheet).select_related(
        "result", "by", "decided_by"
    )
    links = [{"label": "导出", "url": "?export=xlsx"}] if results else []
    if results and not is_draft:
        links.append({"label": "打印", "url": "?export=pdf"})
    indicators = sheet.indicators.order_by("-part", "position", "pk")
    context = {
        "title": sheet.name,
        "note": f"{sheet.sitting.term.name}{sheet.sitting.name}年度",
        "back": [scores_link()],
        "sheet": sheet,
        "tone": TONES[sheet.state],
        "is_draft": is_draft,
        "may_change": is_draft and may_keep,
        "may_keep": may_keep,
        "measures": [
            (i, EVERY[m.formula], m) for i, m in zip(indicators, chosen, strict=True)
        ],
        "faults": _missing(sheet, chosen) if is_draft else [],
        "advice": advice(chosen) if is_draft else [],
        "results": results,
        "objections": [(o, OBJECTION_TONES[o.state]) for o in objections],
        "broken": sheet.state == State.FROZEN
        and actions.scores_manifest(sheet) != sheet.manifest,
        "actions": links,
    }  # fmt: skip
    return site.render(request, "suggestions/admin/figures/score.html", context)


def _missing(sheet: ScoreSheet, chosen: list) -> list[str]:
    """What keeps a draft from being shown to the units."""
    today = timezone.localdate()
    return [
        *sheet_faults(chosen, sheet.joint_share),
        *settings_faults(sheet.basis_document, sheet.objections_until, today),
    ]


@site.page("suggestions/scores/<int:pk>/edit/", "suggestions_score_edit", KEEPERS)
@once
def edit_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, document, minimum, share of joint handling, the day for objections."""
    sheet = found(request, pk)
    if sheet.state != State.DRAFT:
        raise NotAllowed("已发各单位的考评表不能再改")
    initial = {name: getattr(sheet, name) for name in SheetForm.base_fields}
    form = SheetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_score_sheet(sheet, by=request.member, **form.cleaned_data)
        messages.success(request, "已保存")
        return redirect("admin:suggestions_score", pk)
    return form_page(request, form, "修改考评表", "保存", back_to(sheet), FORM)


@site.page("suggestions/scores/<int:pk>/indicator/", "suggestions_score_indicator_new", KEEPERS)
@once
def new_indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an indicator."""
    return _indicator(request, found(request, pk), None)


@site.page("suggestions/scores/indicators/<int:pk>/", "suggestions_score_indicator", KEEPERS)
@once
def edit_indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an indicator, or take it out."""
    row = get_object_or_404(ScoreIndicator.objects.select_related("sheet"), pk=pk)
    return _indicator(request, found(request, row.sheet_id), row)


def _indicator(request: HttpRequest, sheet: ScoreSheet, row: ScoreIndicator | None):
    if sheet.state != State.DRAFT:
        raise NotAllowed("已发各单位的考评表不能再改")
    if row is not None and request.method == "POST" and "remove" in request.POST:
        actions.remove_indicator(row, by=request.member)
        messages.success(request, "已删除这项指标")
        return redirect("admin:suggestions_score", sheet.pk)
    initial = {}
    if row:
        initial = {n: getattr(row, n) for n in ("formula", "kind", "weight", "floor", "full",
                                                "each")}  # fmt: skip
        initial["steps"] = "\n".join(f"{plain_number(a)} {plain_number(b)}" for a, b in row.steps)
    form = IndicatorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.save_indicator(sheet, by=request.member, indicator=row, **form.cleaned_data)
        messages.success(request, "已保存")
        return redirect("admin:suggestions_score", sheet.pk)
    title = "修改指标" if row else "增加指标"
    return form_page(request, form, title, "保存", back_to(sheet), FORM, removable=row is not None)


@site.page("suggestions/scores/<int:pk>/show/", "suggestions_score_show", KEEPERS)
@once
def show_page(request: HttpRequest, pk: int) -> HttpResponse:
    """发各单位征求意见."""
    sheet = found(request, pk)
    if request.method == "POST":
        actions.show_scores(sheet, by=request.member)
        messages.success(request, "已发各单位，各单位只能看到自己的结果")
        return redirect("admin:suggestions_score", pk)
    explain = (
        "按今天的数据统计并发给各单位。各单位只看到本单位的结果，可以在截止日期前提出意见。"
        "发出以后指标和分值不能再改。"
    )
    return form_page(
        request, None, "发各单位征求意见", "发出", back_to(sheet), FORM, explain=explain
    )


@site.page("suggestions/scores/<int:pk>/freeze/", "suggestions_score_freeze", KEEPERS)
@once
def freeze_page(request: HttpRequest, pk: int) -> HttpResponse:
    """封存."""
    sheet = found(request, pk)
    if request.method == "POST":
        actions.freeze_scores(sheet, by=request.member)
        messages.success(request, "已封存")
        return redirect("admin:suggestions_score", pk)
    explain = "封存以后，考评结果永远不能再改。意见都处理完、意见期结束以后才能封存。"
    return form_page(request, None, "封存考评结果", "封存", back_to(sheet), FORM, explain=explain)


@site.page("suggestions/scores/results/<int:pk>/", "suggestions_score_result", READERS)
def result_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's result, line by line."""
    row = get_object_or_404(ScoreResult.objects.select_related("sheet", "unit"), pk=pk)
    sheet = found(request, row.sheet_id)
    context = {
        "title": row.unit_name,
        "back": back_to(sheet),
        "sheet": sheet,
        "result": row,
        "objections": [(o, OBJECTION_TONES[o.state]) for o in row.objections.select_related("by")],
        "may_keep": access.may_keep(request.member),
        "rows_url": f"{reverse('admin:suggestions_figure')}?of=s{sheet.sitting_id}"
        f"&by=unit&key={row.unit_id}",
    }
    return site.render(request, "suggestions/admin/figures/score_result.html", context)


@site.page("suggestions/scores/objections/<int:pk>/", "suggestions_score_objection", KEEPERS)
@once
def decide_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a unit's objection with words."""
    row = get_object_or_404(
        ScoreObjection.objects.select_related("result__sheet", "by"), pk=pk
    )  # fmt: skip
    sheet = found(request, row.result.sheet_id)
    if row.state != ScoreObjection.State.OPEN:
        raise NotAllowed("这条意见已经处理")
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decide_score_objection(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已处理，已告诉该单位")
        return redirect("admin:suggestions_score", sheet.pk)
    what = f"“{row.indicator}”" if row.indicator else ""
    explain = f"{row.result.unit_name}对{what or '考评结果'}的意见：{row.text}"
    return form_page(request, form, "处理考评意见", "保存", back_to(sheet), FORM, explain=explain)
