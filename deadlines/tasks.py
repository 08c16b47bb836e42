"""The sweep that reminds: any number of copies may run, at any time, and nothing is lost when
one dies, for the next tick finds the same rows.
"""

from collections.abc import Callable

from celery import shared_task
from django.db import connection
from django.utils import timezone

from congress.models import Congress
from congress.tenancy import across_congresses, in_congress

from . import actions, queries
from .models import Deadline

REMINDING = 42  # first half of the advisory lock; the second is the congress


@shared_task(name="deadlines.sweep")
def sweep() -> int:
    """Send one task for each congress where somebody may have to be reminded; gives how many."""
    return start_sweep(remind.delay)


@shared_task(name="deadlines.remind")
def remind(congress_id: int) -> int:
    """Remind in one congress, in one transaction; gives how many notices were written."""
    with in_congress(Congress.objects.get(pk=congress_id)):
        return actions.remind(timezone.now()) if _only_one(congress_id) else 0


def start_sweep(send: Callable[[int], object]) -> int:
    with across_congresses() as alias:
        rows = queries.to_remind_of(Deadline.objects.using(alias), timezone.localdate())
        rows = rows.filter(congress__is_active=True).order_by("congress_id")
        ids = list(rows.values_list("congress_id", flat=True).distinct())
    for congress_id in ids:
        send(congress_id)
    return len(ids)


def _only_one(congress_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [REMINDING, congress_id % 2**31])
        return cursor.fetchone()[0]
