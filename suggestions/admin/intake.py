"""Before the number: passed on, sent back, refused, registered, one by one or many at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import site
from congress.flow import NotAllowed
from congress.models import Membership, Role
from congress.once import once
from congress.pdf import shown

from .. import access, actions, documents, queries
from ..forms.intake import (
    PaperWithdrawForm,
    PassOnForm,
    RefuseForm,
    RegisterForm,
    SendBackForm,
    as_checks,
)
from ..models import Suggestion
from ..queries import lists
from ..rules.similarity import SAME
from ..rules.texts import CHECKS, PRE_REVIEW
from .frame import address, list_link, way_back

KEEPERS = (Role.DEPUTY_AFFAIRS,)
REVIEWERS = (Role.DEPUTY_AFFAIRS, Role.STREET)
State, Step = Suggestion.State, Suggestion.Step
MOST = 100  # at one stroke


def steps_of(member: Membership, row: Suggestion) -> list[Step]:
    """The steps a member may take on a suggestion now."""
    rules = queries.rules_of(row)
    return access.steps(
        member,
        row,
        pre_review=queries.open_pre_review(row, rules),
        withdraw_until=rules.withdraw_until if rules else "",
    )


def found(request: HttpRequest, pk: int, step: Step) -> Suggestion:
    """A suggestion this member may see and on which the step may be taken now."""
    row = access.find(request.member, pk)
    if step not in steps_of(request.member, row):
        access.need_here(row)
        raise NotAllowed(f"“{row.get_state_display()}”的建议，您现在不能“{step.label}”")
    return row


def step_page(
    request: HttpRequest,
    row: Suggestion,
    form: forms.Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    done: str | Callable[[], str],
    explain: str = "",
    danger: bool = False,
    alike: list | None = None,
) -> HttpResponse:
    """The text beside the form; carried out, the page of the suggestion says what was done."""
    if request.method == "POST" and form.is_valid():
        act(form.cleaned_data)
        messages.success(request, done() if callable(done) else done)
        return redirect(address(row))
    context = {
        "title": title,
        "back": way_back(row),
        "row": row,
        "form": form,
        "explain": explain,
        "danger": danger,
        "submit": title,
        "cancel": address(row),
        "files": row.attachments.select_related("file"),
        "alike": alike or [],
        "same": [a for a in alike or [] if a.likeness >= SAME],
        "signers": queries.signers(row),
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "suggestions/admin/intake/step.html", context, status)


@site.page("suggestions/<int:pk>/pass-on/", "suggestions_pass_on", REVIEWERS)
@once
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """初审通过, with the opinion; the text is not touched."""
    row = found(request, pk, Step.PASS_ON)
    stage = PRE_REVIEW.get(queries.open_pre_review(row, queries.rules_of(row)), "初审")
    start = {"checked": list(CHECKS), "opinion": "同意提交。"}
    form = PassOnForm(request.POST or None, initial=start)
    return step_page(
        request, row, form,
        lambda v: actions.pass_on(
            row, by=request.member, checks=as_checks(v["checked"]), opinion=v["opinion"]
        ),
        title=f"{stage}通过", done=f"{stage}已通过，转入下一环节",
        explain="初审不改动代表的文字。有问题的，请退回修改并写明理由。",
        alike=likes(row),
    )  # fmt: skip


def likes(row: Suggestion) -> list:
    """What is like a suggestion, within five years."""
    return queries.similar(row.title, [row.situation, *row.requests], exclude=row.pk)


@site.page("suggestions/<int:pk>/send-back/", "suggestions_send_back", REVIEWERS)
@once
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回修改, with what must be changed."""
    row = found(request, pk, Step.SEND_BACK)
    form = SendBackForm(request.POST or None)
    return step_page(
        request, row, form,
        lambda v: actions.send_back(
            row, by=request.member, opinion=v["opinion"], checks=as_checks(v["checked"])
        ),
        title="退回修改", done="已退回，已告知代表需要修改的地方",
        explain="代表修改后再次提交，重新审查；有联名的，联名代表要重新确认。",
    )  # fmt: skip


@site.page("suggestions/<int:pk>/refuse/", "suggestions_refuse", KEEPERS)
@once
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """不作为建议处理: the ground, what was explained to the deputy, and when."""
    row = found(request, pk, Step.REFUSE)
    form = RefuseForm(request.POST or None)
    return step_page(
        request, row, form, lambda v: actions.refuse(row, by=request.member, **v),
        title="不作为建议处理", done="已作不作为建议处理，理由和说明已告知代表", danger=True,
        explain="须先向代表说明情况，再办理这一步。不占用编号；代表修改后可以重新提出。",
    )  # fmt: skip


