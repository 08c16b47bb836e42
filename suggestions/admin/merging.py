"""并案: handled together, each with its own number, reply and judgement; one may leave again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.intake import LeaveMergeForm, MergeForm
from ..models import MergedItem
from ..queries import lists
from .frame import FORM, address, way_back
from .intake import KEEPERS, likes
from .story import EARLY


@site.page("suggestions/<int:pk>/merge/", "suggestions_merge", KEEPERS)
@once
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which others are handled together with this one."""
    row = access.find(request.member, pk)
    if row.state not in EARLY or row.is_secret_placeholder:
        raise NotAllowed("只有已登记且尚未答复的建议可以并案")
    access.need_own(row)
    near = [
        a.suggestion
        for a in likes(row)
        if a.suggestion.state in EARLY and not a.suggestion.is_received
    ]
    form = MergeForm(
        request.POST or None, suggestion=row, visible=lists.listed(request.member),
        choices=[(str(s.pk), f"{s}（{s.get_state_display()}）") for s in near],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        group = actions.merge(row, form.rows, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, f"已并案办理，共 {group.items.count()} 件，已告知有关代表")
        return redirect(address(row))
    return form_page(
        request,
        form,
        "并案",
        "并案办理",
        way_back(row),
        FORM,
        explain=f"以“{row}”为主件，与下列建议合并办理。各件保留自己的编号、答复和评价，"
        "统计时各计一件。",
    )


@site.page("suggestions/merged/<int:pk>/leave/", "suggestions_leave_merge", KEEPERS)
@once
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the merged is handled by itself again."""
    item = get_object_or_404(MergedItem.objects.select_related("suggestion", "group__main"), pk=pk)
    row = access.find(request.member, item.suggestion_id)
    if item.left_at:
        raise NotAllowed("这件建议已经从并案中分出")
    form = LeaveMergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave_merge(item, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, "已从并案中分出，单独办理")
        return redirect(address(row))
    return form_page(
        request,
        form,
        "从并案分出",
        "分出",
        way_back(row),
        FORM,
        explain=f"“{row}”从“{item.group.main}”的并案中分出，单独办理。",
    )
