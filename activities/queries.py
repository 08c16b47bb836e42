"""Lists and counts of activities, each in a constant number of queries."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Extract
from django.utils import timezone

from congress.models import Membership, Role
from congress.tenancy import current_congress
from deputies.models import CommitteeSeat, Deputy, GroupSeat, Mandate
from deputies.queries import in_office, was_in_office
from performance.models import DutyRecord

from . import access
from .models import Activity, Invitation, LeaveRequest, Outcome, Participation, Session
from .rules import ATTENDED, combined, settled

State = Activity.State
PUBLISH_AHEAD = 21  # days before its day from which a draft is to be made known
ACTIVITY_SOURCE, SESSION_SOURCE = "activities.activity", "activities.session"


def own_level() -> str:
    """The level of the congress's own deputies."""
    town = current_congress().level == "township"
    return Mandate.Level.TOWNSHIP if town else Mandate.Level.COUNTY


# -- Lists -------------------------------------------------------------------------------------


def nearest_first(rows: QuerySet[Activity], now: dt.datetime | None = None) -> QuerySet[Activity]:
    """What is still to come in front, the nearest first; then what is over, the latest first."""
    now = now or timezone.now()
    return rows.annotate(
        is_over=Case(When(ends_at__gte=now, then=0), default=1, output_field=IntegerField()),
        distance=Abs(Extract(F("starts_at") - Value(now), "epoch")),
    ).order_by("is_over", "distance", "pk")


