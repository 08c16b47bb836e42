"""Facts as a workbook, written in the background where there are many."""

from collections.abc import Callable, Mapping

from django.db import transaction

from congress import audit, xlsx
from congress.models import Job, Membership, StoredFile
from congress.outbox import enqueue

from .. import exports
from ..forms.records import RecordFilter

TASK = "performance.export_records"


def start_export(asked: Mapping[str, str], *, by: Membership) -> Job:
    """Have the facts asked for (as the address of the list asks, forms.records.RecordFilter)
    written in the background. Gives the job; one that waits or runs for the same is given again."""
    running = Job.objects.filter(
        task=TASK, args__asked=dict(asked), done_at=None, failed_at=None, by=by
    ).first()
    return running or enqueue(TASK, by=by, title="导出履职记录", asked=dict(asked))


@transaction.atomic
def export_records(
    asked: Mapping[str, str],
    *,
    by: Membership,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> StoredFile:
    """The facts asked for, of those the member sees now, as a workbook that only this member may
    have, for a day."""
    rows = RecordFilter(dict(asked) or None, member=by).rows()
    report(10, f"正在写入{rows.count()}条履职记录")
    kept = xlsx.stash("履职记录.xlsx", [exports.record_sheet(rows)], by=by)
    audit.record(by, "performance.export", note="履职记录")
    return kept
