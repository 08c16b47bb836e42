"""Work of suggestions that runs in the background: ids in, one action."""

from congress.models import Job
from congress.outbox import JobRun, job_task

from . import actions
from .models import AssignmentBatch, YearlyReport


@job_task("suggestions.hand_over")
def hand_over(run: JobRun, batch: int) -> dict:
    row = AssignmentBatch.objects.get(pk=batch)
    count = actions.hand_over(row, by=run.by, report=run.report)
    run.report(99, f"已交办{count}件")
    return {"count": count}


@job_task("suggestions.letters")
def letters(run: JobRun, batch: int) -> dict:
    run.report(10, "正在排版")
    file = actions.make_letters(AssignmentBatch.objects.get(pk=batch), by=run.by)
    Job.objects.filter(pk=run.row.pk).update(link=f"/files/{file.public_id}/")
    run.report(99, "交办函已生成，保留一天")
    return {"file": str(file.public_id)}


@job_task("suggestions.yearly_report")
def yearly_report(run: JobRun, report: int) -> dict:
    row = YearlyReport.objects.get(pk=report)
    row = actions.make_report(row, by=run.by, report=run.report)
    words = "报告和表格都已生成" if row.is_frozen else f"有{len(row.faults)}项不相符，没有生成"
    run.report(99, words)
    return {"report": row.pk}
