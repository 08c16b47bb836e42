"""Papers that are kept: 答复函 as it was served; 交办函 of a whole batch in one file, made in the
background, for a day, for who asked."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit, files
from congress.flow import NotAllowed
from congress.models import Job, Membership, StoredFile
from congress.outbox import enqueue

from .. import access, documents, queries
from ..models import AssignmentBatch, Reply, RuleSet, Service

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


# -- 答复函 ------------------------------------------------------------------------------------


@transaction.atomic
def keep_letter(reply: Reply, *, by: Membership | None) -> StoredFile:
    """答复函 as it was served: made once, then kept; what changes later (a unit's name, the layout
    of letters) does not change it. Asked before the reply is served it is refused."""
    row = (
        Reply.objects.select_for_update(of=("self",))
        .select_related("assignment__suggestion__lead", "assignment__suggestion__delegation",
                        "assignment__suggestion__delegation_head", "result_class", "letter")
        .get(pk=reply.pk)
    )  # fmt: skip
    if row.letter_id:
        return row.letter
    if row.state != Reply.State.SERVED:
        raise NotAllowed("答复还没有送达")
    row.letter = files.store(
        letter_name(row), _letter(row), purpose=access.LETTER_PURPOSE,
        content_type="application/pdf", by=by,
    )  # fmt: skip
    row.save(update_fields=["letter"])
    return row.letter


def letter_name(reply: Reply) -> str:
    """The file's name of a letter."""
    suggestion = reply.assignment.suggestion
    again = "" if reply.round == 1 else f"（第{reply.round}次办理）"
    return f"第{suggestion.number}号建议答复函{again}.pdf"


def letter_of(reply: Reply, *, by: Membership) -> bytes:
    """The letter to be read: the kept one of a served reply, otherwise as it would go today."""
    if reply.state == Reply.State.SERVED:
        return files.read(keep_letter(reply, by=by))
    return _letter(reply)


def _letter(reply: Reply) -> bytes:
    suggestion = reply.assignment.suggestion
    one = suggestion.rule_set.merge_mode == RuleSet.MergeMode.ONE
    together = [s.number for s in queries.merged_with(suggestion)] if one else []
    names = queries.letter_names(suggestion)
    return documents.reply_letter(reply, names=names, together=together)


@transaction.atomic
def receive_letter(reply: Reply, *, by: Membership) -> int:
    """查收: the deputy has opened the letter; the first time is kept. Gives how many rows of
    service that concerned."""
    return Service.objects.filter(
        reply=reply, deputy__membership=by, received_at__isnull=True
    ).update(received_at=timezone.now())
