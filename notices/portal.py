"""消息: a member's messages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from congress.access import signed_in

from . import actions, queries


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


urlpatterns = [
    path("notices/", notices, name="portal_notices"),
    path("notices/<int:pk>/", notice, name="portal_notice"),
    path("notices/read-all/", read_all, name="portal_notices_read_all"),
]
