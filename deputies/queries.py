"""Lists and counts of the registry, every one of them as at a day."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from .models import CommitteeSeat, Deputy, GroupSeat, Mandate, MandateEvent
from .rules import Spell, days_in_office


def in_office(on: dt.date, level: str | None = None) -> QuerySet[Mandate]:
    """Seats held on a day, in roster order."""
    rows = Mandate.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return rows.filter(level=level) if level else rows


def in_office_between(
    from_on: dt.date, to_on: dt.date, level: str | None = None
) -> QuerySet[Mandate]:
    """Seats held on any day from `from_on` to `to_on`, both included."""
    rows = Mandate.objects.filter(starts_on__lte=to_on).filter(
        Q(ends_on=None) | Q(ends_on__gte=from_on)
    )
    return rows.filter(level=level) if level else rows


def spells(mandates: Iterable[Mandate]) -> dict[int, list[Spell]]:
    """For each mandate the spells of real office, suspensions taken out. One query."""
    mandates = list(mandates)
    held: dict[int, list[Spell]] = {m.pk: [] for m in mandates}
    events = MandateEvent.objects.filter(
        mandate__in=mandates,
        kind__in=[MandateEvent.Kind.SUSPENDED, MandateEvent.Kind.RESUMED],
    ).order_by("on", "pk")
    by_mandate: dict[int, list[tuple[str, dt.date]]] = {}
    for event in events:
        by_mandate.setdefault(event.mandate_id, []).append((event.kind, event.on))
    for mandate in mandates:
        held[mandate.pk] = Spell.of(
            mandate.starts_on, mandate.ends_on, by_mandate.get(mandate.pk, [])
        )
    return held


def office_days(mandates: Iterable[Mandate], from_on: dt.date, to_on: dt.date) -> dict[int, int]:
    """Days in office within a period by mandate id, suspended days not counted."""
    return {pk: days_in_office(held, from_on, to_on) for pk, held in spells(mandates).items()}


def was_in_office(deputy_ids: Iterable[int], on: dt.date, level: str | None = None) -> set[int]:
    """Of these deputies those who held a seat that day and were not suspended."""
    mandates = list(in_office(on, level).filter(deputy__in=list(deputy_ids)))
    held = spells(mandates)
    return {m.deputy_id for m in mandates if any(s.covers(on) for s in held[m.pk])}


def identities(from_on: dt.date, to_on: dt.date) -> dict[int, set[str]]:
    """What deputies were besides deputies within a period (rules carry `for`), by deputy id."""
    found: dict[int, set[str]] = {}

    def within(model):
        return model.objects.filter(starts_on__lte=to_on).filter(
            Q(ends_on=None) | Q(ends_on__gte=from_on)
        )

    for pk in within(CommitteeSeat).values_list("deputy_id", flat=True):
        found.setdefault(pk, set()).add("committee_member")
    leaders = within(GroupSeat).filter(role=GroupSeat.Role.LEADER)
    for pk in leaders.values_list("deputy_id", flat=True):
        found.setdefault(pk, set()).add("group_leader")
    return found


def search(rows: QuerySet[Deputy], words: str) -> QuerySet[Deputy]:
    """Deputies by name, initials (zs) or card number."""
    words = words.strip()
    if not words:
        return rows
    asked = Q(name__contains=words) | Q(mandates__number__iexact=words)
    if words.isascii() and words.isalpha():
        asked |= Q(initials__startswith=words.lower())
    return rows.filter(pk__in=Deputy.objects.filter(asked).values("pk"))
