"""Lists and counts of the registry, every one of them as at a day."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Case, IntegerField, Q, QuerySet, When

from congress.models import Membership

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


def by_level(own: str) -> Case:
    """The order of levels in a list: the congress's own in front, then from the nation down."""
    levels = [own, *(level for level in Mandate.Level.values if level != own)]
    return Case(
        *(When(level=level, then=n) for n, level in enumerate(levels)),
        output_field=IntegerField(),
    )


def suspended(on: dt.date) -> set[int]:
    """Ids of the seats in office on a day whose office was suspended that day. Two queries."""
    kinds = [MandateEvent.Kind.SUSPENDED, MandateEvent.Kind.RESUMED]
    ever = MandateEvent.objects.filter(kind__in=kinds, on__lte=on).values("mandate")
    held = spells(in_office(on).filter(pk__in=ever))
    return {pk for pk, found in held.items() if not any(s.covers(on) for s in found)}


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


def seats_on(model: type[GroupSeat] | type[CommitteeSeat], on: dt.date) -> QuerySet:
    """Seats in groups or committees held on a day."""
    return model.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))


def belongings(deputy_ids: Iterable[int], on: dt.date) -> dict[int, list[str]]:
    """Groups and committees of deputies on a day in words, offices first: 东湖第一小组（组长）.
    Two queries."""
    ids = list(deputy_ids)
    found: dict[int, list[str]] = {}
    rank = Case(
        *(When(role=role, then=n) for n, role in enumerate(GroupSeat.Role.values)),
        output_field=IntegerField(),
    )
    groups = seats_on(GroupSeat, on).filter(deputy__in=ids).select_related("group")
    for seat in groups.order_by(rank, "group__position", "pk"):
        found.setdefault(seat.deputy_id, []).append(seat.words)
    committees = seats_on(CommitteeSeat, on).filter(deputy__in=ids).select_related("unit")
    for seat in committees.order_by("unit__position", "pk"):
        found.setdefault(seat.deputy_id, []).append(seat.words)
    return found


def group_leaders(group_ids: Iterable[int], on: dt.date) -> dict[int, list[str]]:
    """Who leads groups on a day, in words: 组长：张三. One query."""
    seats = (
        seats_on(GroupSeat, on)
        .filter(group__in=list(group_ids))
        .exclude(role=GroupSeat.Role.MEMBER)
        .select_related("deputy")
    )
    order = {role: n for n, role in enumerate(GroupSeat.Role.values)}
    found: dict[int, list[str]] = {}
    for seat in sorted(seats, key=lambda s: (order[s.role], s.pk)):
        said = f"{seat.get_role_display()}：{seat.deputy.name}"
        found.setdefault(seat.group_id, []).append(said)
    return found


def deputy_of(member: Membership) -> Deputy | None:
    """The registry's entry of a signed-in deputy; None where the login has none."""
    return Deputy.objects.filter(membership=member).first()


def phones_of(members: Iterable[int]) -> dict[int, str]:
    """The phones in the registry of those members who are deputies, by membership."""
    rows = Deputy.objects.filter(membership__in=list(members)).exclude(phone="")
    return dict(rows.values_list("membership_id", "phone"))


def search(rows: QuerySet[Deputy], words: str) -> QuerySet[Deputy]:
    """Deputies by name, initials (zs) or card number."""
    words = words.strip()
    if not words:
        return rows
    asked = Q(name__contains=words)
    if words.isascii() and words.isalpha():
        asked |= Q(initials__startswith=words.lower())
    # Looked up first: a search nested in the lists' own conditions is planned row by row, for the
    # database may not look into LIKE behind its policies.
    found = set(Deputy.objects.filter(asked).order_by().values_list("pk", flat=True))
    by_card = Mandate.objects.filter(number__iexact=words).order_by()
    found.update(by_card.values_list("deputy_id", flat=True))
    return rows.filter(pk__in=found)
