"""Who may see the ledger of promises, and whose step is next."""

from django.db.models import QuerySet

from congress.access import units_of
from congress.models import Membership, Role

from ..models import Promise
from ..rules import PROMISE_FLOW
from .roles import HANDLERS, KEEPERS
from .seeing import visible_to


def promises_visible_to(member: Membership) -> QuerySet[Promise]:
    """The ledger of promises: units their own, others those of the suggestions they see."""
    rows = Promise.objects.select_related("suggestion", "unit", "reply")
    if member.role == Role.HANDLING_UNIT:
        return rows.filter(unit__in=units_of(member))
    return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))


def promises_at_desk(member: Membership) -> QuerySet[Promise]:
    """The same at the handling desk, where a street keeps those it made itself."""
    if member.role != Role.STREET:
        return promises_visible_to(member)
    rows = Promise.objects.select_related("suggestion", "unit", "reply")
    return rows.filter(unit__in=units_of(member))


def promise_steps(member: Membership, promise: Promise) -> list[Promise.Step]:
    """A unit reports, changes or gives up its promise; 代工委 and the committee confirm or take
    it up again, a committee that promised itself never its own."""
    possible = PROMISE_FLOW.steps(promise.state)
    mine: set[Promise.Step] = set()
    own = promise.unit_id in units_of(member)
    if own and member.role in HANDLERS:
        mine |= {Promise.Step.REPORT, Promise.Step.CHANGE, Promise.Step.FAIL}
    elif member.role in KEEPERS | {Role.COMMITTEE}:
        mine |= {Promise.Step.CONFIRM, Promise.Step.REOPEN}
    return [step for step in possible if step in mine]
