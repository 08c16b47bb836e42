"""回头看: campaigns over what a term left planned or unsolved, with their summary."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports
from ..forms.lookbacks import CloseForm, ItemFilter, LookBackForm
from ..models import LookBack, ResultClass
from ..queries import lookbacks as desk
from .frame import ABOUT_FORM
from .worklists import EACH_PAGE, with_query

READERS = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.CHAIR)
KEEPERS = (Role.DEPUTY_AFFAIRS,)
TONES = {"solved": "done", "going": "active", "stuck": "late", "": "waiting"}


def lookbacks_link() -> tuple[str, str]:
    return "回头看", reverse("admin:suggestions_lookbacks")


def _found(request: HttpRequest, pk: int) -> LookBack:
    rows = desk.with_counts(access.lookbacks_visible_to(request.member))
    return get_object_or_404(rows, pk=pk)


@site.page("suggestions/lookbacks/", "suggestions_lookbacks", READERS)
def lookbacks(request: HttpRequest) -> HttpResponse:
    """All campaigns, the latest in front."""
    rows = desk.with_counts(access.lookbacks_visible_to(request.member)).order_by("-pk")
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    new = reverse("admin:suggestions_lookback_new")
    may_open = access.may_keep(request.member)
    context = {
        "title": "回头看",
        "note": "一届里列入计划和没有解决的建议，逐件再看一遍：单位自查，代表核对。",
        "page": page,
        "actions": [{"label": "开展回头看", "url": new, "primary": True}] if may_open else [],
        "new_url": new if may_open else "",
    }
    return site.render(request, "suggestions/admin/lookbacks.html", context)


@site.page("suggestions/lookbacks/new/", "suggestions_lookback_new", KEEPERS)
@once
def new(request: HttpRequest) -> HttpResponse:
    """A campaign begins; each unit is told of its items."""
    form = LookBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.open_lookback(by=request.member, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已开始，已通知有关单位自查")
            return redirect("admin:suggestions_lookback", row.pk)
    return form_page(
        request,
        form,
        "开展回头看",
        "开始",
        [lookbacks_link()],
        ABOUT_FORM,
        explain="选定的届里，办理结果属于所选口径的每一项任务都列入，通知单位自查。",
    )


@site.page("suggestions/lookbacks/<int:pk>/", "suggestions_lookback", READERS)
def lookback(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: its figures, by class and by unit, and its items."""
    row = _found(request, pk)
    every = access.lookback_items_visible_to(request.member).filter(campaign=row)
    form = ItemFilter(request.GET or None, campaign=row)
    asked = form.asked()
    show = asked.get("show") or "all"
    show = show if show in desk.SHOWS else "all"
    rows = every
    if asked.get("unit"):
        rows = rows.filter(assignment__unit=asked["unit"])
    if asked.get("mark"):
        rows = rows.filter(result_class__mark=asked["mark"])
    counts = desk.show_counts(rows)
    shown = rows.filter(desk.SHOWS[show][1]).order_by("pk")
    if request.GET.get("export"):
        audit.record(request.member, "suggestions.export", note=f"回头看：{row.title}")
        return attachment(f"{row.title}.xlsx", exports.lookback_sheets(row, shown, every))
    page = Paginator(shown, EACH_PAGE).get_page(request.GET.get("page"))
    meanings = dict(ResultClass.Canonical.choices)
    buttons = []
    if access.may_keep(request.member) and row.state == LookBack.State.RUNNING:
        url = reverse("admin:suggestions_lookback_close", args=[pk])
        buttons = [{"label": "结束并总结", "url": url, "primary": False}]
    context = {
        "title": row.title,
        "back": [lookbacks_link()],
        "row": row,
        "meanings": "、".join(meanings.get(m, m) for m in row.meanings),
        "percent": 100 * row.found // max(row.count, 1),
        "is_running": row.state == LookBack.State.RUNNING,
        "may_keep": access.may_keep(request.member),
        "filter_form": form,
        "tabs": [
            {"label": label, "count": counts[key], "url": with_query(request, show=key),
             "here": key == show}
            for key, (label, _) in desk.SHOWS.items()
        ],
        "classes": [(c, _cells(c, "?" + urlencode({"mark": c["result_class__mark"]})))
                    for c in desk.by_class(every)],
        "units": [(u, _cells(u, f"?unit={u['assignment__unit_id']}")) for u in desk.by_unit(every)],
        "page": page,
        "lines": [(i, TONES[i.finding]) for i in page],
        "step_buttons": buttons,
        "actions": [{"label": "导出", "url": with_query(request, export="1")}] if page else [],
        "is_filtered": bool(asked.get("unit") or asked.get("mark") or show != "all"),
    }  # fmt: skip
    return site.render(request, "suggestions/admin/lookback.html", context)


def _cells(counts: dict, base: str) -> list[tuple[int, str]]:
    """Figures with the address of exactly their rows."""
    keys = (("count", "all"), ("silent", "silent"), ("solved", "solved"), ("going", "going"),
            ("stuck", "stuck"), ("differs", "differs"))  # fmt: skip
    return [(counts[name], f"{base}&show={show}") for name, show in keys]


@site.page("suggestions/lookbacks/<int:pk>/remind/", "suggestions_lookback_remind", KEEPERS)
@require_POST
@once
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Units that found nothing yet and deputies who have not answered are reminded."""
    told = actions.remind_lookback(_found(request, pk), by=request.member)
    messages.success(request, f"已催 {told} 人次" if told else "没有需要再催的，或者今天已经催过")
    return redirect("admin:suggestions_lookback", pk)


@site.page("suggestions/lookbacks/<int:pk>/close/", "suggestions_lookback_close", KEEPERS)
@once
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The campaign ends with its summary."""
    row = _found(request, pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.close_lookback(row, by=request.member, **form.cleaned_data)
        messages.success(request, "回头看已结束")
        return redirect("admin:suggestions_lookback", pk)
    here = reverse("admin:suggestions_lookback", args=[pk])
    return form_page(
        request,
        form,
        "结束并总结",
        "结束",
        [lookbacks_link(), (row.title, here)],
        ABOUT_FORM,
        about=[("已自查", f"{row.found}/{row.count}"), ("代表已答复", f"{row.answered}")],
        explain="结束以后，单位和代表不能再填写；没有自查和没有答复的，如实保留。",
    )
