"""The level that assigns on: 分办, returns and extensions decided."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from congress.once import once

from .. import access, actions, queries
from ..forms.changing import AddUnitForm, ChangeUnitForm
from ..forms.handling import DecideExtensionForm, DecideReturnForm, PlanForm
from ..forms.wall import UrgeForm
from ..models import Assignment
from .frame import desk, found, step_page

Do = Assignment.Step


@desk
@once
def assign_on(request: HttpRequest, pk: int) -> HttpResponse:
    """分办 to the units of the own system."""
    task = found(request, pk)
    if task.role != Assignment.Role.OWNER or not access.works_for(request.member, task):
        raise Http404
    form = PlanForm(request.POST or None)
    return step_page(
        request, task, form,
        lambda _: actions.assign_on(
            task, by=request.member, plans=[actions.Plan(*row) for row in form.rows]
        ),
        title="分办", submit="分办", done="已分办，已通知有关单位",
        explain="一个单位办理的选独办；几个单位共同办理的，确定一个主办，其余会办；"
        "各自答复的选分办。法定期限自交办之日起算，分办不重新起算。",
        template="suggestions/desk/plan.html",
    )  # fmt: skip


@desk
@once
def decide_return(request: HttpRequest, pk: int) -> HttpResponse:
    """退办审批."""
    task = found(request, pk)
    row = task.return_requests.filter(accepted=None).first()
    if row is None or not access.assigned_by(request.member, task):
        raise Http404
    form = DecideReturnForm(request.POST or None, task=task)

    def act(values):
        plan = None
        if values["accept"]:
            plan = actions.Plan(values["unit"], task.role, task.content)
        actions.decide_return(
            row, by=request.member, accept=values["accept"], decision=values["decision"], plan=plan
        )

    return step_page(
        request, task, form, act, title="退办审批", submit="提交决定", done="决定已告知有关单位",
        template="suggestions/desk/decide_return.html", row=row,
        explain="这件建议已经退办过，您可以决定由原单位继续办理；需要再改由其他单位的，由代工委裁定。"
        if access.was_returned(task.suggestion) else "",
    )  # fmt: skip


@desk
@once
def decide_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """延期审批."""
    task = found(request, pk)
    row = task.extension_requests.filter(granted=None).first()
    if row is None or not access.may_approve(request.member, task):
        raise Http404
    form = DecideExtensionForm(request.POST or None)
    return step_page(
        request, task, form, lambda v: actions.decide_extension(row, by=request.member, **v),
        title="延期审批", submit="提交决定", done="决定已告知承办单位",
        template="suggestions/desk/decide_extension.html", row=row,
    )  # fmt: skip


@desk
@once
def add_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """增加承办单位 below the office's own task, mostly 会办."""
    task = found(request, pk)
    if not access.may_change_units(request.member, task.suggestion, task):
        raise Http404
    form = AddUnitForm(request.POST or None, owners=[task], direct=False)

    def act(values):
        plan = actions.Plan(values["unit"], values["role"], values["content"].strip())
        actions.add_unit(
            task.suggestion, by=request.member, plan=plan, reason=values["reason"], parent=task
        )

    return step_page(
        request, task, form, act, title="增加承办单位", submit="增加",
        done="已增加，已告知代表和有关单位",
        explain="现在独办的，增加会办单位后改为主办。新单位的期限自原交办之日起算，法定期限不变。",
    )  # fmt: skip


@desk
@once
def change_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """变更 a unit of the office's own system."""
    task = found(request, pk, Do.CANCEL)
    if not access.may_change_units(request.member, task.suggestion, task.parent):
        raise Http404
    form = ChangeUnitForm(request.POST or None, task=task)

    def act(values):
        actions.change_unit(
            task, by=request.member, reason=values["reason"],
            plan=actions.Plan(values["unit"], values["role"], values["content"].strip()),
            stays_joint=values.get("stays_joint", False),
        )  # fmt: skip

    return step_page(
        request, task, form, act, title=f"变更{task.unit_name}", submit="变更",
        done="已变更，已告知代表和有关单位",
        explain="原单位与代表的沟通记录保留在案；新单位办理前仍要与代表沟通。法定期限不变。",
    )  # fmt: skip


@desk
@once
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """催办 one unit of the office's own system."""
    task = found(request, pk)
    if not access.may_urge_on(request.member, task):
        raise Http404
    form = UrgeForm(request.POST or None)

    def act(values):
        actions.urge_several(queries.by_due(_own(request).filter(pk=pk)), by=request.member,
                             **values)  # fmt: skip

    return step_page(
        request, task, form, act, title=f"催办{task.unit_name}", submit="催办",
        done=f"已催办{task.unit_name}", explain="催办的内容发给承办单位，并记入办理过程。",
    )  # fmt: skip


def _own(request: HttpRequest) -> QuerySet[Assignment]:
    return access.tasks_visible_to(request.member)


@desk
@require_POST
@once
def urge_many(request: HttpRequest) -> HttpResponse:
    """催办勾选的: one message a task, one letter a unit. First the words are asked, then sent."""
    chosen = [int(v) for v in request.POST.getlist("task") if v.isdigit()]
    rows = queries.by_due(_own(request).filter(pk__in=chosen))
    tasks = [t for t in rows if access.may_urge_on(request.member, t)]
    if not tasks:
        messages.warning(request, "没有勾选可以催办的办件")
        return redirect("desk_items")
    form = UrgeForm(request.POST if "send" in request.POST else None)
    if form.is_bound and form.is_valid():
        done, _ = actions.urge_several(tasks, by=request.member, **form.cleaned_data)
        messages.success(request, f"已催办 {len(done)} 件")
        return redirect("desk_items")
    context = {"tasks": tasks, "form": form, "units": len({t.unit_id for t in tasks})}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/urge.html", context, status=status)


urlpatterns = [
    path("items/urge/", urge_many, name="desk_items_urge"),
    path("tasks/<int:pk>/urge/", urge, name="desk_task_urge"),
    path("tasks/<int:pk>/units/add/", add_unit, name="desk_unit_add"),
    path("tasks/<int:pk>/unit/", change_unit, name="desk_unit_change"),
    path("tasks/<int:pk>/assign/", assign_on, name="desk_task_assign_on"),
    path("tasks/<int:pk>/return/decide/", decide_return, name="desk_task_decide_return"),
    path("tasks/<int:pk>/extension/decide/", decide_extension, name="desk_task_decide_extension"),
]
