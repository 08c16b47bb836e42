"""Which proposers work in the units that handle what they raised."""

from collections.abc import Iterable

from django.utils import timezone

from congress.models import Membership, Unit, UnitName
from congress.queries import in_force
from deputies.models import Deputy

from .. import access
from ..models import Suggestion
from ..rules.conflicts import works_in
from .base import speakers_of_each


def working_in(deputies: Iterable[Deputy], units: Iterable[Unit]) -> set[tuple[int, int]]:
    """Pairs (deputy, unit) by their ids: who heads or works in which of the units today, as the
    registry says it or by a login for the unit. Three queries, however many."""
    people = {d.pk: d for d in deputies}
    houses = {u.pk: u for u in units}
    if not people or not houses:
        return set()
    names = {u.pk: [u.name, u.short_name] for u in houses.values()}
    for row in UnitName.objects.filter(unit__in=houses):
        names[row.unit_id] += [row.name, row.short_name]
    found = {
        (d.pk, pk)
        for d in people.values()
        for pk, known in names.items()
        if works_in(d.occupation, known)
    }
    rows = (
        Membership.objects.filter(
            unit__in=houses, role__in=access.HANDLERS, user__memberships__deputy__in=people
        )
        .filter(in_force(timezone.localdate()))
        .values_list("user__memberships__deputy", "unit")
    )
    return found | {(d, u) for d, u in rows if d in people}


def conflicts(
    suggestions: Iterable[Suggestion], units: Iterable[Unit]
) -> dict[int, dict[int, list[str]]]:
    """For each suggestion (by id) the units in which a proposer works, with the proposers' names;
    in a constant number of queries."""
    speakers, units = speakers_of_each(suggestions), list(units)
    pairs = working_in({d for found in speakers.values() for d in found}, units)
    return {
        pk: {
            u.pk: names
            for u in units
            if (names := [d.name for d in people if (d.pk, u.pk) in pairs])
        }
        for pk, people in speakers.items()
    }
