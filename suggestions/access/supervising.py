"""Who may see 督办, propose it and carry it on."""

from django.db.models import Case, QuerySet, Value, When

from congress.models import Membership, Role

from ..models import Supervision
from .roles import KEEPERS
from .seeing import visible_to


def supervisions_visible_to(member: Membership) -> QuerySet[Supervision]:
    """督办 of the suggestions a member may open; `is_own` where the member leads it."""
    rows = Supervision.objects.select_related(
        "suggestion__category", "meeting", "leader", "committee"
    ).annotate(is_own=Case(When(leader=member, then=Value(1)), default=Value(0)))
    return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))


def supervision_kinds(member: Membership) -> list[Supervision.Kind]:
    """What a member may propose: a street follows its deputies' items, committees their
    categories, both and 代工委 may ask for key supervision as far as the rules go."""
    Kind = Supervision.Kind
    if member.role == Role.STREET:
        return [Kind.STREET]
    return [Kind.KEY, Kind.COMMITTEE, Kind.STREET]


def supervision_steps(member: Membership, row: Supervision) -> list[str]:
    """What a member may do with a supervision now: decide, note, plan, leader, end."""
    role = member.role
    staff = role in KEEPERS | {Role.COMMITTEE}
    if row.state == Supervision.State.PROPOSED:
        return [*(["decide"] if role in KEEPERS and row.kind == "key" else []),
                *(["plan"] if staff else [])]  # fmt: skip
    if row.state != Supervision.State.RUNNING:
        return []
    steps = []
    if staff or role in (Role.CHAIR, Role.STREET):
        steps.append("note")
    if staff or (role == Role.STREET and row.kind == Supervision.Kind.STREET):
        steps += ["end", "plan"]
    if role in KEEPERS:
        steps.append("leader")
    return steps
