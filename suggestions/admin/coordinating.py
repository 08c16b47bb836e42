"""协调会 at the committee staff's desk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from congress.admin import attempt, form_page, site
from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.coordinating import CoordinatedForm, CoordinationForm
from .frame import FORM, address, way_back
from .intake import KEEPERS


@site.page("suggestions/<int:pk>/coordination/", "suggestions_coordination", KEEPERS)
@once
def coordination(request: HttpRequest, pk: int) -> HttpResponse:
    """召开协调会 between units of one suggestion."""
    row = access.find(request.member, pk)
    tasks = list(access.tasks_to_coordinate(request.member, row))
    if len({t.unit_id for t in tasks}) < 2:
        raise NotAllowed("这件建议现在没有两个以上承办单位需要协调")
    form = CoordinationForm(request.POST or None, tasks=tasks)
    if form.is_bound and form.is_valid():
        made = attempt(
            form, actions.call_coordination, row, by=request.member, **form.values()
        )  # fmt: skip
        if made is not None:
            messages.success(request, "已登记协调会，已通知参加单位")
            return redirect(address(row))
    return form_page(request, form, "召开协调会", "登记", way_back(row), FORM,
                     explain="协调会不影响办理期限。")  # fmt: skip


@site.page("suggestions/coordination/<int:pk>/", "suggestions_coordinated", KEEPERS)
@once
def coordinated(request: HttpRequest, pk: int) -> HttpResponse:
    """登记协调结果."""
    row = get_object_or_404(access.coordinations_to_note(request.member), pk=pk)
    form = CoordinatedForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = attempt(form, actions.note_coordination, row, by=request.member,
                       **form.cleaned_data)  # fmt: skip
        if done is not None:
            messages.success(request, "已登记协调结果，已告知参加单位")
            return redirect(address(row.suggestion))
    return form_page(request, form, "登记协调结果", "登记", way_back(row.suggestion), FORM)
