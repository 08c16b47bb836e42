"""异议: wrong, double, missing; what became of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from congress.access import only
from congress.files import store
from congress.models import Role
from congress.once import once
from deputies import access as registry

from .. import access, actions
from ..forms.reports import ObjectionForm
from ..models import Objection, RuleNode

State = Objection.State
TONES = {
    State.OPEN: "waiting", State.UPHELD: "done", State.REJECTED: "off", State.DROPPED: "off",
}  # fmt: skip


@only(Role.DEPUTY)
def objections(request: HttpRequest) -> HttpResponse:
    """我的异议."""
    rows = access.objections_visible_to(request.member).order_by("-pk")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [(o, TONES[o.state]) for o in page]}
    return render(request, "performance/portal/objections.html", context)


@only(Role.DEPUTY)
@once
def new(request: HttpRequest, period: int) -> HttpResponse:
    """提出异议, to a record (?record=), a line (?line=) or something missing."""
    deputy = registry.own(request.member)
    row = get_object_or_404(access.periods_visible_to(request.member), pk=period)
    about: dict = {}
    asked = request.GET.get("record", "")
    if asked:
        if not asked.isdigit():
            raise Http404
        about["record"] = access.find(access.records_visible_to(request.member), int(asked))
    elif key := request.GET.get("line", ""):
        about["node"] = get_object_or_404(RuleNode, version=row.version_id, key=key)
    form = ObjectionForm(request.POST or None, request.FILES or None, only_missing=not about)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["evidence"]
        if upload:
            about["evidence"] = store(
                **upload._asdict(), purpose=access.EVIDENCE, by=request.member
            )
        made = actions.raise_objection(
            row, by=request.member, deputy=deputy, kind=form.cleaned_data["kind"],
            text=form.cleaned_data["text"], **about,
        )  # fmt: skip
        messages.success(request, "异议已提交，处理结果会发消息给您")
        return redirect("portal_objection", made.pk)
    context = {"form": form, "period": row, **about}
    status = 422 if form.is_bound else 200
    return render(request, "performance/portal/objection_form.html", context, status=status)


@only(Role.DEPUTY)
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection and its decision."""
    row = access.find(access.objections_visible_to(request.member), pk)
    context = {"objection": row, "tone": TONES[row.state],
               "may_drop": access.objection_steps(request.member, row)}  # fmt: skip
    return render(request, "performance/portal/objection.html", context)


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
