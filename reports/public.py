"""The public home: what the congress does, what its deputies did, what comes next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse

from congress.access import everybody

from .queries import public, suggestion_figures


@everybody
def public_home(request: HttpRequest) -> HttpResponse:
    """首页."""
    context = public.home()
    context["intro"] = request.congress.settings.get("intro", "")
    return render(request, "public/home.html", context)


@everybody
def suggestion_statistics(request: HttpRequest) -> HttpResponse:
    """办理统计: the figures of the published yearly reports, the latest whole."""
    context = suggestion_figures.published(request.GET.get("report", ""))
    return render(request, "reports/public/suggestion_figures.html", context)


@everybody
def suggestion_report(request: HttpRequest, public_id) -> HttpResponse:
    """One published report in the page, with a link to copy (WeChat does not save files)."""
    row = get_object_or_404(
        suggestion_figures.reports().select_related("document"), public_id=public_id
    )
    address = reverse("file", args=[row.document.public_id])
    context = {
        "report": row,
        "address": address,
        "whole_address": request.build_absolute_uri(address),
    }
    return render(request, "reports/public/suggestion_report.html", context)


urlpatterns = [
    path("", public_home, name="public_home"),
    path("suggestions/figures/", suggestion_statistics, name="public_suggestion_figures"),
    path(
        "suggestions/figures/<uuid:public_id>/", suggestion_report, name="public_suggestion_report"
    ),
]
