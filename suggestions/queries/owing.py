"""Which suggestions can owe something by a day."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from deadlines.models import Deadline

from ..models import Assignment, Promise, Reply, ReturnRequest, Suggestion
from ..rules.kinds import KINDS
from . import publishing
from .base import NOT_ASSIGNED
from .owed import SUBJECT

State = Suggestion.State
# Where handling itself goes on.
UNDER_WAY = (
    *NOT_ASSIGNED, State.ASSIGNED, State.HANDLING, State.ANSWERED, State.DISSATISFIED,
    State.REHANDLING, State.ESCALATED,
)  # fmt: skip


def may_owe(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Of these suggestions the ones whose time limits can be otherwise than they stand: all under
    way; of those that are over, what has a promise to keep, a publication to decide, or a time
    limit still open."""
    promises = Promise.objects.filter(suggestion=OuterRef("pk"))
    running = promises.filter(
        state__in=[Promise.State.RUNNING, Promise.State.CHANGED], reply__state=Reply.State.SERVED
    )
    unpublished = publishing.publishable(Suggestion.objects.all()).filter(publishing.OPEN)
    tasks = Assignment.objects.filter(suggestion=OuterRef("pk"))
    requests = ReturnRequest.objects.filter(assignment__suggestion=OuterRef("pk"))
    return rows.filter(
        Q(state__in=UNDER_WAY, is_secret_placeholder=False)
        | Q(Exists(running))
        | Q(pk__in=unpublished.order_by().values("pk"))
        | Q(pk__in=_still_open(SUBJECT))
        | Q(Exists(tasks.filter(pk__in=_still_open("suggestions.assignment"))))
        | Q(Exists(requests.filter(pk__in=_still_open("suggestions.returnrequest"))))
        | Q(Exists(promises.filter(pk__in=_still_open("suggestions.promise"))))
    )


def _still_open(subject: str) -> QuerySet:
    rows = Deadline.objects.filter(kind__in=KINDS, done_at=None, cancelled_at=None)
    return rows.filter(subject_type=subject).values("subject_id")
