"""消息: a member's messages."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from congress.access import signed_in
from congress.once import once

from . import actions, queries, reach
from .actions.preferences import mail_of_token
from .forms import WaysForm
from .models import Channel, Preference, Way


@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """All messages, the newest first."""
    only_unread = request.GET.get("unread") == "1"
    rows = queries.inbox(request.member, only_unread=only_unread)
    context = {
        "page": Paginator(rows, 20).get_page(request.GET.get("page")),
        "only_unread": only_unread,
        "url_name": "portal_notice",
        "read_all": reverse("portal_notices_read_all"),
        "nothing": "活动通知、申报的审核结果、异议的答复会发到这里。",
    }
    return render(request, "notices/portal/list.html", context)


@signed_in
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening a message marks it read and leads to what it is about."""
    row = get_object_or_404(queries.inbox(request.member), pk=pk)
    actions.mark_read(request.member, row.pk)
    if row.link:
        return redirect(row.link)
    return render(request, "notices/portal/notice.html", {"notice": row})


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """全部标为已读."""
    actions.mark_read(request.member)
    return redirect("portal_notices")


@signed_in
@once
def ways(request: HttpRequest) -> HttpResponse:
    """接收方式: SMS and mail, the address for mail and whether it is confirmed."""
    member = request.member
    own = Preference.objects.filter(member=member).first() or Preference(member=member)
    in_books = reach.in_books([member.pk]).get(member.pk, "")
    initial = {name: getattr(own, name) for name in ("wants_sms", "wants_mail", "mail", "phone")}
    if own.pk is None:
        initial["wants_mail"] = False  # nothing is ticked that nobody gave an address for
    form = WaysForm(request.POST or None, initial=initial, in_register=bool(in_books))
    if request.method == "POST" and form.is_valid():
        actions.choose_ways(by=member, **form.cleaned_data)
        messages.success(request, "接收方式已保存")
        return redirect("portal_notice_ways")
    modes = dict(Channel.objects.values_list("kind", "mode"))
    context = {
        "form": form,
        "own": own,
        "phone": reach.masked(in_books) if in_books else "",
        "is_registered": bool(in_books),
        "mail_is_open": modes.get(Way.MAIL, Channel.Mode.OFF) != Channel.Mode.OFF,
        "sms_is_open": modes.get(Way.SMS, Channel.Mode.OFF) != Channel.Mode.OFF,
    }
    return render(
        request, "notices/portal/ways.html", context, status=422 if form.is_bound else 200
    )


@signed_in
@require_POST
@once
def verify_mail(request: HttpRequest) -> HttpResponse:
    """Send the confirming link to one's own address."""
    actions.verify_mail(by=request.member)
    messages.success(request, "验证邮件已发出，请在 48 小时内打开邮件里的链接")
    return redirect("portal_notice_ways")


@signed_in
@once
def confirm_mail(request: HttpRequest) -> HttpResponse:
    """The link of that mail: seen by GET, confirmed by POST (mail programs open links too)."""
    token = request.POST.get("t") or request.GET.get("t", "")
    if request.method == "POST":
        actions.confirm_mail(token, by=request.member)
        messages.success(request, "邮箱已验证，以后的消息提醒会发到这里")
        return redirect("portal_notice_ways")
    context = {"own": mail_of_token(token, request.member), "token": token}
    return render(request, "notices/portal/mail.html", context)


urlpatterns = [
    path("notices/", notices, name="portal_notices"),
    path("notices/<int:pk>/", notice, name="portal_notice"),
    path("notices/read-all/", read_all, name="portal_notices_read_all"),
    path("notices/ways/", ways, name="portal_notice_ways"),
    path("notices/mail/", confirm_mail, name="portal_notice_mail"),
    path("notices/mail/send/", verify_mail, name="portal_notice_mail_send"),
]
