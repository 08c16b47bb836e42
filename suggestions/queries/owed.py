"""The day of a suggestion as it stands among the time limits, beside the suggestion itself: what a
list or a first screen shows is the very day that is reminded of."""

from django.db.models import OuterRef, Subquery

from deadlines.models import Deadline

SUBJECT = "suggestions.suggestion"


def day_owed(kind: str) -> Subquery:
    """Until when what is owed now must be done (rules.kinds); none where nothing is owed. Of
    several addressees the earliest."""
    rows = _of(kind).filter(done_at=None, cancelled_at=None)
    return Subquery(rows.order_by("due_on").values("due_on")[:1])


def day_kept(kind: str) -> Subquery:
    """The same, and once it was done the day that had to be kept."""
    rows = _of(kind).filter(cancelled_at=None)
    return Subquery(rows.order_by("-pk").values("due_on")[:1])


def _of(kind: str):
    return Deadline.objects.filter(kind=kind, subject_type=SUBJECT, subject_id=OuterRef("pk"))
