"""What a deputy's facts would give now, counted as a tally does, without keeping anything."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from deputies.models import Deputy, Mandate
from deputies.queries import identities, in_office_between, spells
from deputies.rules import days_in_office

from ..models import DutyItem, DutyRecord, Period, RuleBookVersion, TallyTotal
from ..rules import Facts, Faulty, Rule, evaluate, graded
from .counts import Holder, count_facts, merged, own_measures
from .tallies import latest_tally
from .trees import rule_tree, scale_of


def preview(
    version: RuleBookVersion,
    deputy: Deputy,
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    period: Period | None = None,
    root: Rule | None = None,
) -> TallyTotal:
    """A deputy's result over some days by a version: as a tally's row, not stored.

    With a stored `period` its awards count too. Raises Faulty.
    """
    root = root or rule_tree(version)
    bands, gates = scale_of(version)
    holder = _holder(deputy, starts_on, ends_on, period.level if period else None)
    if holder is None:
        return _total(version, root, Facts(), deputy=deputy)
    span = period or Period(starts_on=starts_on, ends_on=ends_on)
    count_facts(span, {deputy.pk: holder}, own_measures(root, gates))
    total = _total(version, root, holder.facts, deputy=deputy)
    total.days, total.in_office_days = holder.duty_days, holder.days
    total.mandate = holder.mandate
    return total


def counted(deputy: Deputy, period: Period) -> tuple[TallyTotal | None, bool]:
    """What counts now: the latest tally's row once the period is locked, else the facts as they
    are today. The second value tells whether it is only a reckoning."""
    if period.state == Period.State.LOCKED:
        tally = latest_tally(period)
        row = tally and TallyTotal.objects.filter(tally=tally, deputy=deputy).first()
        return row or None, False
    last = min(period.ends_on, timezone.localdate())
    if last < period.starts_on:
        return None, True
    try:
        return preview(
            period.version, deputy, period.starts_on, period.ends_on, period=period
        ), True
    except Faulty:
        return None, True


def try_out(version: RuleBookVersion, facts: Facts, root: Rule | None = None) -> TallyTotal:
    """The result of typed-in facts. Raises Faulty."""
    return _total(version, root or rule_tree(version), facts)


def _total(version, root: Rule, facts: Facts, **more) -> TallyTotal:
    bands, gates = scale_of(version)
    result = evaluate(root, facts, version.decimals)
    band, worked = graded(result.total, bands, gates, facts) if bands else ("", [])
    return TallyTotal(
        total=result.total,
        aspects={key: str(points) for key, points in result.aspects.items()},
        band=band,
        gates=worked,
        lines=result.kept(),
        **more,
    )


def _holder(
    deputy: Deputy, starts_on: dt.date, ends_on: dt.date, level: str | None
) -> Holder | None:
    seats = list(
        in_office_between(starts_on, ends_on, level)
        .filter(deputy=deputy)
        .exclude(level=Mandate.Level.STREET_COUNCIL)
        .select_related("delegation", "deputy")
        .order_by("starts_on", "pk")
    )
    if not seats:
        return None
    held = merged(spell for found in spells(seats).values() for spell in found)
    holder = Holder(seats[-1], held, days_in_office(held, starts_on, ends_on))
    known = identities(starts_on, ends_on).get(deputy.pk, set())
    holder.facts.identities = frozenset({"deputy"} | known)
    return holder


def facts_behind(rule: Rule, rows: QuerySet[DutyRecord]) -> QuerySet[DutyRecord]:
    """Of these records those a rule counts; a table's rows are looked at too."""
    items = DutyItem.objects.filter(code__in=rule.measure.items)
    rows = rows.filter(item__in=items, withdrawn_at=None)
    for name, allowed in rule.measure.filters:
        rows = rows.filter(**{f"{name}__in": allowed})
    named = Q()
    for row in rule.rows:
        if row.attribute:
            both = Q(**{row.attribute: row.value})
            named |= both & Q(**{row.and_attribute: row.and_value}) if row.and_attribute else both
    return rows.filter(named)


def asked_of(root: Rule, code: str) -> dict[str, list[str]]:
    """Which roles and levels the rules tell apart for a duty, so that its reporter is asked."""
    found: dict[str, list[str]] = {"role": [], "level": []}
    for rule in root.walk():
        if code not in rule.measure.items:
            continue
        named = [(r.attribute, r.value) for r in rule.rows]
        named += [(r.and_attribute, r.and_value) for r in rule.rows]
        named += [(name, value) for name, values in rule.measure.filters for value in values]
        for name, value in named:
            if name in found and value and value not in found[name]:
                found[name].append(value)
    return found
