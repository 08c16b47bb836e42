"""Who reads requests to return a task or for more time, and whose word is asked."""

from django.db.models import QuerySet

from congress.models import Membership, Role

from ..models import Assignment, ExtensionRequest, ReturnRequest
from ..rules import approvers
from .checking import has_office, is_its_office
from .roles import KEEPERS, may_keep


def may_approve(member: Membership, task: Assignment) -> bool:
    """Whether the member's word is asked on an extension of this task."""
    wanted = approvers(task.suggestion.rule_set.extension_approvers, has_office(task))
    if member.role not in wanted:
        return False
    return may_keep(member) or is_its_office(member, task)


def returns_visible_to(member: Membership) -> QuerySet[ReturnRequest]:
    """Requests to return a task: 代工委 and the chairpersons all, in their desk's order."""
    rows = ReturnRequest.objects.select_related(
        "assignment__suggestion__rule_set", "assignment__parent__unit", "assignment__unit",
        "assignment__batch", "proposed_unit", "asked_by", "decided_by", "new_assignment",
    )  # fmt: skip
    return rows if member.role in KEEPERS | {Role.CHAIR} else rows.none()


def extensions_visible_to(member: Membership) -> QuerySet[ExtensionRequest]:
    """Requests for more time: 代工委 and the chairpersons all."""
    rows = ExtensionRequest.objects.select_related(
        "assignment__suggestion__rule_set", "assignment__parent__unit", "assignment__unit",
        "asked_by",
    )  # fmt: skip
    return rows if member.role in KEEPERS | {Role.CHAIR} else rows.none()
