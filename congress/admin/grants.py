"""单位授权: who works for a unit that is not the own one, until when and why."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .. import actions, queries
from ..models import Role
from ..once import once
from .members import EACH_PAGE
from .pages import form_page
from .site import site

KEEPERS = (Role.SECURITY_ADMIN,)


@site.page("congress/grants/", "congress_grants", KEEPERS)
def grants(request: HttpRequest) -> HttpResponse:
    """The exceptions in force."""
    page = Paginator(queries.grants(), EACH_PAGE).get_page(request.GET.get("page"))
    held = queries.memberships_by_user(g.user for g in page)
    context = {
        "title": "单位授权",
        "note": "工作人员只办理本单位的代表和活动。这里是经授权代管其他街道（镇）的例外。",
        "page": page,
        "lines": [(g, held.get(g.user_id, [])) for g in page],
    }
    return site.render(request, "congress/staff/grants.html", context)


@site.page("congress/grants/<int:pk>/take-back/", "congress_grant_take_back", KEEPERS)
@once
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """收回 an exception at once."""
    row = queries.grants().filter(pk=pk).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        actions.take_unit_back(row, by=request.member)
        messages.success(request, "已收回授权")
        return redirect("admin:congress_grants")
    names = "、".join(str(m) for m in queries.memberships_by_user([row.user])[row.user_id])
    return form_page(
        request,
        forms.Form(),
        "收回单位授权",
        "收回",
        [("单位授权", reverse("admin:congress_grants"))],
        explain="收回后立即生效，已经办理的记录不变。",
        facts=[("工作人员", names), ("代管单位", row.content_object), ("理由", row.reason)],
        danger=True,
    )
