"""The public home: what the congress does, what its deputies did, what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from congress.access import everybody

from .queries import public


@everybody
def public_home(request: HttpRequest) -> HttpResponse:
    """首页."""
    context = public.home()
    context["intro"] = request.congress.settings.get("intro", "")
    return render(request, "public/home.html", context)


urlpatterns = [path("", public_home, name="public_home")]
