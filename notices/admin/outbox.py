"""发送记录: what went outside or would have, how it stands, sending anew."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from congress import audit
from congress.admin import site
from congress.once import once
from congress.xlsx import Sheet, attachment

from .. import access, actions, queries
from ..forms import DeliveryFilter
from ..models import Delivery

State = Delivery.State
TONES = {
    State.WAITING: "waiting",
    State.SENDING: "active",
    State.SENT: "done",
    State.TRIAL: "draft",
    State.FAILED: "late",
    State.DROPPED: "off",
}
EACH_PAGE = 30
MOST_ROWS = 20_000


def outbox_link() -> tuple[str, str]:
    return "发送记录", reverse("admin:notices_outbox")


@site.page("notices/outbox/", "notices_outbox", access.READERS)
def outbox(request: HttpRequest) -> HttpResponse:
    """Everything by channel and state, the newest first; exported as it stands here."""
    form = DeliveryFilter(request.GET or None)
    rows = access.deliveries_visible_to(request.member)
    if form.is_bound:
        everything = form.data.copy()
        everything.pop("state__exact", None)
        counts = queries.delivery_counts(DeliveryFilter(everything).apply(rows))
        rows = form.apply(rows)
    else:
        counts = queries.delivery_counts(rows)
    if request.GET.get("export"):
        audit.record(request.member, "notices.export", note="发送记录")
        return attachment("发送记录.xlsx", [_sheet(rows)])
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    chosen = request.GET.get("state__exact", "")
    query = request.GET.copy()
    query["export"] = "1"
    context = {
        "title": "发送记录",
        "note": "发往平台以外的每一条短信和邮件，以及试运行时本来会发出的。",
        "tabs": _tabs(request, counts, chosen),
        "filter_form": form,
        "page": page,
        "lines": [(row, TONES[row.state]) for row in page],
        "can_retry": chosen == State.FAILED and request.member.role in access.KEEPERS,
        "ticked": request.GET.get("ticked") == "1",
        "is_filtered": bool(request.GET),
        "actions": [{"label": "导出", "url": "?" + query.urlencode()}] if page.object_list else [],
    }
    return site.render(request, "notices/staff/outbox.html", context)


def _tabs(request: HttpRequest, counts: dict[str, int], chosen: str) -> list[dict]:
    tabs = [{"label": "全部", "value": "", "count": sum(counts.values())}]
    tabs += [{"label": s.label, "value": s.value, "count": counts.get(s, 0)} for s in State]
    for tab in tabs:
        query = request.GET.copy()
        for name in ("page", "ticked", "state__exact"):
            query.pop(name, None)
        if tab["value"]:
            query["state__exact"] = tab["value"]
        tab["url"] = "?" + query.urlencode()
        tab["here"] = tab["value"] == chosen
    return tabs


def _sheet(rows) -> Sheet:
    head = ["时间", "收件人", "单位", "通道", "发往", "文字", "状态", "发出时间", "次数", "说明"]
    return Sheet(
        "发送记录",
        head,
        (
            [
                row.created_at, row.to.name, str(row.to.unit or ""), row.get_way_display(),
                row.shown_to, row.text, row.get_state_display(), row.sent_at, row.tries, row.note,
            ]
            for row in rows[:MOST_ROWS].iterator(chunk_size=1000)
        ),
        text_columns={"发往"},
        landscape=True,
    )  # fmt: skip


@site.page("notices/outbox/bulk/", "notices_outbox_bulk", access.KEEPERS)
@require_POST
@once
def bulk(request: HttpRequest) -> HttpResponse:
    """重新发送 or 停止发送 of the ticked ones."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 18]
    if "drop" in request.POST:
        messages.success(request, f"已停止发送 {actions.drop(picked, by=request.member)} 条")
    else:
        messages.success(request, f"已重新发送 {actions.retry(picked, by=request.member)} 条")
    return redirect(outbox_link()[1] + "?state__exact=failed")


@site.page("notices/outbox/<int:pk>/", "notices_delivery", access.READERS)
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One message on its way out: the words, where it stands, what it carries."""
    row = access.find_delivery(request.member, pk)
    context = {
        "title": row.text or "消息",
        "back": [outbox_link()],
        "row": row,
        "tone": TONES[row.state],
        "address": queries.present_address() + row.link if row.link else "",
        "carries": list(row.carries.select_related("notice")),
        "is_moving": row.state in (State.WAITING, State.SENDING),
        "can_retry": row.state == State.FAILED
        and row.carried_by_id is None
        and row.purpose == Delivery.Purpose.NOTICE
        and request.member.role in access.KEEPERS,
    }
    return site.render(request, "notices/staff/delivery.html", context)
