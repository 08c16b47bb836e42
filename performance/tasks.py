"""Work of duty performance that runs in the background: ids in, one action."""

from congress.outbox import JobRun, job_task

from . import actions
from .models import Period, Publication


@job_task("performance.tally")
def tally(run: JobRun, period: int) -> dict:
    row = actions.tally(Period.objects.get(pk=period), by=run.by, job=run.row, report=run.report)
    run.report(99, f"第{row.number}次汇总：{row.deputies}位代表，{row.facts}条履职记录")
    return {"tally": row.pk}


@job_task("performance.publication_files")
def publication_files(run: JobRun, publication: int) -> dict:
    row = Publication.objects.get(pk=publication)
    row = actions.make_files(row, by=run.by, report=run.report)
    run.report(99, "通报、大字版通报和表格都已生成")
    return {"booklet": str(row.booklet.public_id)}
