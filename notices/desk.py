"""消息 at the handling desk."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from congress.access import only
from congress.models import Role

from . import actions, queries

DESK = (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)


@only(*DESK)
def notices(request: HttpRequest) -> HttpResponse:
    """All messages, the newest first."""
    only_unread = request.GET.get("unread") == "1"
    rows = queries.inbox(request.member, only_unread=only_unread)
    context = {
        "page": Paginator(rows, 20).get_page(request.GET.get("page")),
        "only_unread": only_unread,
        "url_name": "desk_notice",
        "read_all": reverse("desk_notices_read_all"),
        "nothing": "交办通知、催办和代表的反馈会发到这里。",
    }
    return render(request, "notices/desk/list.html", context)


@only(*DESK)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening a message marks it read and leads to what it is about."""
    row = get_object_or_404(queries.inbox(request.member), pk=pk)
    actions.mark_read(request.member, row.pk)
    if row.link:
        return redirect(row.link)
    return render(request, "notices/desk/notice.html", {"notice": row})


@only(*DESK)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """全部标为已读."""
    actions.mark_read(request.member)
    return redirect("desk_notices")


urlpatterns = [
    path("notices/", notices, name="desk_notices"),
    path("notices/<int:pk>/", notice, name="desk_notice"),
    path("notices/read-all/", read_all, name="desk_notices_read_all"),
]
