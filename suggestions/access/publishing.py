"""What everybody may read."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from ..models import PublicationDecision


def public() -> QuerySet[PublicationDecision]:
    """What was checked, published and not taken down: texts and replies, one row each.

    Of a unit that answered again its last published reply alone: a second one beside the first
    would tell how the deputies judged the first, and judgements are not published.
    """
    later = _standing().filter(
        reply__assignment=OuterRef("reply__assignment"), reply__round__gt=OuterRef("reply__round")
    )
    return _standing().filter(~Exists(later))


def promising() -> QuerySet[PublicationDecision]:
    """The replies whose promises everybody may follow: all that were published whole. A promise
    is kept or broken in public, also when a later reply has taken the place of its letter."""
    return _standing().filter(
        part=PublicationDecision.Part.REPLY, mode=PublicationDecision.Mode.FULL
    )


def _standing() -> QuerySet[PublicationDecision]:
    rows = PublicationDecision.objects.filter(published_at__isnull=False, taken_down_at=None)
    rows = rows.exclude(mode=PublicationDecision.Mode.NOT)
    return rows.exclude(suggestion__is_secret_placeholder=True)


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
