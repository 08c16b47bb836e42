"""消息通道: mail and SMS of this congress, set up and tried here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from congress.admin import site
from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions, queries
from ..forms import MailForm, SmsForm, TestForm
from ..models import Channel, Delivery, Way

TONES = {Channel.Mode.OFF: "off", Channel.Mode.TRIAL: "warn", Channel.Mode.ON: "done"}
FORMS = {Way.MAIL: MailForm, Way.SMS: SmsForm}


@site.page("notices/channels/", "notices_channels", access.KEEPERS)
def channels(request: HttpRequest) -> HttpResponse:
    """Both channels: whether they are on, when they send, how the day went."""
    today, lines = timezone.localdate(), []
    for way in Way:
        row = access.channel(way)
        failed = Delivery.objects.filter(
            way=way, state=Delivery.State.FAILED, carried_by=None
        ).count()
        lines.append(
            {
                "way": way,
                "row": row,
                "tone": TONES[row.mode],
                "url": reverse(f"admin:notices_channel_{way.value}"),
                "sent": queries.sent_today(way, today),
                "failed": failed,
            }
        )
    context = {
        "title": "消息通道",
        "note": "平台内的消息总会送达；短信和邮件只提醒有新消息并附链接，不带具体内容。",
        "lines": lines,
        "outbox": reverse("admin:notices_outbox"),
    }
    return site.render(request, "notices/staff/channels.html", context)


@site.page("notices/channels/mail/", "notices_channel_mail", access.KEEPERS)
@once
def mail(request: HttpRequest) -> HttpResponse:
    """邮件."""
    return _channel(request, Way.MAIL)


@site.page("notices/channels/sms/", "notices_channel_sms", access.KEEPERS)
@once
def sms(request: HttpRequest) -> HttpResponse:
    """短信."""
    return _channel(request, Way.SMS)


def _channel(request: HttpRequest, way: Way) -> HttpResponse:
    """Set one up; below, send a test through what is saved."""
    row = access.channel(way)
    testing = request.method == "POST" and "test" in request.POST
    saving = request.method == "POST" and not testing
    form = FORMS[way](request.POST if saving else None, instance=row)
    test = TestForm(request.POST if testing else None, way=way)
    here = f"admin:notices_channel_{way.value}"
    if saving and form.is_valid():
        try:
            actions.save_channel(way, by=request.member, **form.values)
        except NotAllowed as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "设置已保存")
            return redirect(here)
    if testing and test.is_valid():
        sent = actions.test_channel(way, by=request.member, address=test.cleaned_data["address"])
        messages.success(request, "测试消息已进入发送队列，结果显示在下面")
        return redirect("admin:notices_delivery", sent.pk)
    context = {
        "title": f"{way.label}通道",
        "back": [("消息通道", reverse("admin:notices_channels"))],
        "form": test if testing else form,
        "setting": form,
        "test": test,
        "row": row,
        "is_ready": row.pk is not None and row.is_ready,
        "cancel": reverse("admin:notices_channels"),
    }
    status = 422 if form.is_bound or test.is_bound else 200
    return site.render(request, "notices/staff/channel.html", context, status)
