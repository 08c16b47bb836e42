"""回头看: the deputy says whether what the unit found is so."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once

from .. import access, actions
from ..forms.lookbacks import WordForm


@only(Role.DEPUTY)
@once
def lookback(request: HttpRequest, pk: int) -> HttpResponse:
    """属实 or not, in one tap."""
    row = get_object_or_404(access.lookback_items_visible_to(request.member), pk=pk)
    if row.word:
        raise NotAllowed("您已经答复过")
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_finding(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已记下您的意见")
        return redirect("portal_suggestion", row.assignment.suggestion_id)
    context = {"item": row, "suggestion": row.assignment.suggestion, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/lookback.html", context, status=status)


urlpatterns = [
    path("suggestions/lookbacks/<int:pk>/", lookback, name="portal_lookback"),
]
