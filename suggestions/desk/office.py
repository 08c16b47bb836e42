"""The level that assigns on: 分办, returns and extensions decided."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from congress.once import once

from .. import access, actions
from ..forms.changing import AddUnitForm, ChangeUnitForm
from ..forms.handling import DecideExtensionForm, DecideReturnForm, PlanForm
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


urlpatterns = [
    path("tasks/<int:pk>/units/add/", add_unit, name="desk_unit_add"),
    path("tasks/<int:pk>/unit/", change_unit, name="desk_unit_change"),
    path("tasks/<int:pk>/assign/", assign_on, name="desk_task_assign_on"),
    path("tasks/<int:pk>/return/decide/", decide_return, name="desk_task_decide_return"),
    path("tasks/<int:pk>/extension/decide/", decide_extension, name="desk_task_decide_extension"),
]
