"""协调会, called by the government office between units it assigned on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from congress.once import once

from .. import access, actions
from ..forms.coordinating import CoordinatedForm, CoordinationForm
from .frame import desk, found, step_page


@desk
@once
def coordination(request: HttpRequest, pk: int) -> HttpResponse:
    """召开协调会; `pk` is any task of the office's own level."""
    task = found(request, pk)
    tasks = list(access.tasks_to_coordinate(request.member, task.suggestion))
    if len({t.unit_id for t in tasks}) < 2:
        raise Http404
    form = CoordinationForm(request.POST or None, tasks=tasks)
    return step_page(
        request, task, form,
        lambda _: actions.call_coordination(
            task.suggestion, by=request.member, **form.values()
        ),
        title="召开协调会", submit="登记", done="已登记协调会，已通知参加单位",
        explain="协调会不影响办理期限。",
    )  # fmt: skip


@desk
@once
def coordinated(request: HttpRequest, pk: int) -> HttpResponse:
    """登记协调结果."""
    row = get_object_or_404(access.coordinations_to_note(request.member), pk=pk)
    task = access.own_tasks(request.member).filter(suggestion=row.suggestion_id).first()
    if task is None:
        raise Http404
    form = CoordinatedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_coordination(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已登记协调结果，已告知参加单位")
        return redirect("desk_task", task.pk)
    context = {"task": task, "suggestion": row.suggestion, "form": form, "submit": "登记",
               "title": "登记协调结果", "explain": row.issue}  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/step.html", context, status=status)


urlpatterns = [
    path("tasks/<int:pk>/coordination/", coordination, name="desk_coordination"),
    path("coordination/<int:pk>/", coordinated, name="desk_coordinated"),
]
