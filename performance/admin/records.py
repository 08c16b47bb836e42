"""履职记录: the list of facts, one fact with its source and evidence, entry on behalf."""

from django.apps import apps
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from congress import audit
from congress.admin import StaffAdmin, site
from congress.models import Membership, Role
from congress.once import once
from congress.xlsx import attachment

from .. import access, actions, exports
from ..forms.records import ItemChoiceForm, OnBehalfForm, RecordFilter, TakeBackForm
from ..models import DutyItem, DutyRecord, Objection
from ..queries.accounts import details_of
from ..queries.records import questions, record_figures, source_of
from .periods import READERS

EACH_PAGE = 30
MOST_AT_ONCE = 2000  # facts written into a workbook while somebody waits
ENTERERS = (Role.DEPUTY_AFFAIRS, Role.STREET)


def records_link() -> tuple[str, str]:
    return "履职记录", reverse("admin:performance_dutyrecord_changelist")


class DutyRecordAdmin(StaffAdmin):
    roles_view = READERS

    def rows(self, member):
        return access.records_visible_to(member)

    def changelist_view(self, request, extra_context=None):
        """Facts as they are filtered, the latest in front; exported as they stand here."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        given = request.GET.copy()
        if (year := given.get("on__year", "")).isdigit():  # the link behind a year's figure
            given.setdefault("since", f"{year}-01-01")
            given.setdefault("until", f"{year}-12-31")
        form = RecordFilter(given or None, member=request.member)
        rows = form.rows()
        if request.GET.get("export"):
            if rows.count() > MOST_AT_ONCE:
                return _in_background(request, given)
            audit.record(request.member, "performance.export", note="履职记录")
            return attachment("履职记录.xlsx", [exports.record_sheet(rows)])
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query["export"] = "1"
        links = [{"label": "导出", "url": "?" + query.urlencode()}] if page.object_list else []
        if request.member.role in ENTERERS:
            address = reverse("admin:performance_on_behalf")
            links.insert(0, {"label": "代录", "url": address, "primary": True})
        context = {
            "title": "履职记录",
            "note": "会议和活动办结、建议办理、申报复核以后自动记入；同一来源只记一次。",
            "filter_form": form,
            "page": page,
            "lines": [(row, details_of(row, behalf=False), source_of(row)) for row in page],
            "is_filtered": bool(request.GET),
            "figures": figures(request, record_figures(rows)),
            "actions": links,
            "may_enter": request.member.role in ENTERERS,
        }
        return site.render(request, "performance/admin/records.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One fact: what, from where, with which evidence, what was objected."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            if request.member.role in READERS:
                raise Http404
            return super().change_view(request, object_id, form_url, extra_context)
        report = getattr(row, "self_report", None)
        context = {
            "title": row.title or row.item.name,
            "back": [records_link()],
            "row": row,
            "details": details_of(row, behalf=False),
            "source": source_of(row),
            "source_url": source_url(request.member, row),
            "report": report,
            "objections": access.objections_visible_to(request.member).filter(record=row),
            "tones": OBJECTION_TONES,
            "may_take_back": access.may_keep(request.member) and row.withdrawn_at is None,
        }
        return site.render(request, "performance/admin/record.html", context)


def _in_background(request: HttpRequest, asked: QueryDict) -> HttpResponse:
    """More facts than one waits for: a job writes them, its page leads to the workbook."""
    narrowing = {name: asked[name] for name in asked if name not in ("export", "page")}
    job = actions.start_export(narrowing, by=request.member)
    messages.success(
        request, "记录较多，正在后台生成表格，可以离开本页。完成后到“后台任务”里打开这项任务下载。"
    )
    return redirect("admin:congress_job_change", job.pk)


OBJECTION_TONES = {
    Objection.State.OPEN: "warn",
    Objection.State.UPHELD: "done",
    Objection.State.REJECTED: "off",
    Objection.State.DROPPED: "off",
}
# Whose page in the admin a kind of source leads to, and by which of its fields.
SOURCE_PAGES = {
    "activities.activity": ("activities.activity", "pk"),
    "activities.session": ("activities.activity", "sessions"),
    "performance.selfreport": ("performance.selfreport", "pk"),
    "performance.objection": ("performance.objection", "pk"),
    "suggestions.suggestion": ("suggestions.suggestion", "pk"),
}


def figures(request: HttpRequest, counted: dict[str, int]) -> list[tuple]:
    """The figures above the list, each with the address of exactly its rows."""

    def narrowed(**more: str) -> str:
        query = request.GET.copy()
        query.pop("page", None)
        for name, value in more.items():
            query[name] = value
        return f"{records_link()[1]}?{query.urlencode()}"

    return [
        ("记录", counted["all"], narrowed(), f"涉及代表 {counted['deputies']} 位"),
        ("请假", counted["leave"], narrowed(outcome="leave"), ""),
        ("缺席", counted["absent"], narrowed(outcome="absent"), ""),
        ("代录", counted["on_behalf"], narrowed(on_behalf="on"), ""),
    ]


def source_url(member: Membership, record: DutyRecord) -> str:
    """The staff's page of a fact's source; nothing where there is none or where this member may
    not open it."""
    name, field = SOURCE_PAGES.get(record.source_kind, ("", ""))
    model = apps.get_model(name) if name else None
    page = site._registry.get(model)
    if page is None or not record.source_id.isdecimal() or member.role not in page.roles_view:
        return ""
    row = page.rows(member).filter(**{field: record.source_id}).first()
    address = f"admin:{name.replace('.', '_')}_change"
    return reverse(address, args=[row.pk]) if row else ""


site.register(DutyRecord, DutyRecordAdmin)


@site.page("performance/records/<int:pk>/take-back/", "performance_take_back", access.KEEPERS)
@once
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回 one fact, with the reason."""
    row = access.find(access.records_visible_to(request.member), pk)
    here = reverse("admin:performance_dutyrecord_change", args=[pk])
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.take_back(row, by=request.member, **form.cleaned_data)
        messages.success(request, "记录已撤回，已告知代表。再次汇总后不再计分。")
        return redirect(here)
    explain = (
        f"{row.deputy.name}代表{row.on.year}年{row.on.month}月{row.on.day}日的"
        f"“{row.title or row.item.name}”不再计分。记录会保留，标明已撤回和原因。"
    )
    if row.source_kind.startswith("activities."):
        explain += "出席情况登记有误的，也可以重新打开活动，更正签到册后再次办结。"
    context = {
        "title": "撤回履职记录",
        "back": [records_link(), (row.title or row.item.name, here)],
        "explain": explain,
        "form": form,
        "submit": "撤回",
        "danger": True,
        "cancel": here,
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)


