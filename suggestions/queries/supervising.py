"""督办: who leads what, how often somebody was on the spot, how the units stand."""

import datetime as dt

from django.db.models import Count, Max, Q, QuerySet

from congress.access import units_of
from congress.models import Meeting, Membership, Role
from deputies.models import Deputy
from deputies.queries import in_office

from ..models import Assignment, Supervision, SupervisionEvent
from ..rules import GONE

Kind, State = Supervision.Kind, Supervision.State
PLACES = {
    "proposed": "拟督办",
    "running": "督办中",
    "done": "已结束",
    "dropped": "未列入",
}


def with_visits(rows: QuerySet[Supervision]) -> QuerySet[Supervision]:
    """Supervisions with `visits` (on the spot), `last_on` (the last thing noted)."""
    on_site = Q(events__kind=SupervisionEvent.Kind.SITE)
    return rows.annotate(
        visits=Count("events", filter=on_site, distinct=True), last_on=Max("events__on")
    ).prefetch_related("suggestion__assignments")


def own(rows: QuerySet[Supervision], member: Membership) -> QuerySet[Supervision]:
    """Those this member leads; for a committee also its own."""
    mine = Q(leader=member)
    if member.role == Role.COMMITTEE:
        mine |= Q(committee__in=units_of(member))
    return rows.filter(mine)


def place_counts(rows: QuerySet[Supervision]) -> dict[str, int]:
    """How many supervisions stand in each state."""
    counts = {key: Count("pk", filter=Q(state=key)) for key in PLACES}
    return rows.order_by().aggregate(**counts)


def deciding_meetings() -> QuerySet[Meeting]:
    """The meetings that may decide on key supervision, the latest in front."""
    kinds = (Meeting.Kind.CHAIRPERSONS, Meeting.Kind.PRESIDIUM)
    return Meeting.objects.filter(kind__in=kinds).order_by("-held_on", "-pk")


def leaders(on: dt.date) -> QuerySet[Membership]:
    """The members of the chairpersons' meeting who may lead on a day."""
    return Membership.objects.filter(role=Role.CHAIR).exclude(valid_to__lt=on).order_by("pk")


def seated(on: dt.date) -> list[tuple[int, str]]:
    """The deputies in office on a day, id and name."""
    seats = in_office(on).order_by().values("deputy")
    return list(Deputy.objects.filter(pk__in=seats).values_list("pk", "name"))


def units_stand(row: Supervision) -> list[Assignment]:
    """The units' tasks under a supervision, from the rows that were fetched."""
    return [
        t
        for t in row.suggestion.assignments.all()
        if t.state not in GONE and t.role != Assignment.Role.OWNER
    ]
