"""What the pages of a task share: found or 404, one form, one action, back to the task."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role

from .. import access, queries
from ..models import Assignment

DESK_ROLES = tuple(role for role in Role if role in access.HANDLERS)
desk = only(*DESK_ROLES)
Do, State = Assignment.Step, Assignment.State
TONES = {
    State.TO_SIGN: "warn", State.SIGNED: "active", State.RETURN_ASKED: "waiting",
    State.RETURNED: "off", State.HANDLING: "active", State.OPINION_GIVEN: "done",
    State.OPINION_BACK: "warn", State.DRAFTED: "active", State.SIGNED_OFF: "active",
    State.CHECKING: "waiting", State.ANSWERED: "done", State.EXTENSION_ASKED: "waiting",
    State.REHANDLING: "late", State.DONE: "done", State.CANCELLED: "off",
}  # fmt: skip


def found(request: HttpRequest, pk: int, step: Assignment.Step | None = None) -> Assignment:
    """A task the member may open; with `step`, one on which that may be done now."""
    task = access.find_task(request.member, pk)
    if step is not None and step not in access.task_steps(request.member, task):
        if not (access.works_for(request.member, task) or access.assigned_by(request.member, task)):
            raise Http404
        raise NotAllowed(f"“{task.get_state_display()}”状态下不能“{step.label}”")
    return task


def names_of(request: HttpRequest, task: Assignment) -> dict[int, str]:
    """The signers by id; their names only where they did not ask to be hidden from units. A
    delegation's suggestion bears its name, with its head behind it."""
    shown = access.may_see_names(request.member, task.suggestion)
    people = queries.speakers(task.suggestion)
    if shown and task.suggestion.lead_id is None:
        return {d.pk: str(task.suggestion.delegation) for d in people}
    return {d.pk: d.name if shown else f"代表{n}（姓名保密）" for n, d in enumerate(people, 1)}


def step_page(
    request: HttpRequest,
    task: Assignment,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    submit: str,
    done: str,
    explain: str = "",
    template: str = "suggestions/desk/step.html",
    **more: Any,
) -> HttpResponse:
    """Show the form, carry the action out with its values, say so, and go back to the task."""
    if request.method == "POST" and form.is_valid():
        act(form.cleaned_data)
        messages.success(request, done)
        return redirect("desk_task", task.pk)
    context = {
        "task": task, "suggestion": task.suggestion, "form": form, "title": title,
        "submit": submit, "explain": explain, **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.is_bound else 200)
