"""Work of duty performance that runs in the background: ids in, one action."""

from congress.outbox import JobRun, job_task

from . import actions
from .models import Period


@job_task("performance.tally")
def tally(run: JobRun, period: int) -> dict:
    row = actions.tally(Period.objects.get(pk=period), by=run.by, job=run.row, report=run.report)
    run.report(99, f"第{row.number}次汇总：{row.deputies}位代表，{row.facts}条履职记录")
    return {"tally": row.pk}
