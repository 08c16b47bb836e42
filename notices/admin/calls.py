"""电话通知: what nobody has read for two working days is told by telephone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from congress.admin import site
from congress.models import Membership
from congress.once import once

from .. import access, actions, queries
from ..forms import CallForm, RevealForm
from ..models import Call

TONES = {
    Call.Result.TOLD: "done",
    Call.Result.LEFT_WORD: "done",
    Call.Result.NO_ANSWER: "warn",
    Call.Result.WRONG_NUMBER: "late",
}


def calls_link() -> tuple[str, str]:
    return "电话通知", reverse("admin:notices_calls")


@site.page("notices/calls/", "notices_calls", access.CALLERS)
@once
def calls(request: HttpRequest) -> HttpResponse:
    """Who is to be called; ticked ones are written down as told."""
    if request.method == "POST":
        picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 18]
        members = list(queries.members_to_call().filter(pk__in=picked))
        for member in members:
            actions.record_call(member, by=request.member, result=Call.Result.TOLD)
        if members:
            messages.success(request, f"已记录：{len(members)} 人已电话告知")
        else:
            messages.info(request, "没有勾选要记录的人")
        return redirect("admin:notices_calls")
    page = Paginator(queries.members_to_call(), 30).get_page(request.GET.get("page"))
    done = Call.objects.select_related("member__unit", "by")[:10]
    context = {
        "title": "电话通知",
        "note": "消息发出满两个工作日还没有人阅读的，列在这里。一个单位有一人读过，就不再列出。",
        "page": page,
        "lines": [(line, TONES.get(line.last_call.result, "off") if line.last_call else "")
                  for line in queries.call_lines(page)],
        "done": [(call, TONES[call.result]) for call in done],
    }  # fmt: skip
    return site.render(request, "notices/staff/calls.html", context)


def _member(pk: int) -> Membership:
    row = queries.members_to_call().filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@site.page("notices/calls/<int:pk>/", "notices_call", access.CALLERS)
@once
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what waits to be read, earlier calls, how this one went."""
    member = _member(pk)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = actions.record_call(member, by=request.member, **form.cleaned_data)
        messages.success(request, f"已记录：{member.name}，{row.get_result_display()}")
        return redirect("admin:notices_calls")
    context = {
        "title": f"电话通知：{member.name}",
        "back": [calls_link()],
        "line": queries.call_lines([member])[0],
        "notices": queries.unread_of(member),
        "earlier": [(c, TONES[c.result]) for c in member.calls.select_related("by")[:10]],
        "form": form,
        "submit": "记录通话",
        "cancel": calls_link()[1],
    }
    return site.render(request, "notices/staff/call.html", context, 422 if form.is_bound else 200)


@site.page("notices/calls/<int:pk>/phone/", "notices_phone", access.CALLERS)
@once
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The number in clear: for a reason, shown once, logged."""
    member = _member(pk)
    back = reverse("admin:notices_call", args=[pk])
    form = RevealForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        number = actions.reveal_phone(member, by=request.member, reason=form.cleaned_data["reason"])
        shown = {"phone": number}
    context = {
        "title": f"查看号码：{member.name}", "form": form, "shown": shown, "submit": "查看",
        "back": [calls_link(), (member.name, back)], "cancel": back,
    }  # fmt: skip
    status = 422 if form.is_bound and shown is None else 200
    response = site.render(request, "notices/staff/phone.html", context, status)
    response["Cache-Control"] = "no-store"
    return response
