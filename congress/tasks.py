"""The kernel's two tasks: the relay that sends waiting jobs, and the one that runs a job; and its
own job, looking the log over."""

from celery import shared_task

from . import audit, outbox
from .models import LogHead
from .outbox import JobRun, job_task
from .tenancy import current_congress


@shared_task(name="congress.relay")
def relay() -> int:
    return outbox.relay(lambda congress_id, job_id: run_job.delay(congress_id, job_id))


@shared_task(name="congress.run_job")
def run_job(congress_id: int, job_id: int) -> bool:
    return outbox.run(congress_id, job_id)


VERIFY_LOG = "congress.verify_log"


@job_task(VERIFY_LOG)
def verify_log(run: JobRun) -> dict:
    """Whether the log's chain is whole: `rows` looked at, `faults` in sentences."""
    faults = audit.verify(current_congress())
    head = LogHead.objects.first()
    audit.record(run.by, "congress.verify_log", after={"问题": len(faults)})
    return {"rows": head.number if head else 0, "faults": faults[:50], "more": len(faults) > 50}
