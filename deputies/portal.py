"""我: the deputy's own entry in the registry, the account, and who the colleagues are."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from congress.access import only
from congress.crypto import mask_phone
from congress.models import Role

from . import access, queries
from .forms.filters import ColleagueFilter
from .models import Deputy, GroupSeat
from .rules import born_in_words


@only(Role.DEPUTY, Role.STATION_LIAISON)
def me(request: HttpRequest) -> HttpResponse:
    """What is kept of me, where I belong, who leads my groups; account and signing out."""
    deputy = queries.deputy_of(request.member)
    context = {"deputy": deputy, "other_roles": [
        m for m in request.memberships if m.pk != request.member.pk
    ]}  # fmt: skip
    if deputy is not None:
        context |= _entry(deputy)
    return render(request, "deputies/portal/me.html", context)


def _entry(deputy: Deputy) -> dict:
    today = timezone.localdate()
    seats = deputy.mandates.select_related("constituency", "delegation", "street", "term")
    groups = queries.seats_on(GroupSeat, today).filter(deputy=deputy).select_related("group")
    leaders = queries.group_leaders([g.group_id for g in groups], today)
    return {
        "phone": mask_phone(deputy.phone),
        "born": born_in_words(deputy.born),
        "seats": list(seats.order_by("ends_on", "level")),
        "groups": [(g, leaders.get(g.group_id, [])) for g in groups],
        "committees": deputy.committee_seats.filter(ends_on=None).select_related("unit"),
    }


@only(Role.DEPUTY)
def colleagues(request: HttpRequest) -> HttpResponse:
    """其他代表: by name, delegation, group and street."""
    form = ColleagueFilter(request.GET or None)
    seats = access.colleagues_of(request.member)
    seats = form.apply(seats)
    page = Paginator(
        seats.order_by("delegation__position", "position", "deputy__name_key", "pk"), 30
    ).get_page(request.GET.get("page"))
    held = queries.belongings((s.deputy_id for s in page), timezone.localdate())
    context = {
        "filter_form": form,
        "page": page,
        "lines": [(s, "、".join(held.get(s.deputy_id, ()))) for s in page],
        "own_level": access.own_level(),
        "is_filtered": bool(request.GET),
    }
    return render(request, "deputies/portal/colleagues.html", context)


urlpatterns = [
    path("profile/", me, name="portal_me"),
    path("colleagues/", colleagues, name="portal_colleagues"),
]
