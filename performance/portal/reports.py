"""申报履职: what the system cannot know, with evidence; mended when it comes back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from congress.words import cn_day
from deputies import access as registry

from .. import access, actions
from ..forms.records import DutyForm
from ..models import DutyItem, SelfReport
from ..queries import mine
from ..queries.records import alike, questions
from ..rules.explain import VALUE_WORDS

EACH_PAGE = 20
State, Step = SelfReport.State, SelfReport.Step
TONES = {
    State.DRAFT: "draft", State.SUBMITTED: "waiting", State.REVIEWED: "waiting",
    State.VERIFIED: "done", State.RETURNED: "warn", State.DROPPED: "off",
}  # fmt: skip


@only(Role.DEPUTY)
def reports(request: HttpRequest) -> HttpResponse:
    """我的申报, the latest in front."""
    rows = mine.own_reports(registry.own(request.member))
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [(r, TONES[r.state]) for r in page]}
    return render(request, "performance/portal/reports.html", context)


def reportable():
    """What a deputy may report."""
    return DutyItem.objects.filter(is_active=True, self_reportable=True)


@only(Role.DEPUTY)
def new(request: HttpRequest) -> HttpResponse:
    """申报履职, first page: which duty."""
    registry.own(request.member)
    return render(request, "performance/portal/report_item.html", {"items": reportable()})


@only(Role.DEPUTY)
@once
def new_of(request: HttpRequest, item: int) -> HttpResponse:
    """申报履职, second page: when, what, evidence; it becomes a draft to be checked."""
    deputy = registry.own(request.member)
    row = access.find(reportable(), item)
    asked = questions(row)
    form = DutyForm(*_sent(request), item=row, asked=asked)
    if form.is_bound and form.is_valid():
        made = actions.draft_report(by=request.member, deputy=deputy, item=row, **form.values())
        return redirect("portal_report", made.pk)
    return _form(request, form, row, asked, reverse("portal_report_new"))


def _sent(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _form(request, form, item, asked, cancel: str, report=None) -> HttpResponse:
    context = {"form": form, "item": item, "asked": asked, "cancel": cancel, "report": report}
    status = 422 if form.is_bound else 200
    return render(request, "performance/portal/report_form.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> SelfReport:
    return access.find(access.reports_visible_to(request.member), pk)


@only(Role.DEPUTY)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: to be checked and sent, or how far it has come."""
    row = _found(request, pk)
    steps = access.report_steps(request.member, row)
    may_send = Step.SUBMIT in steps
    context = {
        "report": row,
        "tone": TONES[row.state],
        "answers": answers(row, may_change=may_send),
        "may_send": may_send,
        "may_drop": Step.DROP in steps,
        "alike": alike(row) if may_send else [],
        "just_sent": "sent" in request.GET and row.state == State.SUBMITTED,
        "course": course(row),
    }
    return render(request, "performance/portal/report.html", context)


def answers(row: SelfReport, *, may_change: bool) -> list[tuple[str, str, str]]:
    """What was filled in, each with the way to change it."""
    url = reverse("portal_report_mend", args=[row.pk]) if may_change else ""
    found = [
        ("履职事项", row.item.name, ""),
        ("日期", cn_day(row.on), url),
        ("内容", row.title, url),
    ]
    if row.quantity != 1:
        found.append(("数量", f"{row.quantity.normalize():f}{row.item.unit_word}", url))
    if row.role:
        found.append(("您的作用", VALUE_WORDS.get(row.role, row.role), url))
    if row.level:
        found.append(("级别", VALUE_WORDS.get(row.level, row.level), url))
    return found


def course(row: SelfReport) -> list[dict]:
    """Where a report is, without the names of those who review it."""
    sent = {"title": "提交", "at": row.submitted_at, "done": bool(row.submitted_at)}
    if row.on_behalf:
        sent["note"] = f"{row.entered_by.unit or row.entered_by.name}代录"
    if row.state == State.RETURNED:
        return [sent, {"title": "退回修改", "note": row.return_reason, "now": True}]
    if row.state == State.DROPPED:
        return [sent, {"title": "已撤回", "done": True}]
    found = [
        sent,
        {
            "title": "街道工委、镇人大或代工委初审",
            "at": row.reviewed_at,
            "done": bool(row.reviewed_at),
            "now": row.state == State.SUBMITTED,
        },
        {
            "title": "代工委复核",
            "at": row.verified_at,
            "done": bool(row.verified_at),
            "now": row.state == State.REVIEWED,
        },
    ]
    if row.state == State.VERIFIED:
        found.append({"title": "计入履职记录", "at": row.verified_at, "done": True})
    return found


@only(Role.DEPUTY)
@once
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft or a returned report is mended before it is sent."""
    row = _found(request, pk)
    if Step.SUBMIT not in access.report_steps(request.member, row):
        raise NotAllowed(f"这条申报“{row.get_state_display()}”，不能再修改")
    asked = questions(row.item, row.on)
    initial = {n: getattr(row, n) for n in ("on", "title", "role", "level")}
    initial["quantity"] = f"{row.quantity.normalize():f}"
    form = DutyForm(*_sent(request), item=row.item, asked=asked, initial=initial)
    if form.is_bound and form.is_valid():
        actions.revise(row, by=request.member, **form.values())
        return redirect("portal_report", pk)
    return _form(request, form, row.item, asked, reverse("portal_report", args=[pk]), row)


@only(Role.DEPUTY)
@require_POST
@once
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """提交."""
    actions.send_again(_found(request, pk), by=request.member)
    return redirect(reverse("portal_report", args=[pk]) + "?sent=1")


@only(Role.DEPUTY)
@require_POST
@once
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回申报, or a draft thrown away."""
    row = _found(request, pk)
    was_draft = row.state == State.DRAFT
    actions.drop(row, by=request.member)
    messages.success(request, "草稿已删除" if was_draft else "申报已撤回")
    return redirect("portal_reports")


urlpatterns = [
    path("performance/reports/", reports, name="portal_reports"),
    path("performance/reports/new/", new, name="portal_report_new"),
    path("performance/reports/new/<int:item>/", new_of, name="portal_report_new_of"),
    path("performance/reports/<int:pk>/", report, name="portal_report"),
    path("performance/reports/<int:pk>/mend/", mend, name="portal_report_mend"),
    path("performance/reports/<int:pk>/send/", send, name="portal_report_send"),
    path("performance/reports/<int:pk>/drop/", drop, name="portal_report_drop"),
]