def with_counts(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Each activity with how many are asked, have signed up, and wait for leave."""
    live = Q(invitations__withdrawn_at=None)
    return rows.annotate(
        asked=Count("invitations", filter=live, distinct=True),
        signed_up=Count(
            "invitations",
            filter=live & Q(invitations__signed_up_at__isnull=False),
            distinct=True,
        ),
        leave_waiting=Count(
            "invitations__leaves",
            filter=live & Q(invitations__leaves__state=LeaveRequest.State.ASKED),
            distinct=True,
        ),
    )


def to_close(member: Membership) -> QuerySet[Activity]:
    """Activities this member runs that are over and not yet closed."""
    return _run_by(member).filter(
        state__in=[State.PUBLISHED, State.REOPENED], ends_at__lt=timezone.now()
    )


def today(member: Membership, on: dt.date) -> QuerySet[Activity]:
    """Activities this member runs that take place on a day."""
    return _run_by(member).filter(
        state__in=[State.PUBLISHED, State.REOPENED],
        starts_at__date__lte=on,
        ends_at__date__gte=on,
    )


def to_publish(member: Membership, on: dt.date) -> QuerySet[Activity]:
    """Drafts this member runs whose day is near: deputies are to hear of them in time."""
    return _run_by(member).filter(
        state=State.DRAFT,
        starts_at__date__gte=on,
        starts_at__date__lte=on + dt.timedelta(days=PUBLISH_AHEAD),
    )


def _run_by(member: Membership) -> QuerySet[Activity]:
    rows = access.visible_to(member)
    if member.role == Role.COMMITTEE:
        rows = rows.filter(organiser__in=access.units_of(member))
    return rows


def leaves_waiting(member: Membership) -> QuerySet[LeaveRequest]:
    """Leave requests that wait for this member's organ."""
    rows = access.leaves_visible_to(member).filter(
        state=LeaveRequest.State.ASKED, invitation__withdrawn_at=None
    )
    if member.role in (Role.COMMITTEE, Role.STREET):
        rows = rows.filter(invitation__activity__organiser__in=access.units_of(member))
    return rows


def places_left(activity: Activity) -> int | None:
    """Free places; None where there is no limit."""
    if activity.capacity is None:
        return None
    taken = Invitation.objects.filter(
        activity=activity, withdrawn_at=None, signed_up_at__isnull=False
    ).count()
    return max(0, activity.capacity - taken)


# -- Who can be invited ------------------------------------------------------------------------


def candidates(member: Membership, source: str, key: str, on: dt.date) -> QuerySet[Deputy]:
    """The deputies in office on a day that an invitation by this source means.

    `key`: the level, or the id of a delegation, street, group or committee unit; nothing for all.
    Only deputies this member may invite.
    """
    Source = Invitation.Source
    seats = in_office(on)
    if source == Source.ALL:
        seats = seats.filter(level=own_level())
    elif source == Source.LEVEL:
        seats = seats.filter(level=key)
    elif source == Source.DELEGATION:
        seats = seats.filter(delegation=key)
    elif source == Source.STREET:
        seats = seats.filter(street=key)
    elif source in (Source.GROUP, Source.COMMITTEE):
        model, name = (GroupSeat, "group") if source == Source.GROUP else (CommitteeSeat, "unit")
        within = model.objects.filter(**{name: key}, starts_on__lte=on).filter(
            Q(ends_on=None) | Q(ends_on__gte=on)
        )
        seats = seats.filter(deputy__in=within.values("deputy"))
    return access.invitable(member).filter(pk__in=seats.order_by().values("deputy"))


def seats_on(deputy_ids: Iterable[int], on: dt.date) -> dict[int, Mandate]:
    """For each deputy the seat to show: the congress's own level first. One query."""
    rows = in_office(on).filter(deputy__in=list(deputy_ids)).select_related("delegation", "street")
    own, found = own_level(), {}
    for seat in rows:
        if seat.deputy_id not in found or seat.level == own:
            found[seat.deputy_id] = seat
    return found


# -- One activity ------------------------------------------------------------------------------


@dataclass
class Seat:
    """One line of an activity's or a session's list."""

    invitation: Invitation
    deputy: Deputy
    delegation: str
    street: str
    position: tuple
    leave: LeaveRequest | None
    in_office: bool
    marked: str
    value: Outcome | None
    checked_in_at: dt.datetime | None
    how: str

    @property
    def label(self) -> str:
        return Outcome(self.marked).label if self.marked else ""


def live_invitations(activity: Activity) -> QuerySet[Invitation]:
    """Who is asked and has not been taken out again."""
    return Invitation.objects.filter(activity=activity, withdrawn_at=None).select_related("deputy")


def is_expected(activity: Activity, invitation: Invitation) -> bool:
    """Voluntary: only who signed up; otherwise everybody asked."""
    return bool(invitation.signed_up_at) or not activity.by_sign_up


def in_office_ids(invitations: Iterable[Invitation], on: dt.date) -> set[int]:
    """Of these invitations' deputies those in office that day in the seat they were asked for.
    Two queries per level in use."""
    by_level: dict[str, list[int]] = {}
    for row in invitations:
        by_level.setdefault(row.level, []).append(row.deputy_id)
    found: set[int] = set()
    for level, ids in by_level.items():
        found |= was_in_office(ids, on, level or None)
    return found


def approved_leaves(activity: Activity) -> dict[tuple[int, int | None], LeaveRequest]:
    """Approved leave by invitation and session (None: the whole activity)."""
    rows = LeaveRequest.objects.filter(
        invitation__activity=activity, state=LeaveRequest.State.APPROVED
    )
    return {(row.invitation_id, row.session_id): row for row in rows}


def local_day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def session_seats(activity: Activity, session: Session) -> list[Seat]:
    """Everybody a session's list names, in roster order by delegation, with what is known."""
    invitations = list(live_invitations(activity))
    on = local_day(session.starts_at)
    office, leaves = in_office_ids(invitations, on), approved_leaves(activity)
    seats = seats_on([i.deputy_id for i in invitations], on)
    marks = {p.invitation_id: p for p in Participation.objects.filter(session=session)}
    rows = []
    for row in invitations:
        leave = leaves.get((row.pk, session.pk)) or leaves.get((row.pk, None))
        mark = marks.get(row.pk)
        marked = mark.value if mark else ""
        expected = is_expected(activity, row)
        if not expected and not marked:
            continue
        rows.append(
            _seat(
                row,
                seats.get(row.deputy_id),
                leave=leave,
                in_office=row.deputy_id in office,
                marked=marked,
                value=settled(
                    marked,
                    in_office=row.deputy_id in office,
                    on_leave=leave is not None,
                    expected=expected,
                ),
                checked_in_at=mark.checked_in_at if mark else None,
                how=mark.get_how_display() if mark else "",
            )
        )
    return sorted(rows, key=lambda r: r.position)


def _seat(invitation: Invitation, mandate: Mandate | None, **more) -> Seat:
    delegation = mandate.delegation if mandate else None
    return Seat(
        invitation=invitation,
        deputy=invitation.deputy,
        delegation=delegation.name if delegation else "",
        street=mandate.street.short_name if mandate and mandate.street else "",
        position=(
            delegation.position if delegation else 10**6,
            delegation.name if delegation else "",
            mandate.position if mandate else 10**6,
            invitation.deputy.name_key,
        ),
        **more,
    )


@dataclass
class Guest:
    """One line of the invitations' list: the person, the answer, the attendance."""

    invitation: Invitation
    delegation: str
    street: str
    position: tuple
    leaves: list[LeaveRequest]
    values: list[str]

    @property
    def deputy(self) -> Deputy:
        return self.invitation.deputy

    @property
    def leave_state(self) -> str:
        return self.leaves[-1].state if self.leaves else ""


def guests(activity: Activity) -> list[Guest]:
    """Everybody asked, by delegation in roster order, with answers and attendance."""
    invitations = list(live_invitations(activity))
    seats = seats_on([i.deputy_id for i in invitations], local_day(activity.starts_at))
    leaves: dict[int, list[LeaveRequest]] = {}
    for leave in LeaveRequest.objects.filter(invitation__activity=activity).select_related(
        "session"
    ):
        if leave.state != LeaveRequest.State.DROPPED:
            leaves.setdefault(leave.invitation_id, []).append(leave)
    values: dict[int, list[str]] = {}
    for invitation_id, value in (
        Participation.objects.filter(session__activity=activity)
        .order_by("session__starts_at")
        .values_list("invitation_id", "value")
    ):
        values.setdefault(invitation_id, []).append(value)
    rows = []
    for row in invitations:
        seat = seats.get(row.deputy_id)
        delegation = seat.delegation if seat else None
        rows.append(
            Guest(
                invitation=row,
                delegation=delegation.name if delegation else "",
                street=seat.street.short_name if seat and seat.street else "",
                position=(
                    delegation.position if delegation else 10**6,
                    seat.position if seat else 10**6,
                    row.deputy.name_key,
                ),
                leaves=leaves.get(row.pk, []),
                values=values.get(row.pk, []),
            )
        )
    return sorted(rows, key=lambda g: g.position)


def attendance_counts(activity: Activity) -> Counter:
    """How many people, by their outcome over all sessions of an activity."""
    values: dict[int, list[str]] = {}
    for invitation_id, value in Participation.objects.filter(
        session__activity=activity, invitation__withdrawn_at=None
    ).values_list("invitation_id", "value"):
        values.setdefault(invitation_id, []).append(value)
    return Counter(str(combined(v)) for v in values.values())


def facts_of(activity: Activity) -> QuerySet[DutyRecord]:
    """The duty facts an activity stands behind now."""
    sessions = [str(pk) for pk in activity.sessions.values_list("pk", flat=True)]
    return DutyRecord.objects.filter(withdrawn_at=None).filter(
        Q(source_kind=ACTIVITY_SOURCE, source_id=str(activity.pk))
        | Q(source_kind=SESSION_SOURCE, source_id__in=sessions)
    )


# -- The deputy's own --------------------------------------------------------------------------


@dataclass
class Mine:
    """A deputy's activity with the deputy's own answer."""

    invitation: Invitation
    activity: Activity
    leave: LeaveRequest | None
    needs_answer: bool


def mine(deputy: Deputy, now: dt.datetime | None = None) -> dict[str, list[Mine]]:
    """A deputy's activities: `to_answer`, `coming`, `over` (the latest 60). Two queries."""
    now = now or timezone.now()
    rows = list(
        Invitation.objects.filter(deputy=deputy, withdrawn_at=None)
        .exclude(activity__state__in=[State.DRAFT])
        .select_related("activity__kind", "activity__organiser")
        .order_by("-activity__starts_at")[:200]
    )
    leaves: dict[int, LeaveRequest] = {}
    for leave in LeaveRequest.objects.filter(invitation__in=rows).exclude(
        state=LeaveRequest.State.DROPPED
    ):
        leaves[leave.invitation_id] = leave
    found: dict[str, list[Mine]] = {"to_answer": [], "coming": [], "over": []}
    for row in rows:
        leave = leaves.get(row.pk)
        needs = needs_answer(row, leave, now)
        line = Mine(row, row.activity, leave, needs)
        if row.activity.ends_at < now or not row.activity.is_open:
            found["over"].append(line)
        else:
            found["to_answer" if needs else "coming"].append(line)
    for name in ("to_answer", "coming"):
        found[name].reverse()
    found["over"] = found["over"][:60]
    return found


def with_outcomes(lines: list[Mine]) -> list[tuple[Mine, Outcome | None]]:
    """Activities that are over with the deputy's own attendance. One query."""
    values: dict[int, list[str]] = {}
    for invitation_id, value in Participation.objects.filter(
        invitation__in=[line.invitation for line in lines]
    ).values_list("invitation_id", "value"):
        values.setdefault(invitation_id, []).append(value)
    return [
        (
            line,
            combined(values.get(line.invitation.pk, ()))
            if line.activity.state == State.CLOSED
            else None,
        )
        for line in lines
    ]


def needs_answer(invitation: Invitation, leave: LeaveRequest | None, now: dt.datetime) -> bool:
    """Whether the deputy is still to say: coming, or not."""
    activity = invitation.activity
    closes = activity.sign_up_closes_at or activity.starts_at
    return activity.is_open and invitation.signed_up_at is None and leave is None and now < closes


def to_answer(deputy: Deputy) -> list[Mine]:
    """What a deputy has still to answer, the nearest first (for the first screen)."""
    return mine(deputy)["to_answer"]


# -- Everybody ---------------------------------------------------------------------------------


def who_came(activity: Activity) -> list[str]:
    """Names of those who came, in roster order; of others nothing is told. For the public."""
    came = Deputy.objects.filter(
        invitations__activity=activity,
        invitations__withdrawn_at=None,
        invitations__participations__value__in=ATTENDED,
    ).distinct()
    seats = seats_on([d.pk for d in came], local_day(activity.starts_at))
    last = (10**6, "")

    def place(deputy: Deputy) -> tuple:
        seat = seats.get(deputy.pk)
        return (seat.position, deputy.name_key) if seat else last

    return [d.name for d in sorted(came, key=place)]
