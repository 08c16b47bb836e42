"""交办函 of a whole batch in one file: made in the background, kept for a day for who asked."""

import datetime as dt

from django.utils import timezone

from congress import audit, files
from congress.flow import NotAllowed
from congress.models import Job, Membership, StoredFile
from congress.outbox import enqueue

from .. import access, documents, queries
from ..models import AssignmentBatch

LETTERS = "suggestions.letters"
KEPT_FOR = dt.timedelta(days=1)


def start_letters(batch: AssignmentBatch, *, by: Membership) -> Job:
    """Begin making all letters of a batch; a job of this person that still runs is given again."""
    _may(batch, by)
    running = Job.objects.filter(
        task=LETTERS, args__batch=batch.pk, done_at=None, failed_at=None, by=by
    ).first()
    return running or enqueue(LETTERS, by=by, title=f"生成“{batch.title}”的交办函", batch=batch.pk)


def make_letters(batch: AssignmentBatch, *, by: Membership) -> StoredFile:
    """All letters of a batch as one PDF that only who asked may have."""
    _may(batch, by)
    lines = queries.paper_lines(batch)
    if not lines:
        raise NotAllowed("批次里还没有建议")
    content = documents.assignment_letters(batch, lines)
    audit.record(by, "suggestions.export", batch, note="全部交办函")
    return files.store(
        f"{batch.title}交办函.pdf", content, purpose=files.EXPORT,
        content_type="application/pdf", by=by, expires_at=timezone.now() + KEPT_FOR,
    )  # fmt: skip


def _may(batch: AssignmentBatch, by: Membership) -> None:
    if not access.batches_visible_to(by).filter(pk=batch.pk).exists():
        raise NotAllowed("交办函由代工委办理")
