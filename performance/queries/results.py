"""The results of one tally as staff read them: filtered, in figures, per delegation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from ..models import Aspect, Tally, TallyTotal
from ..rules.bands import Band
from .trees import scale_of

ROSTER = (
    F("mandate__delegation__position").asc(nulls_last=True),
    "mandate__delegation_id",
    "mandate__position",
    "deputy__name_key",
    "mandate_id",
)
ORDERS = {
    "roster": ROSTER,
    "high": ("-total", *ROSTER),
    "low": ("total", *ROSTER),
    "days": ("-days", *ROSTER),
}
NOBODYS = "未编入代表团"


@dataclass(frozen=True)
class Figures:
    """Figures of some results: how many, means, how many of each grade, each delegation."""

    deputies: int
    mean: Decimal
    days: int
    mean_days: float
    grades: list[tuple[Band, int]]
    delegations: list[dict[str, Any]]
    totals: list[Decimal]


def narrowed(rows: QuerySet[TallyTotal], asked: Mapping[str, Any]) -> QuerySet[TallyTotal]:
    """Results by name or initials, delegation, grade and points (from, below), in an order of
    ORDERS; what is not asked narrows nothing."""
    words = asked.get("q", "").strip()
    if words:
        named = Q(deputy__name__contains=words) | Q(mandate__number__iexact=words)
        if words.isascii() and words.isalpha():
            named |= Q(deputy__initials__startswith=words.lower())
        rows = rows.filter(named)
    if asked.get("delegation"):
        rows = rows.filter(mandate__delegation=asked["delegation"])
    if asked.get("grade"):
        rows = rows.filter(band=asked["grade"])
    if asked.get("low") is not None:
        rows = rows.filter(total__gte=asked["low"])
    if asked.get("high") is not None:
        rows = rows.filter(total__lt=asked["high"])
    return rows.order_by(*ORDERS[asked.get("order") or "roster"])


def figures_of(tally: Tally, rows: QuerySet[TallyTotal]) -> Figures:
    """Figures of these results of a tally. Five queries. Raises Faulty."""
    rows = rows.order_by()
    whole = rows.aggregate(n=Count("pk"), mean=Avg("total"), sum=Sum("days"), each=Avg("days"))
    counted = dict(rows.values_list("band").annotate(n=Count("pk")))
    places = (
        rows.values("mandate__delegation", "mandate__delegation__name")
        .annotate(n=Count("pk"), mean=Avg("total"), each=Avg("days"))
        .order_by(F("mandate__delegation__position").asc(nulls_last=True), "mandate__delegation")
    )
    return Figures(
        deputies=whole["n"],
        mean=Decimal(whole["mean"] or 0),
        days=whole["sum"] or 0,
        mean_days=float(whole["each"] or 0),
        grades=[(band, counted.get(band.name, 0)) for band in scale_of(tally.version)[0]],
        delegations=[
            {
                "pk": p["mandate__delegation"],
                "name": p["mandate__delegation__name"] or NOBODYS,
                "deputies": p["n"],
                "mean": p["mean"],
                "mean_days": p["each"],
            }
            for p in places
        ],
        totals=list(rows.values_list("total", flat=True)),
    )


def aspects_of(tally: Tally) -> list[tuple[str, str]]:
    """The aspects a tally's rule-book counts, as (key, words), in the order of the list."""
    there = set(tally.version.nodes.filter(parent=None).values_list("aspect", flat=True))
    return [(key, words) for key, words in Aspect.choices if key in there]


def in_aspects(row: TallyTotal, aspects: Iterable[tuple[str, str]]) -> list[Decimal]:
    """The points of a result per aspect."""
    return [Decimal(row.aspects.get(key, "0")) for key, _ in aspects]
