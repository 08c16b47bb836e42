"""单位考评 at the unit's desk: its own result, and its objections."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone

from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.scores import ScoreObjectionForm
from ..models import ScoreSheet
from .frame import desk

OBJECTION_TONES = {"open": "waiting", "upheld": "done", "rejected": "off"}


@desk
def own_scores(request: HttpRequest) -> HttpResponse:
    """The unit's results, the latest year in front."""
    rows = access.own_results(request.member).order_by("-sheet__sitting__opens_on")
    return render(request, "suggestions/desk/scores.html", {"results": rows})


@desk
def own_score(request: HttpRequest, pk: int) -> HttpResponse:
    """One year's result, line by line, and what was objected."""
    row = get_object_or_404(access.own_results(request.member), pk=pk)
    is_open = row.sheet.state == ScoreSheet.State.SHOWN
    context = {
        "result": row,
        "sheet": row.sheet,
        "objections": [(o, OBJECTION_TONES[o.state]) for o in row.objections.all()],
        "may_object": is_open and timezone.localdate() <= row.sheet.objections_until,
    }
    return render(request, "suggestions/desk/score.html", context)


@desk
@once
def object_page(request: HttpRequest, pk: int) -> HttpResponse:
    """提出意见."""
    row = get_object_or_404(access.own_results(request.member), pk=pk)
    if row.sheet.state != ScoreSheet.State.SHOWN:
        raise NotAllowed("考评结果已经封存，不能再提出意见")
    form = ScoreObjectionForm(request.POST or None, names=[x["name"] for x in row.lines])
    if request.method == "POST" and form.is_valid():
        actions.object_to_score(row, by=request.member, **form.cleaned_data)
        messages.success(request, "意见已提交，处理后会发消息告诉您")
        return redirect("desk_score", pk)
    context = {"result": row, "sheet": row.sheet, "form": form, "submit": "提交意见"}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/score_object.html", context, status=status)


urlpatterns = [
    path("scores/", own_scores, name="desk_scores"),
    path("scores/<int:pk>/", own_score, name="desk_score"),
    path("scores/<int:pk>/object/", object_page, name="desk_score_object"),
]
