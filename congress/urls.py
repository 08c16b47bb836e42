"""All addresses. Each audience has its own file in each app; their routes meet here."""

from importlib import import_module
from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.defaults import page_not_found

from . import account, portal
from .access import everybody
from .admin import site
from .api import me

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


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Programs are answered in their own way, people with a page."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "没有这个地址"}, status=404)
    return page_not_found(request, exception)


handler404 = not_found
urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/", include(account.urlpatterns)),
    path("admin/", site.urls),
    path("api/v1/", include(me.urlpatterns + routes("api"))),
    path("me/", include(routes("portal"))),
    path("desk/", include(routes("desk"))),
    path("", include(portal.urlpatterns)),
    path("", include(routes("public"))),
]
