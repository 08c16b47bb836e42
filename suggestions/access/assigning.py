"""Who may see batches of 交办, and who is asked before."""

from django.db.models import F, QuerySet
from django.http import Http404

from congress.access import units_of
from congress.models import Membership, Role

from ..models import AssignmentBatch, ProposedTask, Suggestion
from .roles import HANDLERS, KEEPERS


def batches_visible_to(member: Membership) -> QuerySet[AssignmentBatch]:
    """交办 batches: 代工委 and the chairpersons, who sign them."""
    rows = AssignmentBatch.objects.select_related("by")
    return rows if member.role in KEEPERS | {Role.CHAIR} else rows.none()


def find_batch(member: Membership, pk: int) -> AssignmentBatch:
    """One batch this member may see, otherwise 404."""
    row = batches_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def consultations_of(member: Membership) -> QuerySet[ProposedTask]:
    """The suggestions a unit is asked about before 交办, unanswered first."""
    rows = ProposedTask.objects.filter(
        asked_at__isnull=False, suggestion__state=Suggestion.State.CONSULTING
    ).select_related("suggestion__category", "unit")
    if member.role not in HANDLERS:
        return rows.none()
    return rows.filter(unit__in=units_of(member)).order_by(F("agrees").asc(nulls_first=True), "pk")


def is_consulted(member: Membership, row: ProposedTask) -> bool:
    """Whether a proposed task asks the member's own unit."""
    return consultations_of(member).filter(pk=row.pk).exists()
