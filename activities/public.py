"""代表活动 for everybody: what is planned, what was done; nobody's absence is shown."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from congress.access import everybody

from . import access, queries
from .models import Activity


@everybody
def activities(request: HttpRequest) -> HttpResponse:
    """Those to come, then those that were; of one year where one is asked for."""
    now = timezone.now()
    rows = access.public()
    years = [day.year for day in rows.dates("starts_at", "year", order="DESC")]
    year = next((y for y in years if str(y) == request.GET.get("year")), None)
    if year:
        rows = rows.filter(starts_at__year=year)
    page = Paginator(rows.filter(ends_at__lt=now).order_by("-starts_at", "-pk"), 20).get_page(
        request.GET.get("page")
    )
    context = {
        "coming": rows.filter(ends_at__gte=now).order_by("starts_at", "pk")[:20],
        "page": page,
        "years": years,
        "year": year,
    }
    return render(request, "activities/public/list.html", context)


@everybody
def activity(request: HttpRequest, public_id) -> HttpResponse:
    """One activity: what, when, where, who came, what came of it."""
    row = access.public().filter(public_id=public_id).first()
    if row is None:
        raise Http404
    is_closed = row.state == Activity.State.CLOSED
    context = {
        "activity": row,
        "people": queries.who_came(row) if is_closed else [],
        "files": row.files.filter(is_public=True).select_related("file"),
    }
    return render(request, "activities/public/activity.html", context)


urlpatterns = [
    path("activities/", activities, name="public_activities"),
    path("activities/<uuid:public_id>/", activity, name="public_activity"),
]
