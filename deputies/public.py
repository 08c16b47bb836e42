"""代表名录 for everybody: who represents whom, as far as it may be public."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from congress.access import everybody

from . import access, queries
from .forms.filters import PublicFilter
from .models import Mandate


@everybody
def deputies(request: HttpRequest) -> HttpResponse:
    """The deputies in office, by delegation in roster order."""
    form = PublicFilter(request.GET or None)
    seats = access.public()
    seats = form.apply(seats)
    page = Paginator(
        seats.order_by("delegation__position", "position", "deputy__name_key", "pk"), 100
    ).get_page(request.GET.get("page"))
    context = {
        "filter_form": form,
        "page": page,
        "is_filtered": any(request.GET.get(n) for n in form.fields),
        "today": timezone.localdate(),
    }
    return render(request, "deputies/public/list.html", context)


@everybody
def deputy(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One deputy: office, constituency, delegation, groups and committees."""
    seat = access.public_find(public_id)
    context = {
        "seat": seat,
        "deputy": seat.deputy,
        "office": _office(request.congress.name, seat),
        "belongings": queries.belongings([seat.deputy_id], timezone.localdate()).get(
            seat.deputy_id, []
        ),
    }
    return render(request, "deputies/public/deputy.html", context)


def _office(congress: str, seat: Mandate) -> str:
    """滨海区第十九届人民代表大会代表."""
    place = congress.removesuffix("人民代表大会")
    return f"{place}{seat.term or ''}人民代表大会代表"


urlpatterns = [
    path("deputies/", deputies, name="public_deputies"),
    path("deputies/<uuid:public_id>/", deputy, name="public_deputy"),
]
