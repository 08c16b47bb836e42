"""退办 and 延期 as they wait for a word, and as they were decided."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from congress.models import Membership

from .. import access
from ..models import ExtensionRequest, ReturnRequest


def returns(member: Membership, *, decided: bool) -> QuerySet[ReturnRequest]:
    """Requests to return, the oldest that waits in front, the last decided in front; `times` says
    the how-manieth of its suggestion a request is."""
    until = (
        ReturnRequest.objects.filter(
            assignment__suggestion=OuterRef("assignment__suggestion"), pk__lte=OuterRef("pk")
        )
        .order_by()
        .values("assignment__suggestion")
        .annotate(n=Count("pk"))
        .values("n")
    )
    granted = until.filter(accepted=True, pk__lt=OuterRef("pk"))
    rows = access.returns_visible_to(member).filter(accepted__isnull=not decided)
    rows = rows.annotate(times=Subquery(until), granted_before=Subquery(granted))
    return rows.order_by("-decided_at", "-pk") if decided else rows.order_by("asked_at", "pk")


def extensions(member: Membership, *, decided: bool) -> QuerySet[ExtensionRequest]:
    """Requests for more time, in the same order."""
    rows = access.extensions_visible_to(member).filter(granted__isnull=not decided)
    rows = rows.prefetch_related("approvals__by")
    return rows.order_by("-decided_at", "-pk") if decided else rows.order_by("asked_at", "pk")


def returns_waiting_for(member: Membership) -> QuerySet[ReturnRequest]:
    """Returns that wait for this member's own word: those of the first level, and second ones of
    the same suggestion."""
    rows = returns(member, decided=False)
    if not access.may_keep(member):
        return rows.none()
    return rows.filter(Q(assignment__parent=None) | Q(granted_before__gt=0))


def extensions_waiting_for(member: Membership) -> QuerySet[ExtensionRequest]:
    """Requests for more time on which this member's word is asked and was not yet said."""
    asked = access.extensions_to_decide(member).values("pk")
    return extensions(member, decided=False).filter(pk__in=asked)
