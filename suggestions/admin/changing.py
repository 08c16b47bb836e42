"""调整承办单位 after 交办, and the answer to a deputy's objection."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from congress.admin import attempt, form_page, site
from congress.flow import NotAllowed
from congress.once import once
from congress.words import cn_date

from .. import access, actions
from ..forms.changing import AddUnitForm, AnswerObjectionForm, ChangeUnitForm
from ..forms.handling import ReasonForm
from ..models import Assignment, Suggestion, UnitObjection
from ..rules import GONE
from .frame import ABOUT_FORM, address, way_back
from .intake import KEEPERS

OWNER = Assignment.Role.OWNER


def _about(row: Suggestion) -> list[tuple[str, str]]:
    """Who handles it now, and the day that does not move."""
    standing = list(row.assignments.exclude(state__in=GONE).order_by("pk"))
    units = "、".join(str(t) for t in standing)
    legal = max((t.legal_due_on for t in standing if t.role != Assignment.Role.JOINT), default=None)
    told = [("建议", str(row)), ("现在的单位", units)]
    if legal:
        told.append(("法定期限", f"{cn_date(legal)}，不因调整改变"))
    return told


def _may(request: HttpRequest, row: Suggestion) -> None:
    if not access.may_change_units(request.member, row, None):
        raise NotAllowed(f"“{row.get_state_display()}”状态下不能调整承办单位")


@site.page("suggestions/<int:pk>/units/add/", "suggestions_unit_add", KEEPERS)
@once
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """增加承办单位, mostly 会办."""
    row = access.find(request.member, pk)
    _may(request, row)
    standing = row.assignments.exclude(state__in=GONE).select_related("unit", "batch")
    owners = [t for t in standing if t.role == OWNER and t.children.exists()]
    direct = any(t.parent_id is None for t in standing)
    form = AddUnitForm(request.POST or None, owners=owners, direct=direct)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        plan = actions.Plan(data["unit"], data["role"], data["content"].strip())
        made = attempt(
            form, actions.add_unit, row, by=request.member, plan=plan, reason=data["reason"],
            parent=form.parent,
        )  # fmt: skip
        if made is not None:
            messages.success(request, f"已增加{made}，已告知代表和有关单位")
            return redirect(address(row))
    return form_page(
        request, form, "增加承办单位", "增加", way_back(row), ABOUT_FORM, about=_about(row),
        explain="现在独办的，增加会办单位后改为主办。新单位的期限自原交办之日起算。",
    )  # fmt: skip


def _task(request: HttpRequest, pk: int) -> Assignment:
    task = access.find_task(request.member, pk)
    _may(request, task.suggestion)
    return task


@site.page("suggestions/units/<int:pk>/out/", "suggestions_unit_out", KEEPERS)
@once
def out(request: HttpRequest, pk: int) -> HttpResponse:
    """调出一个单位."""
    task = _task(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = attempt(form, actions.cancel_task, task, by=request.member, **form.cleaned_data)
        if done is not None:
            messages.success(request, f"{task.unit_name}不再承办，已告知代表和有关单位")
            return redirect(address(task.suggestion))
    return form_page(
        request, form, f"调出{task.unit_name}", "调出", way_back(task.suggestion), ABOUT_FORM,
        about=_about(task.suggestion), danger=True,
        explain="调出后不再承办这件建议；已有的沟通记录和意见保留在案。",
    )  # fmt: skip


@site.page("suggestions/units/<int:pk>/change/", "suggestions_unit_change", KEEPERS)
@once
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """变更主办单位、交办机构."""
    task = _task(request, pk)
    form = ChangeUnitForm(request.POST or None, task=task)
    if form.is_bound and form.is_valid():
        made = attempt(form, actions.change_unit, task, by=request.member, **changed(form))
        if made is not None:
            messages.success(request, f"已改由{made}，法定期限不变，已告知代表和有关单位")
            return redirect(address(task.suggestion))
    below = "由其分办的单位一并调出。" if task.role == OWNER else ""
    return form_page(
        request, form, f"变更{task.unit_name}", "变更", way_back(task.suggestion), ABOUT_FORM,
        about=_about(task.suggestion),
        explain=f"{below}原单位与代表的沟通记录保留在案；新单位办理前仍要与代表沟通。",
    )  # fmt: skip


def changed(form: ChangeUnitForm) -> dict:
    """What the form asks, for the action."""
    data = form.cleaned_data
    plan = actions.Plan(data["unit"], data["role"], data["content"].strip())
    return {"plan": plan, "reason": data["reason"], "stays_joint": data.get("stays_joint", False)}


@site.page("suggestions/objections/<int:pk>/", "suggestions_objection", KEEPERS)
@once
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """答复代表对承办单位的异议."""
    rows = UnitObjection.objects.select_related("suggestion", "deputy", "wished_unit")
    row = get_object_or_404(rows, pk=pk)
    suggestion = access.find(request.member, row.suggestion_id)
    if row.upheld is not None:
        messages.info(request, "这件异议已经答复")
        return redirect(address(suggestion))
    form = AnswerObjectionForm(request.POST or None)
    if form.is_bound and form.is_valid():
        actions.answer_objection(row, by=request.member, **form.cleaned_data)
        words = (
            "已采纳，请在“承办单位和期限”中调整" if form.cleaned_data["upheld"] else "已答复代表"
        )
        messages.success(request, words)
        return redirect(f"{address(suggestion)}#tasks")
    about = [
        *_about(suggestion), ("代表", row.deputy.name), ("提出", cn_date(row.at)),
        ("意见", row.text), ("希望改由", row.wished_unit.name if row.wished_unit else "没有提出"),
    ]  # fmt: skip
    return form_page(
        request, form, "答复代表异议", "提交", way_back(suggestion), ABOUT_FORM, about=about,
        explain="代表认为承办单位不合适。答复前办理不停，法定期限不变。",
    )  # fmt: skip
