"""初审 on the phone: by the head of a delegation, by members of the motions group."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from congress.access import only
from congress.models import Role
from congress.once import once

from .. import actions, queries
from ..forms.intake import as_checks
from ..forms.reviewing import PreReviewForm
from ..rules.texts import CHECKS, PRE_REVIEW


@only(Role.DEPUTY, Role.COMMITTEE)
def pre_reviews(request: HttpRequest) -> HttpResponse:
    """待我初审, the longest waiting first."""
    rows = queries.pre_reviews_of(request.member)
    context = {"lines": [(row, PRE_REVIEW[step]) for row, step in rows]}
    return render(request, "suggestions/portal/pre_reviews.html", context)


@only(Role.DEPUTY, Role.COMMITTEE)
@once
def pre_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: the whole text, what is alike, then passed on or sent back."""
    waiting = {row.pk: (row, step) for row, step in queries.pre_reviews_of(request.member)}
    if pk not in waiting:
        raise Http404
    row, step = waiting[pk]
    form = PreReviewForm(request.POST or None, initial={"checked": list(CHECKS)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = actions.pass_on if data["passes"] else actions.send_back
        act(row, by=request.member, opinion=data["opinion"], checks=as_checks(data["checked"]))
        messages.success(request, "已同意提交" if data["passes"] else "已退回，代表会看到您的意见")
        return redirect("portal_pre_reviews")
    context = {
        "suggestion": row,
        "form": form,
        "step": PRE_REVIEW[step],
        "signers": queries.signers(row),
        "files": row.attachments.select_related("file"),
        "alike": queries.similar(row.title, [row.situation, *row.requests], exclude=row.pk),
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/pre_review.html", context, status=status)


urlpatterns = [
    path("suggestions/reviews/", pre_reviews, name="portal_pre_reviews"),
    path("suggestions/reviews/<int:pk>/", pre_review, name="portal_pre_review"),
]
