"""Who may see which deputies, and take which step."""

from django.db.models import Q, QuerySet
from django.http import Http404

from congress.access import units_of
from congress.models import Membership, Role

from .models import Deputy, DeputyGroup, Mandate, RosterBatch

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
    row = Deputy.objects.filter(membership=member).first()
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


def batches_visible_to(member: Membership) -> QuerySet[RosterBatch]:
    """Roster imports: those who keep the registry."""
    rows = RosterBatch.objects.select_related("file", "by", "job")
    return rows if may_keep(member) else rows.none()
