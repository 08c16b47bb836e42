"""What a desk must do first."""

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Least

from congress.models import Membership

from .. import access
from ..models import Assignment
from ..rules import OVER


def by_due(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Tasks by the earliest of their days, which stands in `due_on`."""
    due = Least(
        Coalesce("extended_to", "legal_due_on"),
        Coalesce("batch_due_on", "legal_due_on"),
        Coalesce("internal_due_on", "legal_due_on"),
    )
    return rows.annotate(due_on=due).order_by(F("due_on").asc(nulls_last=True), "pk")


def tasks_by_due(member: Membership) -> QuerySet[Assignment]:
    """The member's own tasks that are not over, the most pressing first."""
    return by_due(access.own_tasks(member).exclude(state__in=OVER))
