"""The handling desk's first pages: what waits, messages, the unit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from congress.access import only
from congress.models import Membership, Role

DESK = (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)


@only(*DESK)
def desk_home(request: HttpRequest) -> HttpResponse:
    """待办: items by days left."""
    return render(request, "reports/desk/home.html")


@only(*DESK)
def desk_unit(request: HttpRequest) -> HttpResponse:
    """本单位: who we are here, and who signs in for us."""
    unit = request.member.unit
    colleagues = (
        Membership.objects.filter(unit=unit).order_by("role", "pk") if unit is not None else []
    )
    context = {"unit": unit, "colleagues": colleagues}
    return render(request, "reports/desk/unit.html", context)


urlpatterns = [
    path("", desk_home, name="desk_home"),
    path("unit/", desk_unit, name="desk_unit"),
]
