"""Who may read the rules of handling."""

from django.db.models import QuerySet
from django.http import Http404

from congress.models import Membership, Role

from ..models import RuleSet
from .roles import UNIT_ROLES, may_keep


def rule_sets_visible_to(member: Membership) -> QuerySet[RuleSet]:
    """Rules of handling: staff and units the published ones, 代工委 drafts too."""
    rows = RuleSet.objects.all()
    if may_keep(member):
        return rows
    readers = UNIT_ROLES | {Role.CHAIR, Role.COMMITTEE, Role.STREET, Role.DEPUTY}
    return rows.filter(state=RuleSet.State.PUBLISHED) if member.role in readers else rows.none()


def find_rule_set(member: Membership, pk: int) -> RuleSet:
    """One version this member may see, otherwise 404."""
    row = rule_sets_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
