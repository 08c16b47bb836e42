"""The sweep that carries messages outside: any number of copies may run."""

from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from congress.models import Congress
from congress.tenancy import across_congresses

from . import actions
from .actions.delivering import due
from .models import Notice


@shared_task(name="notices.sweep")
def sweep() -> int:
    """Send one task for each congress where something waits; gives how many."""
    return start_sweep(deliver.delay)


@shared_task(name="notices.deliver", soft_time_limit=150, time_limit=180)
def deliver(congress_id: int) -> int:
    """Route and send what is due in one congress; gives how many messages."""
    return actions.deliver(Congress.objects.get(pk=congress_id))


def start_sweep(send: Callable[[int], object]) -> int:
    now = timezone.now()
    with across_congresses() as alias:
        new = Notice.objects.using(alias).filter(routed_at=None, congress__is_active=True)
        old = due(now).using(alias).filter(congress__is_active=True)
        ids = set(new.order_by().values_list("congress_id", flat=True).distinct())
        ids |= set(old.order_by().values_list("congress_id", flat=True).distinct())
    for congress_id in sorted(ids):
        send(congress_id)
    return len(ids)
