"""All addresses. Each audience has its own file in each app; their routes meet here."""

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from . import account, portal
from .access import everybody
from .admin import site

APPS = ("reports", "suggestions", "activities", "performance", "deputies", "deadlines", "notices")


def routes(audience: str) -> list:
    """The routes of one audience in all apps that have it."""
    found = []
    for app in APPS:
        if find_spec(f"{app}.{audience}"):
            found += import_module(f"{app}.{audience}").urlpatterns
    return found


@everybody
def health(request: HttpRequest) -> HttpResponse:
    """For the load balancer: the web process answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/", include(account.urlpatterns)),
    path("admin/", site.urls),
    path("api/v1/", include(routes("api"))),
    path("me/", include(routes("portal"))),
    path("desk/", include(routes("desk"))),
    path("", include(portal.urlpatterns)),
    path("", include(routes("public"))),
]
