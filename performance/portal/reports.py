"""申报履职: what the system cannot know, with evidence; mended when it comes back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from congress.access import only
from congress.files import store
from congress.models import Role
from congress.once import once
from deputies import access as registry

from .. import access, actions
from ..forms.reports import ReportForm
from ..models import SelfReport

State, Step = SelfReport.State, SelfReport.Step
TONES = {
    State.DRAFT: "draft", State.SUBMITTED: "waiting", State.REVIEWED: "waiting",
    State.VERIFIED: "done", State.RETURNED: "warn", State.DROPPED: "off",
}  # fmt: skip


@only(Role.DEPUTY)
def reports(request: HttpRequest) -> HttpResponse:
    """我的申报, those that came back in front."""
    rows = access.reports_visible_to(request.member).exclude(state=State.DROPPED)
    page = Paginator(rows.order_by("-pk"), 20).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [(r, TONES[r.state]) for r in page]}
    return render(request, "performance/portal/reports.html", context)


def _evidence(request: HttpRequest, form: ReportForm) -> dict:
    upload = form.cleaned_data.get("evidence")
    if not upload:
        return {}
    file = store(**upload._asdict(), purpose=access.EVIDENCE, by=request.member)
    return {"evidence": file}


@only(Role.DEPUTY)
@once
def new(request: HttpRequest) -> HttpResponse:
    """申报履职, on one page."""
    deputy = registry.own(request.member)
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row = actions.report_duty(
            by=request.member, deputy=deputy, **form.values, **_evidence(request, form)
        )
        messages.success(request, "申报已提交，初审和复核的结果会发消息给您")
        return redirect("portal_report", row.pk)
    context = {"form": form, "report": None}
    status = 422 if form.is_bound else 200
    return render(request, "performance/portal/report_form.html", context, status=status)


@only(Role.DEPUTY)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: where it stands, what was said."""
    row = access.find(access.reports_visible_to(request.member), pk)
    context = {
        "report": row,
        "tone": TONES[row.state],
        "steps": access.report_steps(request.member, row),
    }
    return render(request, "performance/portal/report.html", context)


@only(Role.DEPUTY)
@once
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """修改后再次提交."""
    row = access.find(access.reports_visible_to(request.member), pk)
    if Step.SUBMIT not in access.report_steps(request.member, row):
        raise Http404
    form = ReportForm(request.POST or None, request.FILES or None, report=row)
    if request.method == "POST" and form.is_valid():
        actions.send_again(row, by=request.member, **form.values, **_evidence(request, form))
        messages.success(request, "已再次提交")
        return redirect("portal_report", pk)
    context = {"form": form, "report": row}
    status = 422 if form.is_bound else 200
    return render(request, "performance/portal/report_form.html", context, status=status)


@only(Role.DEPUTY)
@require_POST
@once
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回申报."""
    row = access.find(access.reports_visible_to(request.member), pk)
    actions.drop(row, by=request.member)
    messages.success(request, "申报已撤回")
    return redirect("portal_reports")


urlpatterns = [
    path("performance/reports/", reports, name="portal_reports"),
    path("performance/reports/new/", new, name="portal_report_new"),
    path("performance/reports/<int:pk>/", report, name="portal_report"),
    path("performance/reports/<int:pk>/mend/", mend, name="portal_report_mend"),
    path("performance/reports/<int:pk>/drop/", drop, name="portal_report_drop"),
]
