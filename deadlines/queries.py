"""Lists and counts of time limits."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from congress import queries as memberships
from congress.models import Membership, Role
from congress.models import Unit as House

from .models import Deadline, Post, ReminderPlan
from .rules import KEEPERS, OFFICE, YELLOW_DAYS, Light, Plan, Rank

# In which roles a member works for the own unit.
UNIT_ROLES = (Role.HANDLING_UNIT, Role.GOVERNMENT_OFFICE, Role.COMMITTEE, Role.STREET)


def open_deadlines() -> QuerySet[Deadline]:
    """Everything neither met nor cancelled, the most pressing first."""
    return Deadline.objects.filter(done_at=None, cancelled_at=None)


def waiting_for(member: Membership, today: date) -> QuerySet[Deadline]:
    """What a member still has to do, or the member's unit has; what lapsed on its day is left
    out."""
    whose = Q(member=member)
    if member.unit_id and member.role in UNIT_ROLES:
        whose |= Q(to_unit=member.unit_id)
    return open_deadlines().filter(whose).exclude(lapses=True, due_on__lt=today)


def of_subject(subject: Model, kind: str = "") -> QuerySet[Deadline]:
    """The time limits of one thing, of one kind if named."""
    rows = Deadline.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).select_related("member", "to_unit")
    return rows.filter(kind=kind) if kind else rows


def shown(subjects: Iterable[Model], kinds: Iterable[str] = ()) -> list[Deadline]:
    """The time limits a page shows of its matter, those of these kinds if named: the open ones
    and, of what is no longer owed, what was met; each with what moved it. Three queries."""
    ids: dict[str, list[int]] = {}
    for subject in subjects:
        ids.setdefault(subject._meta.label_lower, []).append(subject.pk)
    which = Q(pk=None)
    for label, pks in ids.items():
        which |= Q(subject_type=label, subject_id__in=pks)
    rows = Deadline.objects.filter(which, cancelled_at=None).select_related("member", "to_unit")
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    return list(rows.prefetch_related("extensions", "shifts").order_by("due_on", "pk"))


def shown_once(subjects: Iterable[Model], kinds: Iterable[str] = ()) -> list[Deadline]:
    """The same, of what several people owe alike one line."""
    found: dict[tuple, Deadline] = {}
    for row in shown(subjects, kinds):
        key = (row.kind, row.subject_type, row.subject_id, row.start_on, row.due_on, row.is_open)
        found.setdefault(key, row)
    return list(found.values())


def with_light(rows: QuerySet[Deadline], light: str, today: date) -> QuerySet[Deadline]:
    """Of these, those that show a light today."""
    yellow = today + timedelta(days=YELLOW_DAYS)
    condition = {
        Light.RED: Q(due_on__lt=today),
        Light.YELLOW: Q(due_on__gte=today, due_on__lte=yellow),
        Light.GREEN: Q(due_on__gt=yellow),
    }[Light(light)]
    return rows.filter(condition)


def to_remind_of(rows: QuerySet[Deadline], today: date) -> QuerySet[Deadline]:
    """Of these, the open ones of which something has to be said today."""
    return rows.filter(done_at=None, cancelled_at=None, next_on__lte=today)


# -- Who is told ------------------------------------------------------------------------------


def reminder_plan() -> Plan:
    """The open congress's plan, or the usual one."""
    row = ReminderPlan.objects.first()
    return row.plan if row else Plan()


def in_force(rows: QuerySet[Membership], today: date) -> QuerySet[Membership]:
    """Of these, members in office with a login that is open."""
    return rows.filter(memberships.in_force(today), user__is_active=True)


def people_by_rung(units: Iterable[House], today: date) -> dict[int, dict[str, list[Membership]]]:
    """For each unit (by id) who stands on which rung of its ladder today: its own people by their
    posts, then the 政府办 it belongs to, then 代工委. Three queries, however many units."""
    units = {u.pk: u for u in units}
    found: dict[int, dict[str, list[Membership]]] = {pk: {} for pk in units}
    if not units:
        return found
    posts = dict(Post.objects.values_list("member_id", "rank"))
    above = in_force(
        Membership.objects.filter(role__in=[Role.GOVERNMENT_OFFICE, Role.DEPUTY_AFFAIRS]), today
    )
    above = list(above.select_related("unit"))
    own = in_force(Membership.objects.filter(unit__in=units, role__in=UNIT_ROLES), today)
    for member in own.order_by("pk"):
        rank = posts.get(member.pk, Rank.CLERK)
        found[member.unit_id].setdefault(rank, []).append(member)
    offices = {m.unit_id for m in above if m.role == Role.GOVERNMENT_OFFICE}
    for pk, rungs in found.items():
        unit = units[pk]
        office = unit.parent_id if unit.parent_id in offices else None
        rungs[OFFICE] = [
            m
            for m in above
            if m.role == Role.GOVERNMENT_OFFICE
            and m.unit_id != pk
            and (m.unit_id == office or office is None)
        ]
        rungs[KEEPERS] = [m for m in above if m.role == Role.DEPUTY_AFFAIRS]
    return found


def members_of(units: Iterable[House], today: date) -> dict[int, list[Membership]]:
    """Everybody who works for each unit today; 代工委 where nobody does."""
    return {
        pk: [m for rank in Rank for m in rungs.get(rank, [])] or rungs[KEEPERS]
        for pk, rungs in people_by_rung(units, today).items()
    }


def people_of(unit: House) -> list[Membership]:
    """Everybody who works for a unit today."""
    rows = Membership.objects.filter(unit=unit, role__in=UNIT_ROLES)
    return list(in_force(rows, timezone.localdate()).order_by("pk"))


def posts_of(units: list[House]) -> list[tuple[House, dict[str, list[Membership]]]]:
    """Each unit with its people by their posts."""
    found = people_by_rung(units, timezone.localdate())
    return [(unit, found[unit.pk]) for unit in units]
