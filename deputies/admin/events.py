"""任职变动: what happened to seats, and the end of a term."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import site
from congress.once import new_token, once
from congress.words import cn_date
from congress.xlsx import Sheet, attachment

from .. import access, actions
from ..forms.filters import EventFilter
from ..forms.places import TermOverForm
from ..models import Mandate, MandateEvent
from .pages import READERS

TONES = {
    MandateEvent.Kind.ELECTED: "done",
    MandateEvent.Kind.BY_ELECTED: "done",
    MandateEvent.Kind.SUSPENDED: "warn",
    MandateEvent.Kind.RESUMED: "active",
    MandateEvent.Kind.RESIGNED: "off",
    MandateEvent.Kind.TERMINATED: "off",
    MandateEvent.Kind.MOVED: "waiting",
}


@site.page("deputies/events/", "deputies_events", READERS)
def events(request: HttpRequest) -> HttpResponse:
    """What happened to seats, the latest first."""
    form = EventFilter(request.GET or None)
    rows = access.events_visible_to(request.member).select_related("mandate__deputy", "by")
    rows = form.apply(rows)
    rows = rows.order_by("-on", "-pk")
    if request.GET.get("export"):
        audit.record(request.member, "deputies.export", note="任职变动")
        return attachment("任职变动.xlsx", [_sheet(rows, request)])
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["export"] = "1"
    buttons = [{"label": "导出", "url": f"?{query.urlencode()}"}] if page.object_list else []
    if access.may_keep(request.member):
        buttons.append({"label": "换届届满", "url": reverse("admin:deputies_term_over")})
    context = {
        "title": "任职变动",
        "note": "当选、补选、辞职、终止、暂停和调整，都写明日期和依据文件。",
        "filter_form": form,
        "page": page,
        "lines": [(e, TONES[e.kind]) for e in page],
        "is_filtered": bool(request.GET),
        "actions": buttons,
    }
    return site.render(request, "deputies/staff/events.html", context)


def _sheet(rows, request: HttpRequest) -> Sheet:
    head = ["日期", "姓名", "层级", "事项", "依据文件", "说明"]
    lines = [
        [
            e.on,
            e.mandate.deputy.name,
            e.mandate.get_level_display(),
            e.get_kind_display(),
            e.document,
            e.note,
        ]
        for e in rows
    ]
    return Sheet(
        "任职变动",
        head,
        lines,
        caption=f"{request.congress}代表任职变动",
        note=f"截至{cn_date(timezone.localdate())}，共 {len(lines)} 项",
        landscape=True,
    )


@site.page("deputies/term-over/", "deputies_term_over", access.KEEPERS)
@once
def term_over(request: HttpRequest) -> HttpResponse:
    """换届届满: what would end → confirm → all seats of a level end on that day."""
    form = TermOverForm(request.POST or None, initial={"level": access.own_level()})
    is_checked = form.is_bound and form.is_valid() and "again" not in request.POST
    if is_checked and "confirm" in request.POST:
        count = actions.end_term(by=request.member, **form.cleaned_data)
        messages.success(request, f"已登记 {count} 人次届满")
        return redirect("admin:deputies_events")
    count = form.seats().count() if is_checked else 0
    asked = form.cleaned_data if is_checked else {}
    context = {
        "title": "换届届满",
        "back": [("任职变动", reverse("admin:deputies_events"))],
        "form": form,
        "is_checked": is_checked,
        "count": count,
        "summary": [
            ("层级", Mandate.Level(asked["level"]).label),
            ("届满日期", cn_date(asked["on"])),
            ("依据文件", asked["document"]),
            ("将要结束的职务", f"{count} 人次"),
        ]
        if is_checked
        else [],
        "cancel": reverse("admin:deputies_events"),
        "once": new_token(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return site.render(request, "deputies/staff/term_over.html", context, status)
