"""Who may see a task, whose work it is, and which steps are whose."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from congress.access import units_of
from congress.models import Membership, Role

from ..models import Assignment, Suggestion
from ..rules import ASSIGNMENT_FLOW, GONE, OVER
from .roles import HANDLERS, may_keep
from .seeing import is_lead, of_street, of_unit, visible_to


def own_tasks(member: Membership) -> QuerySet[Assignment]:
    """The tasks of the member's own unit; for the government office those it assigned on too."""
    rows = Assignment.objects.select_related("suggestion__category", "unit", "parent__unit")
    if member.role not in HANDLERS:
        return rows.none()
    return rows.filter(of_unit(member))


def tasks_visible_to(member: Membership) -> QuerySet[Assignment]:
    """The tasks a member may open: a unit its own, the government office all of its system, who
    leads the opinions of the joint units too, staff those of the suggestions they see; a street
    that handles is a unit in this, beside the tasks of what its deputies raised."""
    rows = Assignment.objects.select_related(
        "suggestion__category", "suggestion__lead", "unit", "parent__unit"
    )
    if member.role in (Role.HANDLING_UNIT, Role.STREET):
        leads = Assignment.objects.filter(
            suggestion=OuterRef("suggestion"),
            unit__in=units_of(member),
            role=Assignment.Role.LEAD,
        ).exclude(state__in=GONE)
        joint = Q(role=Assignment.Role.JOINT) & Q(Exists(leads))
        own = of_unit(member) | joint
        if member.role == Role.STREET:
            own |= of_street(member, "suggestion__")
        return rows.filter(own)
    if member.role == Role.GOVERNMENT_OFFICE:
        return rows.filter(of_unit(member))
    return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))


def followed_tasks(member: Membership) -> QuerySet[Assignment]:
    """The tasks a member of the staff follows and may urge: those of the suggestions it may open;
    what its own street handles for others stays at the desk."""
    return tasks_visible_to(member).filter(
        suggestion__in=visible_to(member).order_by().values("pk")
    )


def may_urge(member: Membership, task: Assignment) -> bool:
    """Whether a task is among those the member follows: a committee's categories, what it
    supervises and key items; a street's own deputies'. Nobody urges the own unit."""
    own = task.unit_id in units_of(member)
    return not own and followed_tasks(member).filter(pk=task.pk).exists()


def find_task(member: Membership, pk: int) -> Assignment:
    """One task this member may see, otherwise 404."""
    row = tasks_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def works_for(member: Membership, task: Assignment) -> bool:
    """Whether the task is the member's own unit's."""
    return member.role in HANDLERS and task.unit_id in units_of(member)


def assigned_by(member: Membership, task: Assignment) -> bool:
    """Whether the member decides for the level that assigned the task: the owner's unit at the
    second level, 代工委 at the first."""
    if task.parent_id:
        handles = member.role in HANDLERS
        return handles and task.parent.unit_id in units_of(member)
    return may_keep(member)


def may_urge_on(member: Membership, task: Assignment) -> bool:
    """Whether the office that assigned the task on urges its unit now: a government office does,
    those of its own system, until they are done."""
    is_its = task.parent_id is not None and task.parent.unit_id in units_of(member)
    done = task.state in (*OVER, Assignment.State.OPINION_GIVEN)
    return member.role == Role.GOVERNMENT_OFFICE and is_its and not done


def was_returned(suggestion: Suggestion) -> bool:
    """Whether a unit of this suggestion was released from it before."""
    return suggestion.assignments.filter(return_requests__accepted=True).exists()


def rules_on(member: Membership, task: Assignment) -> bool:
    """Whether the member rules on a return: what is returned a second time 代工委 rules on, also
    where another office assigned it."""
    return may_keep(member) and was_returned(task.suggestion)


def task_steps(member: Membership, task: Assignment) -> list[Assignment.Step]:
    """The steps a member may take on a task now."""
    Do = Assignment.Step
    possible = ASSIGNMENT_FLOW.steps(task.state)
    mine: set[Assignment.Step] = set()
    if works_for(member, task):
        mine |= {Do.SIGN, Do.START, Do.ASK_RETURN}
        if not task.suggestion.is_received:  # the day of those is the sender's to move
            mine.add(Do.ASK_EXTENSION)
        if task.role == Assignment.Role.JOINT:
            mine.add(Do.GIVE_OPINION)
        elif task.answers:
            mine |= {Do.DRAFT_REPLY, Do.SIGN_OFF, Do.CHECK, Do.SERVE}
    if assigned_by(member, task):
        mine |= {Do.ACCEPT_RETURN, Do.REFUSE_RETURN, Do.CANCEL}
    elif may_keep(member):
        mine.add(Do.CANCEL)  # 代工委 changes the units of another office's level too
    if task.state == Assignment.State.RETURN_ASKED and rules_on(member, task):
        mine |= {Do.ACCEPT_RETURN, Do.REFUSE_RETURN}
    if task.role == Assignment.Role.JOINT and _leads(member, task):
        mine.add(Do.SEND_OPINION_BACK)
    return [step for step in possible if step in mine]


def _leads(member: Membership, task: Assignment) -> bool:
    return (
        Assignment.objects.filter(
            suggestion=task.suggestion_id, role=Assignment.Role.LEAD, unit__in=units_of(member)
        )
        .exclude(state__in=GONE)
        .exists()
    )


def may_change_units(member: Membership, suggestion: Suggestion, parent: Assignment | None) -> bool:
    """Whether a member changes the units of one level after 交办: 代工委 at any, an office those
    below its own task (`parent`)."""
    under_way = suggestion.state in (Suggestion.State.ASSIGNED, Suggestion.State.HANDLING)
    if not under_way or suggestion.is_secret_placeholder:
        return False
    if may_keep(member):
        return True
    if parent is None or parent.role != Assignment.Role.OWNER or parent.state in GONE:
        return False
    return works_for(member, parent)


def may_object_to_units(member: Membership, suggestion: Suggestion) -> bool:
    """Whether the deputy who leads it (of a delegation's, its head) may object to a unit: after
    交办, until the reply."""
    under_way = suggestion.state in (Suggestion.State.ASSIGNED, Suggestion.State.HANDLING)
    head = suggestion.delegation_head
    speaks = is_lead(member, suggestion) or bool(head and head.membership_id == member.pk)
    return under_way and speaks and member.role == Role.DEPUTY


def may_supplement(member: Membership, task: Assignment) -> bool:
    """Whether the member's unit, one that helps (会办), may write to the deputy itself."""
    early = (Assignment.State.TO_SIGN, Assignment.State.RETURN_ASKED, *GONE)
    helps = task.role == Assignment.Role.JOINT and task.state not in early
    return helps and works_for(member, task)
