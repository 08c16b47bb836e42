"""回头看: the unit looks again at what it left planned or unsolved."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.lookbacks import FindingForm
from ..models import LookBack
from .frame import desk


@desk
def lookbacks(request: HttpRequest) -> HttpResponse:
    """What is still to be found in front."""
    rows = access.lookback_items_visible_to(request.member).order_by("-campaign", "finding", "pk")
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(request, "suggestions/desk/lookbacks.html", {"page": page})


@desk
@once
def lookback(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: what was answered then, what is so today."""
    row = get_object_or_404(access.lookback_items_visible_to(request.member), pk=pk)
    form = FindingForm(
        request.POST or None,
        initial={"finding": row.finding, "text": row.finding_text, "signer": row.signer},
    )
    if request.method == "POST":
        if row.campaign.state != LookBack.State.RUNNING:
            raise NotAllowed("这次回头看已经结束")
        if form.is_valid():
            actions.find_again(row, by=request.member, **form.cleaned_data)
            messages.success(request, "自查情况已提交，已请代表核对")
            return redirect("desk_lookbacks")
    context = {
        "item": row,
        "suggestion": row.assignment.suggestion,
        "form": form,
        "may_write": row.campaign.state == LookBack.State.RUNNING
        and not row.word
        and access.works_for(request.member, row.assignment),
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/lookback.html", context, status=status)


urlpatterns = [
    path("lookbacks/", lookbacks, name="desk_lookbacks"),
    path("lookbacks/<int:pk>/", lookback, name="desk_lookback"),
]
