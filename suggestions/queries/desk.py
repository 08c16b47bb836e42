"""What a desk must do first."""

import datetime as dt

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least

from congress.access import units_of
from congress.models import Membership

from .. import access
from ..models import Assignment, Contact, JointOpinion, Study
from ..rules import GONE, OVER

State = Assignment.State


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


def desk_tasks(member: Membership, show: str = "", today: dt.date | None = None):
    """What a desk shows and counts, the most pressing first: the first screen and the list both
    read it here, so that a number is the number of rows behind it.

    `show`: "" what waits for the desk; to_sign, handling, late (with `today`), given (opinions
    that wait for the leading unit), answered, handed_on, all; of an office to_hand_on, what it has
    to hand on, system, what the units of its system have in hand, and returns, extensions and
    to_check, what waits for its word.
    """
    rows = access.own_tasks(member)
    waiting = rows.exclude(state__in=[*OVER, State.OPINION_GIVEN]).exclude(handed_on())
    found = {
        "": waiting,
        "to_sign": waiting.filter(state=State.TO_SIGN),
        "handling": waiting.exclude(state=State.TO_SIGN),
        "given": rows.filter(state=State.OPINION_GIVEN),
        "answered": rows.filter(state__in=[State.ANSWERED, State.DONE]).exclude(
            role=Assignment.Role.OWNER
        ),
        "handed_on": rows.filter(handed_on()),
        "to_hand_on": waiting.filter(role=Assignment.Role.OWNER, unit__in=units_of(member)),
        "system": waiting.exclude(role=Assignment.Role.OWNER),
        "returns": rows.filter(
            state=State.RETURN_ASKED,
            parent__unit__in=units_of(member),
            return_requests__accepted=None,
        ),
        "extensions": rows.filter(
            pk__in=access.extensions_to_decide(member).order_by().values("assignment")
        ),
        "to_check": access.tasks_to_check(member),
        "all": rows,
    }
    found["late"] = found["system"]
    ordered = by_due(found[show])
    return ordered.filter(due_on__lt=today) if show == "late" else ordered


def talks_before(task: Assignment) -> QuerySet[Contact]:
    """The talks of the unit whose place this one took, by return or by change of units."""
    replaced = Q(assignment__changes_out__new=task)
    returned = Q(assignment__return_requests__new_assignment=task)
    rows = Contact.objects.filter(replaced | returned).select_related("assignment")
    return rows.distinct().order_by("on", "pk")
