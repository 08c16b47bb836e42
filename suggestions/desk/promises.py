"""承诺台账: what was promised, by its day; reported, changed, or said to have failed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from congress.files import store
from congress.flow import NotAllowed
from congress.once import once
from deadlines.queries import shown as limits_shown

from .. import access, actions
from ..forms.following import (
    PromiseChangeForm,
    PromiseKeptForm,
    PromiseProgressForm,
    PromiseReportForm,
)
from ..models import Promise, Reply
from ..rules.kinds import PROMISE
from .frame import desk

Step = Promise.Step
State = Promise.State
OVER = (State.KEPT, State.BROKEN)
TONES = {
    State.RUNNING: "active", State.REPORTED: "waiting", State.KEPT: "done",
    State.CHANGED: "warn", State.BROKEN: "late",
}  # fmt: skip


@desk
def promises(request: HttpRequest) -> HttpResponse:
    """The ledger: what is still to be kept in front, the first due first; then what is over."""
    rows = access.promises_at_desk(request.member).filter(reply__state=Reply.State.SERVED)
    over = Case(When(state__in=OVER, then=1), default=0)
    sooner = Case(When(state__in=OVER, then=None), default=F("due_on"))
    rows = rows.order_by(over, sooner, "-due_on", "pk")
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    lines = [(row, TONES[row.state]) for row in page]
    return render(request, "suggestions/desk/promises.html", {"page": page, "lines": lines})


@desk
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise and its record."""
    row = get_object_or_404(access.promises_at_desk(request.member), pk=pk)
    context = {
        "promise": row,
        "suggestion": row.suggestion,
        "events": row.events.filter(deputy=None).select_related("evidence"),
        "steps": access.promise_steps(request.member, row),
        "limits": limits_shown([row], [PROMISE]),
    }
    return render(request, "suggestions/desk/promise.html", context)


def _step(request, pk, step, form, act, title, done):
    row = get_object_or_404(access.promises_at_desk(request.member), pk=pk)
    if step not in access.promise_steps(request.member, row):
        raise NotAllowed(f"这项承诺现在不能“{step.label}”")
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if upload := values.get("evidence"):
            file = store(**upload._asdict(), purpose=access.PROMISE_PURPOSE, by=request.member)
            values["evidence"] = file
        act(row, by=request.member, **values)
        messages.success(request, done)
        return redirect("desk_promise", pk)
    context = {"promise": row, "suggestion": row.suggestion, "form": form, "title": title}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/promise_step.html", context, status=status)


@desk
@once
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """报告落实情况."""
    form = PromiseKeptForm(request.POST or None, request.FILES or None)
    return _step(request, pk, Step.REPORT, form, actions.report_promise,
                 "报告落实情况", "已报告，已请代表评价")  # fmt: skip


@desk
@once
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """报告进展: not yet kept, how far it has come."""
    form = PromiseProgressForm(request.POST or None)
    return _step(request, pk, Step.REPORT, form, actions.note_progress,
                 "报告进展", "已报告进展，已告知代表")  # fmt: skip


@desk
@once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """调整承诺."""
    form = PromiseChangeForm(request.POST or None)
    return _step(request, pk, Step.CHANGE, form, actions.change_promise,
                 "调整承诺", "承诺已调整，已告知代表")  # fmt: skip


@desk
@once
def fail(request: HttpRequest, pk: int) -> HttpResponse:
    """无法落实."""
    form = PromiseReportForm(request.POST or None)
    return _step(request, pk, Step.FAIL, form, actions.fail_promise,
                 "报告无法落实", "已报告")  # fmt: skip


urlpatterns = [
    path("promises/", promises, name="desk_promises"),
    path("promises/<int:pk>/", promise, name="desk_promise"),
    path("promises/<int:pk>/report/", report, name="desk_promise_report"),
    path("promises/<int:pk>/progress/", progress, name="desk_promise_progress"),
    path("promises/<int:pk>/change/", change, name="desk_promise_change"),
    path("promises/<int:pk>/fail/", fail, name="desk_promise_fail"),
]
