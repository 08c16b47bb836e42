"""Where deputies belong: constituencies, delegations, groups and committees, and who sits there."""

import datetime as dt
from collections.abc import Collection
from typing import Any, TypeVar

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Unit

from ..models import (
    CommitteeSeat,
    Constituency,
    Delegation,
    Deputy,
    DeputyGroup,
    GroupSeat,
    Mandate,
)
from .files import may_keep

Place = TypeVar("Place", Constituency, Delegation, DeputyGroup)
Seat = TypeVar("Seat", GroupSeat, CommitteeSeat)
ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def arrange(place: Place, *, by: Membership, **values: Any) -> Place:
    """Make a constituency, delegation or group, or change it (an unsaved row is made). Refuses a
    name that is taken."""
    may_keep(by)
    model = type(place)
    if place.pk:
        place = model.objects.select_for_update(of=("self",)).get(pk=place.pk)
    taken = model.objects.filter(name=values.get("name", place.name)).exclude(pk=place.pk)
    if taken.exists():
        raise NotAllowed(f"已有名为“{values['name']}”的{model._meta.verbose_name}")
    before = {n: str(getattr(place, n) or "") for n in values} if place.pk else {}
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    after = {n: str(getattr(place, n) or "") for n in values}
    changed = [n for n in after if before.get(n) != after[n]]
    audit.record(
        by,
        "deputies.arrange",
        place,
        before={n: before[n] for n in changed if n in before},
        after={n: after[n] for n in changed},
    )
    return place


@transaction.atomic
def remove_place(place: Place, *, by: Membership) -> None:
    """Remove a place made by mistake; refuses where anybody ever belonged to it."""
    may_keep(by)
    for relation in place._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: place})
        if rows.exists():
            label = relation.related_model._meta.verbose_name
            raise NotAllowed(f"已有{label}记录，不能删除；可以改名")
    audit.record(by, "deputies.remove_place", place)
    place.delete()


# -- Groups -----------------------------------------------------------------------------------


@transaction.atomic
def join_group(
    group: DeputyGroup,
    deputy: Deputy,
    *,
    by: Membership,
    on: dt.date,
    role: str = GroupSeat.Role.MEMBER,
) -> GroupSeat:
    """A deputy enters a group, with an office in it, from a day."""
    may_keep(by)
    _in_office(deputy, on)
    _not_there(GroupSeat.objects.filter(group=group, deputy=deputy), on, f"“{group}”")
    seat = GroupSeat.objects.create(group=group, deputy=deputy, role=role, starts_on=on)
    audit.record(by, "deputies.seat", seat, after={"小组": str(group), "职务": role, "起": on})
    return seat


@transaction.atomic
def change_role(seat: GroupSeat, *, by: Membership, on: dt.date, role: str) -> GroupSeat:
    """Another office in the same group from a day; what was before stays as it was."""
    seat = _take(seat, by, on)
    if role == seat.role:
        raise NotAllowed("职务没有变化")
    before = seat.get_role_display()
    seat = _follow(seat, on, role=role)
    audit.record(
        by, "deputies.seat", seat, before={"职务": before},
        after={"职务": seat.get_role_display(), "起": on},
    )  # fmt: skip
    return seat


# -- Committees -------------------------------------------------------------------------------


@transaction.atomic
def join_committee(
    unit: Unit, deputy: Deputy, *, by: Membership, on: dt.date, title: str = ""
) -> CommitteeSeat:
    """A deputy takes a seat in a committee or the standing committee, from a day."""
    may_keep(by)
    _in_office(deputy, on)
    _not_there(CommitteeSeat.objects.filter(unit=unit, deputy=deputy), on, f"“{unit}”")
    seat = CommitteeSeat.objects.create(unit=unit, deputy=deputy, title=title, starts_on=on)
    audit.record(by, "deputies.seat", seat, after={"委员会": str(unit), "职务": title, "起": on})
    return seat


@transaction.atomic
def change_title(seat: CommitteeSeat, *, by: Membership, on: dt.date, title: str) -> CommitteeSeat:
    """Another office in the same committee from a day; what was before stays as it was."""
    seat = _take(seat, by, on)
    if title == seat.title:
        raise NotAllowed("职务没有变化")
    before = seat.title
    seat = _follow(seat, on, title=title)
    audit.record(
        by, "deputies.seat", seat, before={"职务": before}, after={"职务": title, "起": on}
    )
    return seat


@transaction.atomic
def leave(seat: Seat, *, by: Membership, on: dt.date) -> Seat:
    """The last day in a group or committee."""
    seat = _take(seat, by, on)
    seat.ends_on = on
    seat.save()
    audit.record(by, "deputies.seat", seat, after={"止": on})
    return seat


def leave_all(deputy_ids: Collection[int], on: dt.date) -> None:
    """With the last open mandate ends what was held in groups and committees; seats that were to
    begin later never began. Called by the actions that end a mandate. Five queries."""
    open_seats = Mandate.objects.filter(deputy__in=deputy_ids, ends_on=None)
    gone = set(deputy_ids) - set(open_seats.values_list("deputy", flat=True))
    for model in (GroupSeat, CommitteeSeat):
        held = model.objects.filter(deputy__in=gone, ends_on=None)
        held.filter(starts_on__gt=on).delete()
        held.update(ends_on=on)


# -- What all of them ask ---------------------------------------------------------------------


def _in_office(deputy: Deputy, on: dt.date) -> None:
    seats = deputy.mandates.filter(starts_on__lte=on)
    if not seats.filter(ends_on=None).exists() and not seats.filter(ends_on__gte=on).exists():
        raise NotAllowed(f"{deputy}在这一天没有代表职务")


def _not_there(seats, on: dt.date, where: str) -> None:
    if any(s.ends_on is None or s.ends_on >= on for s in seats.select_for_update()):
        raise NotAllowed(f"这位代表在这段时间已经在{where}")


def _take(seat: Seat, by: Membership, on: dt.date) -> Seat:
    may_keep(by)
    seat = type(seat).objects.select_for_update(of=("self",)).select_related("deputy").get(
        pk=seat.pk
    )  # fmt: skip
    if seat.ends_on:
        raise NotAllowed("这一职务已经结束")
    if on < seat.starts_on:
        raise NotAllowed("日期早于开始日期")
    return seat


def _follow(seat: Seat, on: dt.date, **office: str) -> Seat:
    """The office from that day; on the day the old one began it was a slip and is put right."""
    if on == seat.starts_on:
        for name, value in office.items():
            setattr(seat, name, value)
        seat.save()
        return seat
    fields = [f.attname for f in seat._meta.concrete_fields if not f.primary_key]
    values = {n: getattr(seat, n) for n in fields} | {"starts_on": on, "ends_on": None} | office
    seat.ends_on = on - ONE_DAY
    seat.save()
    return type(seat).objects.create(**values)
