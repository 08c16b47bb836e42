"""What is like a suggestion: of the last years, with what became of it."""

import datetime as dt
from collections import Counter
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


def _since(on: dt.date | None) -> dt.date:
    today = on or timezone.localdate()
    return today.replace(year=today.year - YEARS, day=min(today.day, 28))


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
    rows = candidates([*own, *rest], _since(on)).exclude(pk=exclude)
    found = [
        (likeness(own, row.title_pairs, rest), row.pk, row)
        for row in rows.select_related("category").prefetch_related("assignments")[:LOOKED_AT]
    ]
    return _alike([(score, row) for score, _, row in _nearest(found, least)[:limit]])


def _nearest(found: Iterable[tuple], least: float) -> list[tuple]:
    """Of (likeness, pk, …) those near enough, best first, the latest of equals."""
    return sorted((p for p in found if p[0] >= least), key=lambda p: (-p[0], -p[1]))


def _alike(near: Iterable[tuple[float, Suggestion]]) -> list[Alike]:
    return [
        Alike(
            row,
            score,
            "、".join(
                a.unit_name for a in row.assignments.all() if a.answers and a.state not in GONE
            ),
        )
        for score, row in near
    ]


def similar_to_each(
    suggestions: Iterable[Suggestion],
    *,
    limit: int = 5,
    least: float = NEAR,
    on: dt.date | None = None,
) -> dict[int, list[Alike]]:
    """The same for many at once, by their ids, in three queries: title and requests of each are
    weighed against the titles of five years, which are read once."""
    kept = list(
        Suggestion.objects.exclude(number="")
        .filter(registered_at__date__gte=_since(on))
        .exclude(is_secret_placeholder=True)
        .values_list("pk", "title_pairs")
    )
    holders: dict[str, list[int]] = {}
    titles = dict(kept)
    for pk, title in kept:
        for pair in set(title):
            holders.setdefault(pair, []).append(pk)
    near: dict[int, list[tuple]] = {}
    for row in suggestions:
        own, rest = title_pairs(row.title), pairs("\n".join(row.requests))
        shared: Counter[int] = Counter()
        for pair in {*own, *rest} if len(own) + len(rest) >= 2 else ():
            shared.update(pk for pk in holders.get(pair, ()) if pk != row.pk)
        looked_at = sorted(shared, key=lambda pk: (-shared[pk], -pk))[:LOOKED_AT]
        found = [(likeness(own, titles[pk], rest), pk) for pk in looked_at]
        near[row.pk] = _nearest(found, least)[:limit]
    wanted = {pk for found in near.values() for _, pk in found}
    rows = (
        Suggestion.objects.filter(pk__in=wanted)
        .select_related("category")
        .prefetch_related("assignments")
        .in_bulk()
    )
    return {
        pk: _alike([(score, rows[other]) for score, other in found]) for pk, found in near.items()
    }
