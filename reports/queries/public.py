"""What everybody may see at the front door."""

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from activities import access as activity_access
from activities.models import Activity
from deputies import access as deputy_access
from performance.models import Publication
from suggestions import access as suggestion_access
from suggestions.queries.published import published, with_replies

from .parts import Figure

SHOWN = 5


def _url(name: str, *args) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def home() -> dict:
    """Figures, publications and activities of the public home; a constant number of queries."""
    now = timezone.now()
    year = timezone.localdate(now).year
    editions = Publication.objects.filter(
        state=Publication.State.PUBLISHED, audience=Publication.Audience.PUBLIC
    ).select_related("period")
    activities = activity_access.public()
    of_year = activities.filter(starts_at__year=year)
    coming = list(activities.filter(ends_at__gte=now).order_by("starts_at")[:SHOWN])
    over = activities.filter(ends_at__lt=now, state=Activity.State.CLOSED).order_by("-starts_at")
    latest = list(over[: SHOWN - min(len(coming), SHOWN - 2)])
    publications = list(editions.order_by("-published_at")[:SHOWN])
    raised = suggestion_access.public_texts()
    figures = [
        Figure("公开的代表建议", raised.count(), _url("public_suggestions"), "件"),
        Figure(
            "正在履职的代表",
            deputy_access.public().count(),
            _url("public_deputies"),
            "人",
        ),
        Figure(
            f"{year}年公开的代表活动",
            of_year.count(),
            f"{_url('public_activities')}?year={year}",
            "次",
        ),
        Figure("履职公布", editions.count(), _url("public_publications"), "份"),
    ]
    return {
        "figures": figures,
        "publications": [
            {
                "title": p.title,
                "url": _url("public_publication", p.public_id),
                "on": p.published_at,
                "note": f"第{p.edition}版" if p.edition > 1 else "",
            }
            for p in publications
        ],
        "suggestions": [
            _suggestion(row) for row in with_replies(raised, suggestion_access.public())[:SHOWN]
        ],
        "coming": [_activity(a) for a in coming],
        "activities": [_activity(a) for a in latest],
    }


def _activity(row: Activity) -> dict:
    return {
        "title": row.title,
        "url": _url("public_activity", row.public_id),
        "on": row.starts_at,
        "place": row.place,
    }


def _suggestion(row) -> dict:
    item = published(row)
    return {
        "title": row.title,
        "url": _url("public_suggestion", row.public_id),
        "on": row.published_at,
        "note": f"{item.by}提出，{item.units}承办，办理结果：{item.stands}",
    }
