"""Who brings units together (协调会), and of which units."""

from django.db.models import QuerySet

from congress.access import units_of
from congress.models import Membership, Role

from ..models import Assignment, Coordination, Suggestion
from ..rules import GONE
from .roles import may_keep
from .seeing import visible_to

State = Suggestion.State
UNDER_WAY = (State.ASSIGNED, State.HANDLING, State.REHANDLING, State.ESCALATED)


def tasks_to_coordinate(member: Membership, suggestion: Suggestion) -> QuerySet[Assignment]:
    """The units a member may call together now: 代工委 all of the suggestion, a government office
    those it assigned on; none where the suggestion is not being handled."""
    rows = suggestion.assignments.exclude(state__in=GONE).select_related("unit").order_by("pk")
    if suggestion.state not in UNDER_WAY or suggestion.is_secret_placeholder:
        return rows.none()
    if may_keep(member):
        return rows
    if member.role == Role.GOVERNMENT_OFFICE:
        return rows.filter(parent__unit__in=units_of(member))
    return rows.none()


def coordinations_to_note(member: Membership) -> QuerySet[Coordination]:
    """Meetings whose result is still to be written down: the office's own, for 代工委 all."""
    rows = Coordination.objects.filter(noted_at=None).select_related("suggestion")
    if may_keep(member):
        return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))
    if member.role == Role.GOVERNMENT_OFFICE:
        return rows.filter(by__role=Role.GOVERNMENT_OFFICE, by__unit__in=units_of(member))
    return rows.none()