@site.page("suggestions/sent-on/<int:pk>/", "suggestions_sent_on", KEEPERS)
def sent_on(request: HttpRequest, pk: int) -> HttpResponse:
    """转办单 of a paper that was sent elsewhere."""
    row = get_object_or_404(access.sent_on_by(request.member), pk=pk)
    audit.record(request.member, "suggestions.export", row.suggestion, note="转办单")
    return shown(f"转办单：{row.suggestion.title}", documents.sent_on_letter(row))


@site.page("suggestions/<int:pk>/register/", "suggestions_register", KEEPERS)
@once
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """登记编号: the check list whole, the category, what it continues."""
    row = found(request, pk, Step.REGISTER)
    alike = likes(row)
    form = RegisterForm(request.POST or None, suggestion=row, alike=alike)
    numbers: list[str] = []

    def act(values):
        made = actions.register(
            row, by=request.member, category=values["category"],
            checks=as_checks(values["checked"]), raised_before=form.before,
        )  # fmt: skip
        numbers.append(made.number)

    return step_page(
        request, row, form, act, title="登记编号",
        done=lambda: f"已登记，编号 {numbers[0]}，已告知代表",
        explain="编号按届、会次和系列连续编排，一经使用不再重用。登记后计入代表履职。",
        alike=alike,
    )  # fmt: skip


@site.page("suggestions/<int:pk>/withdraw/", "suggestions_withdraw", KEEPERS)
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回 on the written request of all signers."""
    row = found(request, pk, Step.WITHDRAW)
    form = PaperWithdrawForm(request.POST or None)
    return step_page(
        request, row, form, lambda v: actions.withdraw(row, by=request.member, **v),
        title="撤回", done="建议已撤回，办理终止，编号不再使用", danger=True,
        explain=(
            "上级转来的建议，凭来文机关的书面通知撤回。" if row.is_received
            else "领衔代表可以在手机上撤回；联名建议登记以后，要有全体提出代表的书面申请。"
        ) + "撤回以后办理终止，承办单位的任务取消，记录保留。",
    )  # fmt: skip


# -- Many at once ------------------------------------------------------------------------------


def picked(request: HttpRequest) -> list[Suggestion]:
    """The suggestions that were ticked, seen by this member, in the order they came in."""
    ids = [pk for pk in request.POST.getlist("pick") if pk.isdecimal()][:MOST]
    rows = lists.listed(request.member).filter(pk__in=ids).order_by("submitted_at", "pk")
    return list(rows.select_related("lead", "delegation", "category__parent", "written_by"))


def back_to(show: str) -> str:
    return f"{list_link()[1]}?show={show}"


@site.page("suggestions/several/pass-on/", "suggestions_pass_on_several", REVIEWERS)
@require_POST
@once
def pass_on_several(request: HttpRequest) -> HttpResponse:
    """初审通过 for those ticked; who cannot be passed on is named with the reason."""
    rows = picked(request)
    return _several(
        request, rows, "pre_review",
        lambda row: actions.pass_on(
            row, by=request.member, checks=dict.fromkeys(CHECKS, True), opinion="同意提交。"
        ),
        "初审通过",
    )  # fmt: skip


@site.page("suggestions/several/register/", "suggestions_register_several", KEEPERS)
@require_POST
@once
def register_several(request: HttpRequest) -> HttpResponse:
    """登记编号 for those ticked, in the order they came in; each by the category the deputy named.
    The clerk says that every one was checked item by item."""
    if request.POST.get("checked") != "on":
        messages.warning(request, "请先确认所选建议已逐件、逐项审查")
        return redirect(back_to("review"))
    rows = picked(request)
    return _several(
        request, rows, "review",
        lambda row: actions.register(
            row, by=request.member, category=row.category, checks=dict.fromkeys(CHECKS, True)
        ),
        "登记编号",
    )  # fmt: skip


def _several(
    request: HttpRequest,
    rows: list[Suggestion],
    show: str,
    act: Callable[[Suggestion], Suggestion],
    words: str,
) -> HttpResponse:
    if not rows:
        messages.warning(request, "请先勾选要办理的建议")
        return redirect(back_to(show))
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except NotAllowed as refusal:
            messages.warning(request, f"“{row.title}”没有办理：{refusal.sentence}")
    if done:
        messages.success(request, f"{words} {done} 件")
    return redirect(back_to(show))
