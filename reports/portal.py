"""待我办: the first screen of deputies (and of stations' liaisons, until stations are there)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from congress.access import only
from congress.models import Role

from .queries import deputy


@only(Role.DEPUTY, Role.STATION_LIAISON)
def portal_home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what comes next, what was counted."""
    return render(request, "reports/portal/home.html", {"home": deputy.home_of(request.member)})


urlpatterns = [path("", portal_home, name="portal_home")]
