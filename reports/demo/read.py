"""The demo's messages: whom they told has mostly read them, and what went outside has gone."""

import datetime as dt

from django.utils import timezone

from notices.models import Notice

LATELY = dt.timedelta(days=5)  # what came since then is still on its way
SELDOM = dt.timedelta(days=21)  # a few look in only this often, and are called
FEW = 23  # one of so many
AT_ONCE = 1000


def read_what_came(now: dt.datetime | None = None) -> int:
    """Let the messages of the open congress's past be read, each within two days and by day;
    gives how many. Without it the first start of the product would send two years of messages,
    and staff would have to call everybody."""
    now = now or timezone.now()
    rows = list(Notice.objects.filter(read_at=None, created_at__lt=now - LATELY))
    for row in rows:
        row.routed_at = row.created_at
        if row.to_id % FEW or row.created_at < now - SELDOM:
            row.read_at = _moment(row, now)
    Notice.objects.bulk_update(rows, ["routed_at", "read_at"], batch_size=AT_ONCE)
    return len(rows)


def _moment(row: Notice, now: dt.datetime) -> dt.datetime:
    """A while after it came, never at night."""
    read = row.created_at + dt.timedelta(minutes=7 + row.pk * 37 % 2100)
    local = timezone.localtime(read)
    if not 7 <= local.hour < 22:
        read += dt.timedelta(hours=10)
    return min(read, now)