@site.page("performance/on-behalf/", "performance_on_behalf", ENTERERS)
@once
def on_behalf(request: HttpRequest) -> HttpResponse:
    """代录: first which duty, then the day, the content and whose it was."""
    chosen = ItemChoiceForm(request.GET or None)
    context = {"title": "代录", "back": [records_link()], "cancel": records_link()[1]}
    if not chosen.is_bound or not chosen.is_valid():
        items = DutyItem.objects.filter(is_active=True)
        context |= {"form": chosen if chosen.is_bound else None, "groups": by_aspect(items)}
        return site.render(request, "performance/admin/on_behalf_item.html", context)
    item = chosen.cleaned_data["item"]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OnBehalfForm(*sent, item=item, asked=questions(item), member=request.member)
    if form.is_bound and form.is_valid():
        made = actions.enter_many(form.deputies, by=request.member, item=item, **form.values())
        messages.success(request, f"已为 {len(made)} 位代表代录，等待初审和复核")
        return redirect(
            reverse("admin:performance_selfreport_changelist")
            + "?state__exact=submitted&on_behalf=on"
        )
    context |= {
        "title": f"代录：{item.name}",
        "back": [records_link(), ("代录", reverse("admin:performance_on_behalf"))],
        "explain": "代录的履职会标明“代录”，由您以外的两位同志先后初审、复核后计入。",
        "form": form,
        "submit": "提交代录",
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "admin/one_form.html", context, status)


def by_aspect(items) -> list[tuple[str, list[DutyItem]]]:
    """Duties under the words of their aspect, in the order of the list."""
    groups: dict[str, list[DutyItem]] = {}
    for item in items:
        groups.setdefault(item.get_aspect_display(), []).append(item)
    return list(groups.items())
