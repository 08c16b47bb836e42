"""Who gives which word of pre-review (初审): streets, heads of delegations, the motions group."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from congress.access import units_of
from congress.models import Membership, Role
from deputies.queries import in_office

from ..models import PreReviewer, Review, Suggestion
from .roles import may_keep

# In which roles a person may be named.
NAMED = frozenset({Role.DEPUTY, Role.COMMITTEE})


def reviewer_seats() -> QuerySet[PreReviewer]:
    """Who is a head of a delegation or in the motions group today."""
    today = timezone.localdate()
    rows = PreReviewer.objects.filter(starts_on__lte=today, member__role__in=NAMED)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=today))


def reviewable_by(member: Membership, step: str) -> QuerySet[Suggestion]:
    """What waits in pre-review and is the member's to look at in a step: a head's are those of the
    delegation's deputies and the delegation's own, the motions group's are all; nobody's own.
    Whether that step is the open one `queries.open_pre_review` says."""
    rows = Suggestion.objects.filter(state=Suggestion.State.PRE_REVIEW)
    rows = rows.exclude(is_secret_placeholder=True).select_related(
        "lead__membership", "delegation", "category__parent", "rule_set"
    )
    if member.role not in NAMED:
        return rows.none()
    seats = list(reviewer_seats().filter(member=member, step=step))
    if not seats:
        return rows.none()
    rows = rows.exclude(lead__membership=member)
    if step == PreReviewer.Step.MOTIONS:
        return rows
    led = [s.delegation_id for s in seats]
    deputies = in_office(timezone.localdate()).filter(delegation__in=led).order_by()
    return rows.filter(Q(lead__in=deputies.values("deputy")) | Q(lead=None, delegation__in=led))


def sent_on_by(member: Membership) -> QuerySet[Review]:
    """Reviews by which a paper went to another body, whose covering letter a member of 代工委 may
    print; none where the ground is a state secret, whose words belong on no letter."""
    rows = Review.objects.select_related("suggestion__lead", "suggestion__delegation", "revision")
    if not may_keep(member):
        return rows.none()
    return rows.exclude(outcome__in=["", Review.Outcome.BACK]).exclude(ground="secret")


def may_pre_review(member: Membership, suggestion: Suggestion, step: str) -> bool:
    """Whether a step of pre-review is the member's own; 代工委 may stand in for all."""
    if step == "street":
        return member.role == Role.STREET and suggestion.street_id in units_of(member)
    if step not in PreReviewer.Step.values:
        return False
    return reviewable_by(member, step).filter(pk=suggestion.pk).exists()
