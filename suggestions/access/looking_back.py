"""Who may see campaigns of 回头看, and which of their items."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from congress.access import units_of
from congress.models import Membership, Role

from ..models import LookBack, LookBackItem
from .roles import KEEPERS, UNIT_ROLES
from .seeing import visible_to


def lookbacks_visible_to(member: Membership) -> QuerySet[LookBack]:
    """Campaigns: staff who follow suggestions, and units those that ask something of them."""
    rows = LookBack.objects.select_related("term", "by")
    if member.role in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        return rows
    if member.role in UNIT_ROLES | {Role.STREET}:
        ours = LookBackItem.objects.filter(
            campaign=OuterRef("pk"), assignment__unit__in=units_of(member)
        )
        return rows.filter(Exists(ours))
    return rows.none()


def lookback_items_visible_to(member: Membership) -> QuerySet[LookBackItem]:
    """Items: staff those of the suggestions they see, units their own, deputies what the unit
    found on what they lead."""
    rows = LookBackItem.objects.select_related(
        "campaign", "assignment__suggestion__lead", "assignment__unit", "result_class"
    )
    if member.role in UNIT_ROLES | {Role.STREET}:
        return rows.filter(assignment__unit__in=units_of(member))
    if member.role == Role.DEPUTY:
        lead = Q(assignment__suggestion__lead__membership=member)
        wrote = Q(assignment__suggestion__lead=None, assignment__suggestion__written_by=member)
        return rows.exclude(finding="").filter(lead | wrote)
    if member.role in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        seen = visible_to(member).order_by().values("pk")
        return rows.filter(assignment__suggestion__in=seen)
    return rows.none()
