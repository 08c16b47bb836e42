"""时限 at the handling desk: one with its working; who holds which post in the own unit."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from congress.access import only
from congress.models import Role
from congress.once import once

from . import access, actions, queries
from .forms import PostsForm

DESK = (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)


@only(*DESK)
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """When it is due and how that was come by."""
    row = access.find(request.member, pk)
    own = row.to_unit_id == request.member.unit_id or row.member_id == request.member.pk
    opens = row.link if own and row.link.startswith("/desk/") else ""
    return render(request, "deadlines/desk/deadline.html", {"deadline": row, "opens": opens})


@only(*DESK)
@once
def posts(request: HttpRequest) -> HttpResponse:
    """本单位岗位: clerk, liaison, deputy head, head."""
    unit = request.member.unit
    if unit is None:
        raise Http404
    form = PostsForm(request.POST or None, members=queries.people_of(unit))
    if request.method == "POST" and form.is_valid():
        changed = actions.set_posts(unit, form.ranks, by=request.member)
        messages.success(request, f"岗位已保存，{changed} 人有变动")
        return redirect("desk_posts")
    context = {"form": form, "submit": "保存", "cancel": reverse("desk_unit")}
    return render(
        request, "deadlines/desk/posts.html", context, status=422 if form.is_bound else 200
    )


urlpatterns = [
    path("deadlines/<int:pk>/", deadline, name="desk_deadline"),
    path("posts/", posts, name="desk_posts"),
]
