"""Who sees which time limits, and keeps the plan of reminders."""

from django.db.models import Q, QuerySet
from django.http import Http404

from congress.flow import NotAllowed
from congress.models import Membership, Role
from congress.models import Unit as House

from .models import Deadline
from .queries import UNIT_ROLES

KEEPERS = (Role.DEPUTY_AFFAIRS, Role.SYSTEM_ADMIN)
READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR)


def require_keeper(by: Membership) -> None:
    """The plan: 代工委 and the system administrator; raises NotAllowed."""
    if by.role not in KEEPERS:
        raise NotAllowed("提醒规则由代工委或系统管理员设置")


def may_set_posts(by: Membership, unit: House) -> bool:
    """代工委 and the system administrator for every unit, a unit's people for their own."""
    return by.role in KEEPERS or (by.role in UNIT_ROLES and by.unit_id == unit.pk)


def visible_to(member: Membership) -> QuerySet[Deadline]:
    """代工委 and the chairpersons see all; 政府办 those of units; the others their own and their
    unit's."""
    rows = Deadline.objects.select_related("member", "to_unit")
    if member.role in READERS:
        return rows
    whose = Q(member=member)
    if member.role == Role.GOVERNMENT_OFFICE:
        whose |= Q(to_unit__kind__in=[House.Kind.HANDLING_UNIT, House.Kind.GOVERNMENT_OFFICE])
    if member.unit_id and member.role in UNIT_ROLES:
        whose |= Q(to_unit=member.unit_id)
    return rows.filter(whose)


def find(member: Membership, pk: int) -> Deadline:
    """A time limit this member may see, otherwise 404."""
    row = visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
