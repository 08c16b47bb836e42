"""Work of suggestions that runs in the background: ids in, one action."""

from congress.outbox import JobRun, job_task

from . import actions
from .models import AssignmentBatch


@job_task("suggestions.hand_over")
def hand_over(run: JobRun, batch: int) -> dict:
    row = AssignmentBatch.objects.get(pk=batch)
    count = actions.hand_over(row, by=run.by, report=run.report)
    run.report(99, f"已交办{count}件")
    return {"count": count}
