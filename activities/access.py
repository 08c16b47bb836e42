"""Who may see which activities, and take which step."""

from django.db.models import Q, QuerySet
from django.http import Http404

from congress.access import units_of
from congress.files import readable_by
from congress.models import Membership, Role, StoredFile, Unit
from deputies.models import Deputy, Mandate

from .models import Activity, ActivityFile, Invitation, LeaveRequest
from .rules import FLOW

PLANNERS = frozenset({Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.STREET})
READERS = PLANNERS | {Role.CHAIR}
FILE_PURPOSE = "activities.file"
Step = Activity.Step


def visible_to(member: Membership) -> QuerySet[Activity]:
    """The activities a member may open: 代工委 all; the chairpersons and committees all that are
    past the draft, a committee its own drafts too; a street its own; a deputy those the deputy
    is asked to."""
    rows = Activity.objects.select_related("kind", "organiser")
    if member.role == Role.DEPUTY_AFFAIRS:
        return rows
    past_draft = ~Q(state=Activity.State.DRAFT)
    if member.role == Role.CHAIR:
        return rows.filter(past_draft)
    if member.role == Role.COMMITTEE:
        return rows.filter(past_draft | Q(organiser__in=units_of(member)))
    if member.role == Role.STREET:
        return rows.filter(organiser__in=units_of(member))
    if member.role == Role.DEPUTY:
        asked = Invitation.objects.filter(deputy__membership=member, withdrawn_at=None)
        return rows.filter(past_draft, pk__in=asked.values("activity"))
    return rows.none()


def public() -> QuerySet[Activity]:
    """What everybody may read: published and meant for the public."""
    return Activity.objects.filter(
        is_public=True,
        state__in=[Activity.State.PUBLISHED, Activity.State.REOPENED, Activity.State.CLOSED],
    ).select_related("kind", "organiser")


def find(member: Membership, pk: int) -> Activity:
    """One activity this member may see, otherwise 404."""
    row = visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_run(member: Membership, activity: Activity) -> bool:
    """Whether a member plans and carries out this activity: 代工委 all of them, a committee and a
    street those of their own units."""
    if member.role == Role.DEPUTY_AFFAIRS:
        return True
    return member.role in PLANNERS and activity.organiser_id in units_of(member)


def steps(member: Membership, activity: Activity) -> list[Activity.Step]:
    """The steps this member may take now."""
    return FLOW.steps(activity.state) if may_run(member, activity) else []


def organisers_for(member: Membership) -> QuerySet[Unit]:
    """In whose name a member may plan: 代工委 every organ of the congress, others their own."""
    outside = [Unit.Kind.GOVERNMENT_OFFICE, Unit.Kind.HANDLING_UNIT]
    rows = Unit.objects.exclude(kind__in=outside)
    if member.role == Role.DEPUTY_AFFAIRS:
        return rows
    if member.role in PLANNERS:
        return rows.filter(pk__in=units_of(member))
    return rows.none()


def invitable(member: Membership) -> QuerySet[Deputy]:
    """Whom a member may ask to come: a street only the deputies seated there."""
    rows = Deputy.objects.all()
    if member.role in (Role.DEPUTY_AFFAIRS, Role.COMMITTEE):
        return rows
    if member.role == Role.STREET:
        seats = Mandate.objects.filter(street__in=units_of(member))
        return rows.filter(pk__in=seats.values("deputy"))
    return rows.none()


def invitation_of(member: Membership, activity: Activity) -> Invitation:
    """The deputy's own invitation; 404 where there is none."""
    row = (
        Invitation.objects.filter(activity=activity, deputy__membership=member, withdrawn_at=None)
        .select_related("deputy", "activity")
        .first()
    )
    if row is None or member.role != Role.DEPUTY:
        raise Http404
    return row


def leaves_visible_to(member: Membership) -> QuerySet[LeaveRequest]:
    """Leave requests of the activities a member runs; a deputy sees the own ones."""
    rows = LeaveRequest.objects.select_related(
        "invitation__deputy", "invitation__activity__organiser", "session", "decided_by"
    )
    if member.role == Role.DEPUTY:
        return rows.filter(invitation__deputy__membership=member)
    if member.role in READERS:
        return rows.filter(
            invitation__activity__in=visible_to(member).order_by().values("pk"),
        )
    return rows.none()


@readable_by(FILE_PURPOSE)
def file_readable(member: Membership | None, file: StoredFile) -> bool:
    """A file of an activity: whoever may see the activity; the public where both are public."""
    row = ActivityFile.objects.filter(file=file).first()
    if row is None:
        return bool(member and file.by_id == member.pk)
    if row.is_public and public().filter(pk=row.activity_id).exists():
        return True
    return member is not None and visible_to(member).filter(pk=row.activity_id).exists()
