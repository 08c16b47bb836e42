"""What is like a suggestion: of the last years, with what became of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ..models import Suggestion
from ..rules import GONE
from ..rules.similarity import NEAR, likeness, pairs, title_pairs

YEARS = 5
LOOKED_AT = 60  # candidates weighed exactly; the database orders them roughly


@dataclass(frozen=True)
class Alike:
    """A suggestion that is like another, how much (0 to 1), and who handled it."""

    suggestion: Suggestion
    likeness: float
    units: str


def candidates(wanted: Sequence[str], since: dt.date) -> QuerySet[Suggestion]:
    """Registered suggestions that share pairs with `wanted`, most in common first."""
    shared = RawSQL(
        "(SELECT count(*) FROM unnest(suggestions_suggestion.title_pairs) p WHERE p = ANY(%s))",
        [list(wanted)],
        output_field=IntegerField(),
    )
    return (
        Suggestion.objects.exclude(number="")
        .filter(registered_at__date__gte=since, title_pairs__overlap=list(wanted))
        .exclude(is_secret_placeholder=True)
        .annotate(shared=shared)
        .order_by("-shared", "-pk")
    )


def similar(
    title: str,
    texts: Iterable[str] = (),
    *,
    exclude: int | None = None,
    limit: int = 5,
    least: float = NEAR,
    on: dt.date | None = None,
) -> list[Alike]:
    """The suggestions of five years most like a title (and what else is written), best first."""
    own, rest = title_pairs(title), pairs("\n".join(texts))
    if len(own) + len(rest) < 2:
        return []
    today = on or timezone.localdate()
    since = today.replace(year=today.year - YEARS, day=min(today.day, 28))
    rows = candidates([*own, *rest], since).exclude(pk=exclude)
    found = [
        (likeness(own, row.title_pairs, rest), row)
        for row in rows.select_related("category").prefetch_related("assignments")[:LOOKED_AT]
    ]
    near = sorted((p for p in found if p[0] >= least), key=lambda p: (-p[0], -p[1].pk))
    return [
        Alike(
            row,
            score,
            "、".join(
                a.unit_name for a in row.assignments.all() if a.answers and a.state not in GONE
            ),
        )
        for score, row in near[:limit]
    ]
