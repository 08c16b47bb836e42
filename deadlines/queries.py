"""Lists and counts of time limits."""

from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet

from congress.models import Membership

from .models import Deadline
from .rules import BEFORE, YELLOW_DAYS, Light


def open_deadlines() -> QuerySet[Deadline]:
    """Everything neither met nor cancelled, the most pressing first."""
    return Deadline.objects.filter(done_at=None, cancelled_at=None)


def waiting_for(member: Membership, today: date) -> QuerySet[Deadline]:
    """What a member still has to do; what lapsed on its day is left out."""
    return open_deadlines().filter(member=member).exclude(lapses=True, due_on__lt=today)


def of_subject(subject: Model, kind: str = "") -> QuerySet[Deadline]:
    """The time limits of one thing, of one kind if named."""
    rows = Deadline.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).select_related("member")
    return rows.filter(kind=kind) if kind else rows


def with_light(rows: QuerySet[Deadline], light: str, today: date) -> QuerySet[Deadline]:
    """Of these, those that show a light today."""
    yellow = today + timedelta(days=YELLOW_DAYS)
    condition = {
        Light.RED: Q(due_on__lt=today),
        Light.YELLOW: Q(due_on__gte=today, due_on__lte=yellow),
        Light.GREEN: Q(due_on__gt=yellow),
    }[Light(light)]
    return rows.filter(condition)


def may_be_due(rows: QuerySet[Deadline], today: date) -> QuerySet[Deadline]:
    """Of these, the open ones of which something may have to be said today.

    Twice the earliest reminder: a day of rest gives way to a working day before it.
    """
    return (
        rows.filter(done_at=None, cancelled_at=None)
        .filter(due_on__lte=today + timedelta(days=2 * max(BEFORE)))
        .filter(Q(reminded_on=None) | Q(reminded_on__lt=today))
        .exclude(lapses=True, due_on__lt=today)
    )
