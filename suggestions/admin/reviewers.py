"""初审人员: heads of delegations and members of the motions group, named by 代工委."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from congress.admin import attempt, form_page, site
from congress.once import once
from deputies.models import Delegation

from .. import access, actions
from ..forms.reviewing import NameReviewerForm
from ..models import PreReviewer
from .batches import KEEPERS
from .frame import FORM
from .rule_sets import rules_link


@site.page("suggestions/reviewers/", "suggestions_reviewers", KEEPERS)
def reviewers(request: HttpRequest) -> HttpResponse:
    """Who gives which word today; the delegations that have nobody yet."""
    rows = list(access.reviewer_seats().select_related("member__unit", "delegation"))
    held = {r.delegation_id for r in rows if r.delegation_id}
    new = {"label": "登记", "url": reverse("admin:suggestions_reviewer_new"), "primary": True}
    context = {
        "title": "初审人员",
        "note": "办理规则设有代表团、议案组初审的，由这里登记的人在手机上初审；"
        "没有登记的，由代工委代为初审。",
        "back": [rules_link()],
        "rows": rows,
        "without": Delegation.objects.exclude(pk__in=held).order_by("position", "pk"),
        "actions": [new],
    }
    return site.render(request, "suggestions/admin/rules/reviewers.html", context)


@site.page("suggestions/reviewers/new/", "suggestions_reviewer_new", KEEPERS)
@once
def new_reviewer(request: HttpRequest) -> HttpResponse:
    """登记一位."""
    form = NameReviewerForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        row = attempt(form, actions.name_reviewer, by=request.member, **form.values())
        if row is not None:
            messages.success(request, f"已登记：{row}")
            return redirect("admin:suggestions_reviewers")
    back = [rules_link(), ("初审人员", reverse("admin:suggestions_reviewers"))]
    return form_page(request, form, "登记初审人员", "登记", back, FORM)


@site.page("suggestions/reviewers/<int:pk>/end/", "suggestions_reviewer_end", KEEPERS)
@require_POST
@once
def end_reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    """不再担任."""
    row = get_object_or_404(PreReviewer.objects.select_related("member", "delegation"), pk=pk)
    actions.relieve_reviewer(row, by=request.member)
    messages.success(request, f"{row.member.name}不再担任初审人员")
    return redirect("admin:suggestions_reviewers")
