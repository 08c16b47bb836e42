"""签收, 沟通, 退办, 延期, 会办."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress.files import store
from congress.flow import NotAllowed
from congress.once import once
from congress.words import cn_date
from deputies.models import Deputy

from .. import access, actions
from ..forms.following import ContactForm
from ..forms.handling import (
    ConsultForm,
    ExtensionForm,
    OpinionForm,
    ReasonForm,
    ReturnForm,
)
from ..forms.replying import SupplementForm
from ..models import Assignment
from .frame import desk, found, names_of, step_page

Do, State = Assignment.Step, Assignment.State


@desk
@once
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """签收: after reading what it is."""
    task = found(request, pk, Do.SIGN)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return step_page(
        request, task, form, lambda _: actions.sign_for(task, by=request.member),
        title="签收", submit="签收", done="已签收",
        explain="签收后请尽快与代表沟通。不属于本单位职责的，可以在期限内申请退办。",
    )  # fmt: skip


@desk
@once
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """登记沟通情况; the deputy is asked to confirm it."""
    task = found(request, pk)
    if not access.works_for(request.member, task):
        raise Http404
    names = names_of(request, task)
    form = ContactForm(
        request.POST or None, request.FILES or None, suggestion=task.suggestion, names=names
    )

    def act(values):
        chosen = values.pop("deputies", [])
        deputies = Deputy.objects.filter(pk__in=chosen).select_related("membership")
        if photo := values.pop("photo", None):
            values["photo"] = store(
                **photo._asdict(), purpose=access.TALK_PURPOSE, by=request.member
            )
        actions.record_contact(task, by=request.member, deputies=deputies, **values)

    return step_page(
        request, task, form, act, title="登记沟通情况", submit="保存",
        done="已登记，请代表确认的消息已经发出",
        explain="登记后会请代表在手机上确认。代表确认后，才能签发答复。",
    )  # fmt: skip


@desk
@once
def ask_return(request: HttpRequest, pk: int) -> HttpResponse:
    """申请退办."""
    task = found(request, pk, Do.ASK_RETURN)
    form = ReturnForm(request.POST or None, task=task)
    return step_page(
        request, task, form, lambda v: actions.ask_return(task, by=request.member, **v),
        title="申请退办", submit="提交申请", done="退办申请已提交",
        explain="退办不影响法定答复期限。申请未同意的，继续办理。",
    )  # fmt: skip


@desk
@once
def ask_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """申请延期."""
    task = found(request, pk, Do.ASK_EXTENSION)
    due_on = task.extended_to or task.legal_due_on
    if timezone.localdate() > due_on:
        raise NotAllowed(f"答复期限{cn_date(due_on)}已过，不能再申请延期")
    form = ExtensionForm(request.POST or None)
    return step_page(
        request, task, form, lambda v: actions.ask_extension(task, by=request.member, **v),
        title="申请延期答复", submit="提交申请", done="延期申请已提交",
        explain="应当在期限届满前申请，自交办之日起最长不超过六个月（代表法第五十一条）。",
    )  # fmt: skip


@desk
@once
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """提交会办意见."""
    task = found(request, pk, Do.GIVE_OPINION)
    last = task.opinions.order_by("-version").first()
    initial = {"text": last.text, "signer": last.signer} if last else None
    form = OpinionForm(request.POST or None, initial=initial)
    back = last.sent_back_reason if last else ""
    return step_page(
        request, task, form, lambda v: actions.give_opinion(task, by=request.member, **v),
        title="提交会办意见", submit="提交", done="会办意见已交主办单位",
        explain=f"上次意见被退回：{back}" if back else "",
    )  # fmt: skip


@desk
@once
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """补充答复 of a joint unit."""
    task = found(request, pk)
    if not access.may_supplement(request.member, task):
        raise Http404
    form = SupplementForm(request.POST or None)
    return step_page(
        request, task, form, lambda v: actions.send_supplement(task, by=request.member, **v),
        title="向代表补充答复", submit="发给代表", done="已发给代表，主办单位也会看到",
        explain="就本单位会办的事项直接答复代表，作为主办单位答复的补充；会办意见仍要提交，"
        "建议是否办结以主办单位的答复为准。",
    )  # fmt: skip


@desk
@once
def opinion_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回会办意见."""
    task = found(request, pk, Do.SEND_OPINION_BACK)
    form = ReasonForm(request.POST or None)
    return step_page(
        request, task, form, lambda v: actions.send_opinion_back(task, by=request.member, **v),
        title="退回会办意见", submit="退回", done="会办意见已退回",
    )  # fmt: skip


@desk
@once
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """不等会办意见, with the reason; `pk` is the joint unit's task."""
    task = found(request, pk)
    form = ReasonForm(request.POST or None)
    return step_page(
        request, task, form, lambda v: actions.waive_opinion(task, by=request.member, **v),
        title=f"不等{task.unit_name}的会办意见", submit="确定", done="已记录理由，可以先行答复",
    )  # fmt: skip


@desk
@once
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """调出, by the level that assigned it."""
    task = found(request, pk, Do.CANCEL)
    form = ReasonForm(request.POST or None)
    return step_page(
        request, task, form, lambda v: actions.cancel_task(task, by=request.member, **v),
        title=f"调出{task.unit_name}", submit="调出", done="已调出，已告知代表和有关单位",
        explain="调出后不再承办这件建议；已有的沟通记录和意见保留在案。", danger=True,
    )  # fmt: skip


@desk
def consultations(request: HttpRequest) -> HttpResponse:
    """预交办征询: what the unit is asked before 交办."""
    rows = access.consultations_of(request.member)
    return render(request, "suggestions/desk/consultations.html", {"rows": rows})


@desk
@once
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with the suggestion's text, answered."""
    row = get_object_or_404(access.consultations_of(request.member), pk=pk)
    form = ConsultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_consultation(row, by=request.member, **form.cleaned_data)
        messages.success(request, "答复已提交")
        return redirect("desk_consultations")
    context = {"row": row, "suggestion": row.suggestion, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/consultation.html", context, status=status)


@desk
@require_POST
@once
def sign_many(request: HttpRequest) -> HttpResponse:
    """签收勾选的: after 交办会 a unit signs for ten at once."""
    chosen = [v for v in request.POST.getlist("task") if v.isdigit()]
    rows = access.own_tasks(request.member).filter(pk__in=chosen, state=State.TO_SIGN)
    count = 0
    for task in rows:
        if access.works_for(request.member, task):
            actions.sign_for(task, by=request.member)
            count += 1
    messages.success(request, f"已签收 {count} 件" if count else "没有需要签收的")
    return redirect("desk_items")


urlpatterns = [
    path("items/sign/", sign_many, name="desk_items_sign"),
    path("tasks/<int:pk>/sign/", sign, name="desk_task_sign"),
    path("tasks/<int:pk>/contact/", contact, name="desk_task_contact"),
    path("tasks/<int:pk>/return/", ask_return, name="desk_task_return"),
    path("tasks/<int:pk>/extension/", ask_extension, name="desk_task_extension"),
    path("tasks/<int:pk>/opinion/", opinion, name="desk_task_opinion"),
    path("tasks/<int:pk>/supplement/", supplement, name="desk_task_supplement"),
    path("tasks/<int:pk>/opinion/back/", opinion_back, name="desk_task_opinion_back"),
    path("tasks/<int:pk>/waive/", waive, name="desk_task_waive"),
    path("tasks/<int:pk>/cancel/", cancel, name="desk_task_cancel"),
    path("consultations/", consultations, name="desk_consultations"),
    path("consultations/<int:pk>/", consultation, name="desk_consultation"),
]
