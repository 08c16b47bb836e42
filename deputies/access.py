"""Who may see which deputies, and take which step."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from congress.access import units_of
from congress.models import Congress, Membership, Role, Unit
from congress.tenancy import current_congress

from . import queries
from .models import CommitteeSeat, Deputy, DeputyGroup, Mandate, MandateEvent, RosterBatch
from .models.places import COMMITTEE_KINDS

KEEPERS = frozenset({Role.DEPUTY_AFFAIRS})
READERS = frozenset({Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE})


def visible_to(member: Membership) -> QuerySet[Deputy]:
    """The deputies whose file a member may open: 代工委, the chairpersons and committees all of
    them, a street its own, a deputy only the own; the three officers and others none."""
    rows = Deputy.objects.all()
    if member.role in READERS:
        return rows
    if member.role == Role.STREET:
        return rows.filter(mandates__street__in=units_of(member)).distinct()
    if member.role == Role.DEPUTY:
        return rows.filter(membership=member)
    return rows.none()


def find(member: Membership, pk: int) -> Deputy:
    """One deputy this member may see, otherwise 404."""
    row = visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def own(member: Membership) -> Deputy:
    """The deputy a signed-in deputy is; 404 where the login has none."""
    row = queries.deputy_of(member)
    if row is None:
        raise Http404
    return row


def mandates_visible_to(member: Membership) -> QuerySet[Mandate]:
    """The seats of the deputies a member may see; a street only those of the street."""
    rows = Mandate.objects.select_related("deputy", "delegation", "street", "constituency")
    if member.role in READERS:
        return rows
    if member.role == Role.STREET:
        return rows.filter(street__in=units_of(member))
    if member.role == Role.DEPUTY:
        return rows.filter(deputy__membership=member)
    return rows.none()


def find_seat(member: Membership, pk: int) -> Mandate:
    """One seat this member may see, otherwise 404."""
    row = mandates_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def events_visible_to(member: Membership) -> QuerySet[MandateEvent]:
    """What happened to the seats a member may see."""
    return MandateEvent.objects.filter(
        mandate__in=mandates_visible_to(member).order_by().values("pk")
    )


def own_level() -> str:
    """The level of the open congress's own deputies."""
    if current_congress().level == Congress.Level.TOWNSHIP:
        return Mandate.Level.TOWNSHIP
    return Mandate.Level.COUNTY


def colleagues_of(member: Membership, on: dt.date | None = None) -> QuerySet[Mandate]:
    """Seats in office that a deputy may look up: those of the own level, and of other levels
    (议政代表, deputies of higher congresses) those of the own street. No numbers of people."""
    on = on or timezone.localdate()
    rows = queries.in_office(on).select_related(
        "deputy", "delegation", "street", "constituency", "term"
    )
    if member.role != Role.DEPUTY:
        return rows.none()
    held = list(
        queries.in_office(on).filter(deputy__membership=member).values_list("level", "street")
    )
    asked = Q(pk=None)
    if own_level() in {level for level, _ in held}:
        asked |= Q(level=own_level())
    for level, street in held:
        if street is not None:
            asked |= Q(level=level, street=street)
    return rows.filter(asked)


def public(on: dt.date | None = None) -> QuerySet[Mandate]:
    """Seats everybody may read of: the congress's own deputies in office, the suspended ones
    left out (代表法 art. 61), and nothing of those whose office is over."""
    on = on or timezone.localdate()
    return (
        queries.in_office(on, own_level())
        .exclude(pk__in=queries.suspended(on))
        .select_related("deputy", "delegation", "street", "constituency", "term")
    )


def public_find(public_id: uuid.UUID) -> Mandate:
    """The seat of one deputy everybody may read of, otherwise 404."""
    row = public().filter(deputy__public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def may_keep(member: Membership) -> bool:
    """Whether a member keeps the registry: rosters, by-elections, ends of mandates."""
    return member.role in KEEPERS


def may_reveal(member: Membership, deputy: Deputy) -> bool:
    """Identity number and phone in clear: 代工委, and the street for its own deputies, each time
    with a reason and a log row (个人信息保护法: only what the duty needs)."""
    if member.role == Role.DEPUTY_AFFAIRS:
        return True
    return member.role == Role.STREET and visible_to(member).filter(pk=deputy.pk).exists()


def groups_visible_to(member: Membership) -> QuerySet[DeputyGroup]:
    """Deputy groups: a street sees its own and the professional ones."""
    rows = DeputyGroup.objects.select_related("street")
    if member.role in READERS | {Role.DEPUTY}:
        return rows
    if member.role == Role.STREET:
        return rows.filter(Q(street__in=units_of(member)) | Q(street=None))
    return rows.none()


def committees() -> QuerySet[Unit]:
    """Units a deputy may have a seat in, in order."""
    return Unit.objects.filter(kind__in=COMMITTEE_KINDS).order_by("position", "pk")


def committee_seats_visible_to(member: Membership) -> QuerySet[CommitteeSeat]:
    """Committee seats of the deputies a member may see."""
    return CommitteeSeat.objects.select_related("deputy", "unit").filter(
        deputy__in=visible_to(member).order_by().values("pk")
    )


def batches_visible_to(member: Membership) -> QuerySet[RosterBatch]:
    """Roster imports: those who keep the registry."""
    rows = RosterBatch.objects.select_related("file", "by", "job")
    return rows if may_keep(member) else rows.none()
