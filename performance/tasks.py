"""Work of duty performance that runs in the background: ids in, one action."""

from django.urls import reverse

from congress.outbox import JobRun, job_task

from . import actions
from .models import Period, Publication


@job_task("performance.tally")
def tally(run: JobRun, period: int) -> dict:
    row = actions.tally(Period.objects.get(pk=period), by=run.by, job=run.row, report=run.report)
    run.report(99, f"第{row.number}次汇总：{row.deputies}位代表，{row.facts}条履职记录")
    return {"tally": row.pk}


@job_task("performance.export_records")
def export_records(run: JobRun, asked: dict[str, str]) -> dict:
    kept = actions.export_records(asked, by=run.by, report=run.report)
    run.report(99, "表格已生成，一天以内可以下载")
    run.lead_to(reverse("file", args=[kept.public_id]))
    return {"file": str(kept.public_id)}


@job_task("performance.publication_files")
def publication_files(run: JobRun, publication: int) -> dict:
    row = Publication.objects.get(pk=publication)
    row = actions.make_files(row, by=run.by, report=run.report)
    run.report(99, "通报、大字版通报和表格都已生成")
    return {"booklet": str(row.booklet.public_id)}
