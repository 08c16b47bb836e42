"""What everybody may read."""

from django.db.models import QuerySet
from django.http import Http404

from ..models import PublicationDecision


def public() -> QuerySet[PublicationDecision]:
    """What was checked, published and not taken down: texts and replies, one row each."""
    live = PublicationDecision.objects.filter(published_at__isnull=False, taken_down_at=None)
    return live.exclude(mode=PublicationDecision.Mode.NOT).exclude(
        suggestion__is_secret_placeholder=True
    )


def public_texts() -> QuerySet[PublicationDecision]:
    """The published suggestions, each as the text it was published with, the newest in front."""
    rows = public().filter(part=PublicationDecision.Part.TEXT)
    return rows.select_related(
        "suggestion__category__parent", "suggestion__lead", "suggestion__delegation"
    ).order_by("-published_at", "-pk")


def find_public(public_id: str) -> PublicationDecision:
    """The published text at an address; one that was published anew answers at its old address
    too. Otherwise 404."""
    known = PublicationDecision.objects.filter(public_id=public_id).values("suggestion")
    row = public_texts().filter(suggestion__in=known).first()
    if row is None:
        raise Http404
    return row
