"""What a desk must do first."""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least

from congress.models import Membership

from .. import access
from ..models import Assignment, Contact, JointOpinion, Study
from ..rules import GONE, OVER


def by_due(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Tasks by the day that must be kept now, which stands in `due_on`: of a second round the day
    its order named; of an opinion that was sent back the day to give it again; else an extension
    that was granted; else the earliest of the three days."""
    ordered = Study.objects.filter(
        suggestion=OuterRef("suggestion"), result=Study.Result.REHANDLE
    ).order_by("-pk")
    first = Coalesce("extended_to", Least("legal_due_on", "batch_due_on", "internal_due_on"))
    again = Coalesce(Subquery(ordered.values("due_on")[:1]), "legal_due_on")
    opinions = JointOpinion.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    redo = Coalesce(Subquery(opinions.values("redo_due_on")[:1]), first)
    back = Q(state=Assignment.State.OPINION_BACK)
    due = Case(When(back, then=redo), When(suggestion__round__gt=1, then=again), default=first)
    return rows.annotate(due_on=due).order_by(F("due_on").asc(nulls_last=True), "pk")


def handed_on() -> Exists:
    """The tasks an office has handed on: nothing is left for it to do but to watch."""
    children = Assignment.objects.filter(parent=OuterRef("pk")).exclude(state__in=GONE)
    return Exists(children)


def tasks_by_due(member: Membership) -> QuerySet[Assignment]:
    """The member's own tasks that are not over nor handed on, the most pressing first."""
    return by_due(access.own_tasks(member).exclude(state__in=OVER).exclude(handed_on()))


def talks_before(task: Assignment) -> QuerySet[Contact]:
    """The talks of the unit whose place this one took, by return or by change of units."""
    replaced = Q(assignment__changes_out__new=task)
    returned = Q(assignment__return_requests__new_assignment=task)
    rows = Contact.objects.filter(replaced | returned).select_related("assignment")
    return rows.distinct().order_by("on", "pk")
