"""Writing a suggestion: a draft kept on the server, co-signers, a last look, submitted."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from congress.access import only
from congress.files import store
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import FIELD, once
from deputies.models import Deputy
from deputies.queries import deputy_of

from .. import access, actions, queries
from ..actions.texts import TEXT
from ..forms.writing import CosignerForm, DraftForm, FileForm, WithdrawForm
from ..models import Signature, Suggestion
from ..rules.texts import text_faults

State = Suggestion.State


def _own(request: HttpRequest, pk: int) -> Suggestion:
    row = access.find(request.member, pk)
    if not access.is_lead(request.member, row):
        raise Http404
    access.need_here(row)
    return row


def _writable(request: HttpRequest, pk: int) -> Suggestion:
    row = _own(request, pk)
    if row.state not in access.WRITABLE:
        raise NotAllowed("建议已经提交，不能再修改；需要修改请联系代工委退回")
    return row


@only(Role.DEPUTY)
@once
def new(request: HttpRequest) -> HttpResponse:
    """提建议: the first saving makes the draft."""
    deputy = deputy_of(request.member)
    if deputy is None:
        raise NotAllowed("您的账号还没有对应到代表名册，请联系代工委")
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = actions.keep_draft(
            by=request.member, lead=deputy, form_key=_form_key(request), **form.values
        )
        return _saved(request, row)
    return _page(request, form, None)


def _form_key(request: HttpRequest) -> uuid.UUID | None:
    """Which showing of the empty form it is."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


@only(Role.DEPUTY)
@require_POST
def autosave_new(request: HttpRequest) -> HttpResponse:
    """While writing into an empty form: the first words make the draft, by themselves; from then
    on the page is the draft's own."""
    deputy, key = deputy_of(request.member), _form_key(request)
    form, row = DraftForm(request.POST), None
    written = form.is_valid() and any(form.values[name] for name in TEXT)
    if deputy is not None and key is not None and written:
        row = actions.keep_draft(by=request.member, lead=deputy, form_key=key, **form.values)
    context = {"saved_at": timezone.now() if row else None, "alike": _alike(request, row)}
    response = render(request, "suggestions/portal/saved.html", context)
    if row is not None:
        response["HX-Replace-Url"] = reverse("portal_suggestion_edit", args=[row.pk])
    return response


def _alike(request: HttpRequest, row: Suggestion | None) -> list[queries.Alike]:
    """What is like it, with how it was answered as far as the deputy may read that."""
    if row is None:
        return []
    found = queries.similar(row.title, [row.situation, *row.requests], exclude=row.pk)
    return queries.with_answers(found, request.member)


