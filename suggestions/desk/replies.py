"""The reply: written, signed off, checked where asked, served, printed."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from congress.flow import NotAllowed
from congress.once import once
from congress.pdf import shown
from deputies.models import Deputy

from .. import access, actions, queries
from ..forms.handling import ClassForm
from ..forms.replying import CheckForm, CountersignForm, ReplyForm, ServeForm, SignOffForm
from ..models import Assignment, Reply
from .frame import desk, found, names_of, step_page

Do = Assignment.Step
SENDER = 0  # instead of a deputy's id: who sent a paper from a higher congress


@desk
@once
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """拟写答复: saved as often as wanted, each saving a version."""
    task = found(request, pk, Do.DRAFT_REPLY)
    last = task.replies.filter(round=task.suggestion.round).order_by("-version").first()
    shared = None if last else queries.reply_to_share(task)
    form = ReplyForm(request.POST or None, task=task, last=last, shared=shared)
    if request.method == "POST" and form.is_valid():
        actions.draft_reply(
            task, by=request.member, text=form.cleaned_data["text"],
            result_class=form.cleaned_data["result_class"], points=form.points,
            promises=[actions.Pledge(**p) for p in form.promises], **form.more,
        )  # fmt: skip
        messages.success(request, "答复稿已保存")
        return redirect("desk_task", pk)
    context = {
        "task": task,
        "suggestion": task.suggestion,
        "form": form,
        "last": last,
        "shared": shared,
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/desk/reply.html", context, status=status)


def _present(task: Assignment) -> Reply:
    row = task.replies.exclude(state=Reply.State.DROPPED).order_by("-round", "-version").first()
    if row is None:
        raise Http404
    return row


@desk
@once
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """签发: what is still missing stands above the button."""
    task = found(request, pk, Do.SIGN_OFF)
    draft = _present(task)
    form = SignOffForm(
        request.POST or None, initial={"signer": draft.signer},
        least=task.suggestion.rule_set.signer_min_rank,
    )  # fmt: skip
    faults = actions.faults_of(draft)
    if actions.is_drafter_alone(draft, request.member):
        faults.append("这份答复是您拟的，请本单位另一位同事签发")
    to = "来文机关" if task.suggestion.is_received else "代表"
    return step_page(
        request, task, form, lambda v: actions.sign_off(task, by=request.member, **v),
        title="签发答复", submit="签发", done=f"答复已签发，请送达{to}",
        template="suggestions/desk/sign_off.html", reply=draft, faults=faults,
    )  # fmt: skip


@desk
@once
def send_to_check(request: HttpRequest, pk: int) -> HttpResponse:
    """送预审."""
    task = found(request, pk, Do.CHECK)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return step_page(
        request, task, form, lambda _: actions.send_to_check(task, by=request.member),
        title="答复送预审", submit="送预审", done="答复已送预审",
        explain="预审通过后再送达代表。",
    )  # fmt: skip


@desk
@once
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """预审 by the government office."""
    task = found(request, pk)
    if not access.may_check(request.member, task):
        raise Http404
    form, reply = CheckForm(request.POST or None), _present(task)
    return step_page(
        request, task, form, lambda v: actions.check_reply(task, by=request.member, **v),
        title=f"预审{task.unit_name}的答复", submit="提交", done="预审意见已提交",
        template="suggestions/desk/check.html", reply=reply,
        points=queries.points_of(reply), promises=reply.promises.order_by("number"),
    )  # fmt: skip


@desk
@once
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """送达: each deputy, how and when."""
    task = found(request, pk, Do.SERVE)
    received = task.suggestion.is_received
    if received:
        wanted = {SENDER: task.suggestion.received.sender}
    else:
        names = names_of(request, task)
        wanted = {d.pk: names[d.pk] for d in actions.answered_deputies(task)}
    form = ServeForm(request.POST or None, names=wanted, is_received=received)

    def act(_):
        rows = Deputy.objects.select_related("membership").in_bulk(list(wanted))
        served = {rows.get(k): v for k, v in form.served().items()}
        row = actions.serve(task, by=request.member, served=served)
        actions.keep_letter(row, by=request.member)

    return step_page(
        request, task, form, act, title="送达答复", submit="确认送达",
        done="已登记送达来文机关" if received else "已登记送达，已请代表评价",
        explain=f"是否按期答复，以{'送达来文机关' if received else '最后一位代表的送达'}"
        "日期为准。送达后答复不能再改。",
    )  # fmt: skip


@desk
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """答复函 as PDF: a draft bears the word 草稿."""
    task = found(request, pk)
    return _letter(request, _present(task).pk)


@desk
def letter_of_round(request: HttpRequest, pk: int) -> HttpResponse:
    """答复函 of any round, as it was served; `pk` is the reply's."""
    return _letter(request, pk)


def _letter(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(access.replies_visible_to(request.member), pk=pk)
    name = actions.letter_name(row).removesuffix(".pdf")
    return shown(name, actions.letter_of(row, by=request.member))


@desk
@once
def change_class(request: HttpRequest, pk: int) -> HttpResponse:
    """提出调整结果类别 (B→A)."""
    task = found(request, pk)
    if not access.works_for(request.member, task):
        raise Http404
    form = ClassForm(request.POST or None, task=task)
    return step_page(
        request, task, form, lambda v: actions.propose_class(task, by=request.member, **v),
        title="提出调整结果类别", submit="提交", done="已提交，等待代表和督办机构确认",
        explain="承诺的事项办成以后，可以提出把结果类别调整为已经解决。原答复的类别保留在案。",
    )  # fmt: skip


@desk
@once
def countersign(request: HttpRequest, pk: int) -> HttpResponse:
    """会签 what another leading unit drafted."""
    task = found(request, pk, Do.DRAFT_REPLY)
    draft = queries.draft_to_sign(task)
    if draft is None:
        raise NotAllowed("现在没有需要会签的答复稿")
    form = CountersignForm(
        request.POST or None, initial={"version": draft.version},
        least=task.suggestion.rule_set.signer_min_rank,
    )  # fmt: skip
    return step_page(
        request, task, form, lambda v: actions.countersign(task, by=request.member, **v),
        title="会签联合答复", submit="同意并会签", done="已会签，由拟稿的主办单位送达",
        template="suggestions/desk/countersign.html", reply=draft,
        explain=f"{draft.assignment.unit_name}与本单位共同主办，须协商一致后联合答复。"
        "拟稿单位修改答复的，要重新会签。",
    )  # fmt: skip


urlpatterns = [
    path("tasks/<int:pk>/countersign/", countersign, name="desk_task_countersign"),
    path("tasks/<int:pk>/reply/", reply, name="desk_task_reply"),
    path("tasks/<int:pk>/sign-off/", sign_off, name="desk_task_sign_off"),
    path("tasks/<int:pk>/to-check/", send_to_check, name="desk_task_check"),
    path("tasks/<int:pk>/check/", check, name="desk_task_check_reply"),
    path("tasks/<int:pk>/serve/", serve, name="desk_task_serve"),
    path("tasks/<int:pk>/letter/", letter, name="desk_task_letter"),
    path("replies/<int:pk>/letter/", letter_of_round, name="desk_reply_letter"),
    path("tasks/<int:pk>/class/", change_class, name="desk_task_class"),
]
