"""Whose word a reply or more time needs: the office that assigned the task on, or 代工委."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from congress.access import units_of
from congress.models import Membership, Role, Unit

from ..models import Assignment, ExtensionApproval, ExtensionRequest, RuleSet
from .handling import tasks_visible_to
from .roles import may_keep

OFFICE = Unit.Kind.GOVERNMENT_OFFICE
# Assigned on by the government office, and not to itself.
_OF_OFFICE = Q(parent__unit__kind=OFFICE) & ~Q(parent__unit=F("unit"))


def has_office(task: Assignment) -> bool:
    """Whether the government office assigned the task on to another unit. A court that hands on
    is no such office, and nobody is its own."""
    if task.parent_id is None or task.parent.unit_id == task.unit_id:
        return False
    return task.parent.unit.kind == OFFICE


def is_its_office(member: Membership, task: Assignment) -> bool:
    """Whether the member is of the government office that assigned the task on."""
    of_it = member.role == Role.GOVERNMENT_OFFICE and has_office(task)
    return of_it and task.parent.unit_id in units_of(member)


def may_check(member: Membership, task: Assignment) -> bool:
    """Whether the member looks at the reply before it goes (预审): the body the rules name;
    代工委 stands in for the government office where that did not assign the task, and looks at
    what says no where the rules ask for no other check."""
    who = task.suggestion.rule_set.reply_precheck
    if task.state != Assignment.State.CHECKING:
        return False
    if who == RuleSet.Precheck.GOVERNMENT_OFFICE and has_office(task):
        return is_its_office(member, task)
    return may_keep(member)


def tasks_to_check(member: Membership) -> QuerySet[Assignment]:
    """The tasks whose reply waits for this member's check."""
    rows = tasks_visible_to(member).filter(state=Assignment.State.CHECKING)
    asked = "suggestion__rule_set__reply_precheck"
    by_office = Q(**{asked: RuleSet.Precheck.GOVERNMENT_OFFICE}) & _OF_OFFICE
    if may_keep(member):
        return rows.exclude(pk__in=Assignment.objects.filter(by_office).values("pk"))
    if member.role == Role.GOVERNMENT_OFFICE:
        return rows.filter(by_office, parent__unit__in=units_of(member))
    return rows.none()


def extensions_to_decide(member: Membership) -> QuerySet[ExtensionRequest]:
    """Requests for more time that wait for the word of this member's office; `approvers` in
    `rules.limits` says whose."""
    spoken = ExtensionApproval.objects.filter(request=OuterRef("pk"), role=member.role)
    rows = ExtensionRequest.objects.filter(~Exists(spoken), granted=None).select_related(
        "assignment__suggestion"
    )
    named = "assignment__suggestion__rule_set__extension_approvers"
    of_office = Assignment.objects.filter(_OF_OFFICE, pk=OuterRef("assignment"))
    if may_keep(member):
        only_office = Q(**{named: [Role.GOVERNMENT_OFFICE.value]}) & ~Q(Exists(of_office))
        return rows.filter(Q(**{f"{named}__contains": Role.DEPUTY_AFFAIRS.value}) | only_office)
    if member.role == Role.GOVERNMENT_OFFICE:
        rows = rows.filter(**{f"{named}__contains": member.role}).filter(Exists(of_office))
        return rows.filter(assignment__parent__unit__in=units_of(member))
    return rows.none()
