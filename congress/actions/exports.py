"""Exports that were asked for and are kept for a day."""

from datetime import datetime

from django.db import transaction

from .. import audit, files
from ..models import Job, StoredFile


@transaction.atomic
def drop_expired_exports(now: datetime) -> int:
    """Remove the exports of the open congress whose time is over, bytes and rows; gives how many.
    The job that made one stays, without the link that leads nowhere now.

    The bytes go first: whoever dies in between leaves the row, and the next run finds it.
    """
    rows = StoredFile.objects.filter(purpose=files.EXPORT, expires_at__lte=now)
    gone = list(rows.select_for_update(skip_locked=True).order_by("pk"))
    for row in gone:
        files.path_of(row).unlink(missing_ok=True)
    Job.objects.filter(link__in=[f"/files/{row.public_id}/" for row in gone]).update(link="")
    StoredFile.objects.filter(pk__in=[row.pk for row in gone]).delete()
    if gone:
        audit.record(None, "congress.drop_exports", after={"件数": len(gone)})
    return len(gone)
