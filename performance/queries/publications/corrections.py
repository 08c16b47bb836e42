"""Entries after the lock."""

from django.db.models import Q

from ...models import Correction, Publication


def corrections_of(publication: Publication) -> dict[int, list[Correction]]:
    """Entries after the lock that hold for this edition: its own and those published before."""
    published = Q(publication__state=Publication.State.PUBLISHED)
    rows = Correction.objects.filter(publication__period=publication.period_id).filter(
        published | Q(publication=publication)
    )
    found: dict[int, list[Correction]] = {}
    for row in rows.select_related("node", "deputy").order_by("pk"):
        found.setdefault(row.deputy_id, []).append(row)
    return found
