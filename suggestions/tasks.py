"""Work of suggestions that runs in the background: ids in, one action."""

from congress.models import Job
from congress.outbox import JobRun, job_task

from . import actions
from .models import AssignmentBatch


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
