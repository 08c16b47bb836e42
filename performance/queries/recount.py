"""A second count, fact by fact in plain Python, to hold a tally against.

It shares the rules with the tally and nothing else: no grouping in SQL, days in office as a set
of days, distinct days and objects as sets.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from deputies.models import Mandate, MandateEvent

from ..models import DutyRecord, ManualAward, Tally
from ..rules import Facts, evaluate
from ..rules.evaluate import FactGroup
from .counts import NO_DUTY_DAY, holders, own_measures
from .trees import rule_tree, scale_of

ONE_DAY = dt.timedelta(days=1)


@dataclass
class Recounted:
    """What a deputy's facts give, counted one by one."""

    office: set[dt.date]
    facts: Facts = field(default_factory=Facts)
    days: set[dt.date] = field(default_factory=set)
    own: dict[str, set] = field(default_factory=dict)
    total: Decimal = Decimal(0)


@dataclass
class Recount:
    """The recount of a whole period beside what it found out of office."""

    deputies: dict[int, Recounted]
    counted: int = 0
    out_of_office: int = 0


def recount(tally: Tally) -> Recount:
    """Count a tally's period again from the facts as they are now, with the tally's version."""
    period, root = tally.period, rule_tree(tally.version)
    own = own_measures(root, scale_of(tally.version)[1])
    known = {pk: holder.facts.identities for pk, holder in holders(period).items()}
    found = {
        pk: Recounted(days, Facts(identities=known.get(pk, frozenset({"deputy"}))))
        for pk, days in _office(period).items()
        if days
    }
    result = Recount(found)
    rows = DutyRecord.objects.filter(
        withdrawn_at=None, on__gte=period.starts_on, on__lte=period.ends_on
    )
    for row in rows.values_list(*_FIELDS).iterator(chunk_size=5000):
        deputy, on, code, day, outcome, role, level, quantity, attributes, kind, source = row
        mine = found.get(deputy)
        if mine is None or on not in mine.office:
            result.out_of_office += mine is not None
            continue
        result.counted += 1
        group = FactGroup(code, outcome, role, level, 1, quantity)
        mine.facts.add(group)
        if day and outcome not in NO_DUTY_DAY:
            mine.days.add(on)
        for key, measure in own.items():
            if code in measure.items and measure.takes(group):
                thing = attributes.get("object", f"{kind}/{source}")
                seen = on if measure.aggregate == "distinct_days" else thing
                mine.own.setdefault(key, set()).add(seen)
    for award in ManualAward.objects.filter(period=period, withdrawn_at=None).select_related(
        "node"
    ):
        if award.deputy_id in found:
            awards = found[award.deputy_id].facts.awards
            awards[award.node.key] = awards.get(award.node.key, Decimal(0)) + award.points
    for mine in found.values():
        mine.facts.own = {key: Decimal(len(seen)) for key, seen in mine.own.items()}
        mine.total = evaluate(root, mine.facts, tally.version.decimals).total
    return result


_FIELDS = (
    "deputy_id",
    "on",
    "item__code",
    "item__counts_as_day",
    "outcome",
    "role",
    "level",
    "quantity",
    "attributes",
    "source_kind",
    "source_id",
)


def _office(period) -> dict[int, set[dt.date]]:
    """Every single day in office, from seats and suspensions, by deputy id."""
    whole = {
        period.starts_on + ONE_DAY * n for n in range((period.ends_on - period.starts_on).days + 1)
    }
    seats = list(Mandate.objects.filter(level=period.level, starts_on__lte=period.ends_on))
    stops: dict[int, list[tuple[str, dt.date]]] = {}
    for mandate, kind, on in (
        MandateEvent.objects.filter(
            mandate__in=[s.pk for s in seats], kind__in=["suspended", "resumed"]
        )
        .order_by("on", "pk")
        .values_list("mandate_id", "kind", "on")
    ):
        stops.setdefault(mandate, []).append((kind, on))
    found: dict[int, set[dt.date]] = {}
    for seat in seats:
        until = seat.ends_on or period.ends_on
        if until < period.starts_on:
            continue
        if seat.starts_on <= period.starts_on and until >= period.ends_on and seat.pk not in stops:
            found[seat.deputy_id] = whole
            continue
        days = {day for day in whole if seat.starts_on <= day <= until}
        for day in sorted(days) if seat.pk in stops else ():
            last = [kind for kind, on in stops[seat.pk] if on <= day]
            if last and last[-1] == "suspended":
                days.discard(day)
        found[seat.deputy_id] = found.get(seat.deputy_id, set()) | days
    return found