@only(Role.DEPUTY)
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, to be written on."""
    row = _writable(request, pk)
    form = DraftForm(request.POST or None, suggestion=row)
    if request.method == "POST" and form.is_valid():
        row = actions.save_draft(row, by=request.member, **form.values)
        return _saved(request, row)
    return _page(request, form, row)


def _saved(request: HttpRequest, row: Suggestion) -> HttpResponse:
    if "check" in request.POST:
        return redirect("portal_suggestion_check", row.pk)
    messages.success(request, "草稿已保存，可以接着写，也可以以后再写")
    return redirect("portal_suggestion_edit", row.pk)


def _page(request: HttpRequest, form: DraftForm, row: Suggestion | None) -> HttpResponse:
    context = {
        "form": form,
        "suggestion": row,
        "files": row.attachments.select_related("file") if row else [],
        "file_form": FileForm(),
        "alike": _alike(request, row),
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/write.html", context, status=status)


@only(Role.DEPUTY)
@require_POST
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """While writing: the draft is kept by itself, and what is alike is shown."""
    row = _writable(request, pk)
    form = DraftForm(request.POST, suggestion=row)
    saved = form.is_valid()
    if saved:
        row = actions.save_draft(row, by=request.member, **form.values)
    context = {
        "saved_at": timezone.now() if saved else None,
        "alike": _alike(request, row),
    }
    return render(request, "suggestions/portal/saved.html", context)


@only(Role.DEPUTY)
@require_POST
@once
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """增加附件."""
    row = _writable(request, pk)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "附件没有保存：" + "".join(form.errors["file"]))
        return redirect("portal_suggestion_edit", pk)
    upload = form.cleaned_data["file"]
    file = store(**upload._asdict(), purpose=access.FILE_PURPOSE, by=request.member)
    actions.attach(row, by=request.member, file=file)
    messages.success(request, f"已增加附件“{file.name}”")
    return redirect("portal_suggestion_edit", pk)


@only(Role.DEPUTY)
@require_POST
@once
def remove_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    """删除附件."""
    row = _writable(request, pk)
    attachment = get_object_or_404(row.attachments.select_related("file", "suggestion"), pk=file_pk)
    actions.detach(attachment, by=request.member)
    messages.success(request, "附件已删除")
    return redirect("portal_suggestion_edit", pk)


@only(Role.DEPUTY)
@once
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """邀请联名: found by name or delegation, ticked, asked."""
    row = _writable(request, pk)
    if faults := text_faults(row.title, row.situation, row.requests):
        messages.error(request, "请先写完建议再邀请联名：" + "；".join(faults))
        return redirect("portal_suggestion_edit", pk)
    if request.method == "POST":
        chosen = Deputy.objects.filter(
            pk__in=[v for v in request.POST.getlist("deputy") if v.isdigit()]
        )
        actions.invite(row, by=request.member, deputies=chosen.select_related("membership"))
        messages.success(request, "已邀请，代表确认后会显示在这里")
        return redirect("portal_suggestion_check", pk)
    form = CosignerForm(request.GET or None)
    found = form.found(timezone.localdate(), exclude=row.lead_id)
    known = set(row.signatures.values_list("deputy_id", flat=True))
    context = {
        "suggestion": row,
        "form": form,
        "people": found[:60],
        "total": found.count(),
        "known": known,
        "asked": bool(request.GET),
    }  # fmt: skip
    return render(request, "suggestions/portal/invite.html", context)


@only(Role.DEPUTY)
@once
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """检查并提交: the whole text as it will be read, who signs, what is alike."""
    row = _writable(request, pk)
    signatures = list(row.signatures.select_related("deputy"))
    waiting = [
        s for s in signatures if s.state in (Signature.State.INVITED, Signature.State.VOIDED)
    ]
    if request.method == "POST":
        row = actions.submit(
            row, by=request.member, without_unanswered="without_unanswered" in request.POST
        )
        return redirect("portal_suggestion_submitted", pk)
    edit_url = reverse("portal_suggestion_edit", args=[pk])
    yes_no = {True: "同意", False: "不同意", None: "未选择"}
    wished = [str(w.unit) for w in row.wishes.select_related("unit")]
    answers = [
        ("标题", row.title, edit_url),
        ("情况与问题", row.situation, edit_url),
        ("具体建议", "\n".join(f"{n}. {r}" for n, r in enumerate(row.requests, 1)), edit_url),
        ("类型", row.get_kind_display(), edit_url),
        ("分类", str(row.category or "由工作人员选定"), edit_url),
        ("希望的承办单位", "、".join(wished) or "不指定", edit_url),
        *([("往年提过", str(row.raised_before), edit_url)] if row.raised_before_id else []),
        ("当面沟通", "要求" if row.wants_meeting else "不要求", edit_url),
        ("方便联系的时间", row.contact_hours or "没有填写", edit_url),
        ("公开建议", yes_no[row.may_publish_text], edit_url),
        ("公开答复", yes_no[row.may_publish_reply], edit_url),
        ("对承办单位隐去姓名", "是" if row.hides_name else "否", edit_url),
        ("是否需要答复", "仅供参考，不需要" if row.is_for_reference else "需要", edit_url),
    ]  # fmt: skip
    context = {
        "suggestion": row,
        "answers": answers,
        "faults": text_faults(row.title, row.situation, row.requests),
        "signatures": signatures,
        "waiting": waiting,
        "alike": _alike(request, row),
    }
    return render(request, "suggestions/portal/check.html", context)


@only(Role.DEPUTY)
def submitted(request: HttpRequest, pk: int) -> HttpResponse:
    """提交成功: what happens next."""
    row = _own(request, pk)
    if row.submitted_at is None:
        raise Http404
    return render(request, "suggestions/portal/submitted.html", {"suggestion": row})


@only(Role.DEPUTY)
@once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回, with the reason."""
    row = _own(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw(row, by=request.member, reason=form.cleaned_data["reason"])
        messages.success(request, "建议已撤回")
        return redirect("portal_suggestion", pk)
    context = {"suggestion": row, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/withdraw.html", context, status=status)


@only(Role.DEPUTY)
@require_POST
@once
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """A refused suggestion becomes a new draft."""
    row = actions.revise_refused(_own(request, pk), by=request.member)
    messages.success(request, "已按原文生成新的草稿，修改后可以重新提交")
    return redirect("portal_suggestion_edit", row.pk)


urlpatterns = [
    path("suggestions/new/", new, name="portal_suggestion_new"),
    path("suggestions/new/autosave/", autosave_new, name="portal_suggestion_autosave_new"),
    path("suggestions/<int:pk>/edit/", edit, name="portal_suggestion_edit"),
    path("suggestions/<int:pk>/autosave/", autosave, name="portal_suggestion_autosave"),
    path("suggestions/<int:pk>/files/add/", add_file, name="portal_suggestion_add_file"),
    path(
        "suggestions/<int:pk>/files/<int:file_pk>/remove/",
        remove_file,
        name="portal_suggestion_remove_file",
    ),
    path("suggestions/<int:pk>/invite/", invite, name="portal_suggestion_invite"),
    path("suggestions/<int:pk>/check/", check, name="portal_suggestion_check"),
    path("suggestions/<int:pk>/submitted/", submitted, name="portal_suggestion_submitted"),
    path("suggestions/<int:pk>/withdraw/", withdraw, name="portal_suggestion_withdraw"),
    path("suggestions/<int:pk>/revise/", revise, name="portal_suggestion_revise"),
]
