"""异议: wrong, double, missing; what became of it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from deputies import access as registry

from .. import access, actions
from ..forms.reports import ObjectionForm
from ..models import Objection, Period, RuleNode
from ..queries import mine
from ..queries.accounts import details_of

EACH_PAGE = 20
State = Objection.State
TONES = {
    State.OPEN: "waiting", State.UPHELD: "done", State.REJECTED: "off", State.DROPPED: "off",
}  # fmt: skip


@only(Role.DEPUTY)
def objections(request: HttpRequest) -> HttpResponse:
    """我的异议."""
    rows = mine.own_objections(registry.own(request.member))
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [(o, TONES[o.state]) for o in page]}
    return render(request, "performance/portal/objections.html", context)


@only(Role.DEPUTY)
@once
def new(request: HttpRequest, period: int) -> HttpResponse:
    """提出异议, to a record (?record=), a line (?line=) or something missing."""
    deputy = registry.own(request.member)
    row = access.find(mine.periods_of(deputy), period)
    closed = mine.objection_closed(row, timezone.localdate())
    if closed:
        raise NotAllowed(closed)
    about = asked_about(request, row)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ObjectionForm(*sent, about=next(iter(about), ""))
    if form.is_bound and form.is_valid():
        made = actions.raise_objection(
            row, by=request.member, deputy=deputy, **form.values(), **about
        )
        return redirect(reverse("portal_objection", args=[made.pk]) + "?sent=1")
    record = about.get("record")
    context = {
        "form": form,
        "period": row,
        "cancel": _back(row, **about),
        "details": details_of(record) if record else "",
        **about,
    }
    status = 422 if form.is_bound else 200
    return render(request, "performance/portal/objection_form.html", context, status=status)


def asked_about(request: HttpRequest, period: Period) -> dict[str, Any]:
    """The record or the rule an objection is about; nothing for what is missing."""
    if asked := request.GET.get("record", ""):
        if not asked.isdecimal():
            raise Http404
        return {"record": access.find(access.records_visible_to(request.member), int(asked))}
    if key := request.GET.get("line", ""):
        return {"node": get_object_or_404(RuleNode, version=period.version_id, key=key)}
    return {}


def _back(period: Period, record=None, node=None) -> str:
    if record:
        return reverse("portal_record", args=[record.pk])
    if node:
        return reverse("portal_line", args=[period.pk, node.key])
    return f"{reverse('portal_performance')}?period={period.pk}"


@only(Role.DEPUTY)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection and its answer."""
    row = access.find(access.objections_visible_to(request.member), pk)
    context = {
        "objection": row,
        "tone": TONES[row.state],
        "decided": row.state in (State.UPHELD, State.REJECTED),
        "kind_words": dict(ObjectionForm.KINDS)[row.kind],
        "just_sent": "sent" in request.GET and row.state == State.OPEN,
        "course": course(row),
        "may_drop": access.objection_steps(request.member, row),
    }
    return render(request, "performance/portal/objection.html", context)


def course(row: Objection) -> list[dict]:
    """The way of an objection, without the names of those who decide."""
    raised = {"title": "提出异议", "at": row.raised_at, "done": True}
    if row.state == State.DROPPED:
        return [raised, {"title": "已撤回", "done": True}]
    if row.state == State.OPEN:
        return [raised, {"title": "代工委核实处理", "now": True}]
    answer = {"title": row.get_state_display(), "at": row.decided_at, "done": True}
    return [raised, answer | {"note": row.decision_reason}]


@only(Role.DEPUTY)
@require_POST
@once
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回异议."""
    row = access.find(access.objections_visible_to(request.member), pk)
    actions.drop_objection(row, by=request.member)
    messages.success(request, "异议已撤回")
    return redirect("portal_objection", pk)


urlpatterns = [
    path("performance/objections/", objections, name="portal_objections"),
    path("performance/<int:period>/object/", new, name="portal_objection_new"),
    path("performance/objections/<int:pk>/", objection, name="portal_objection"),
    path("performance/objections/<int:pk>/drop/", drop, name="portal_objection_drop"),
]
