"""The handling desk's first pages: what waits, messages, the unit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from congress.access import only
from congress.models import Membership, Role

from .queries import desk

DESK = (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)


@only(*DESK)
def desk_home(request: HttpRequest) -> HttpResponse:
    """待办: what waits at this desk, the most pressing first."""
    subjects, figures = desk.home_of(request.member)
    context = {"subjects": subjects, "figures": figures}
    return render(request, "reports/desk/home.html", context)


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
