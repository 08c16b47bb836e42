"""The kernel's tasks: the relay that sends waiting jobs, the one that runs a job, the nightly
sweep of exports; and its own job, looking the log over."""

from celery import shared_task
from django.utils import timezone

from . import actions, audit, files, outbox
from .models import Congress, LogHead, StoredFile
from .outbox import JobRun, job_task
from .tenancy import across_congresses, current_congress, in_congress


@shared_task(name="congress.relay")
def relay() -> int:
    return outbox.relay(lambda congress_id, job_id: run_job.delay(congress_id, job_id))


@shared_task(name="congress.run_job")
def run_job(congress_id: int, job_id: int) -> bool:
    return outbox.run(congress_id, job_id)


@shared_task(name="congress.sweep")
def sweep() -> int:
    """Every night: the exports whose time is over go, in each congress that has some, also in one
    that is switched off; gives how many went."""
    now = timezone.now()
    with across_congresses() as alias:
        rows = StoredFile.objects.using(alias).filter(purpose=files.EXPORT, expires_at__lte=now)
        ids = set(rows.order_by().values_list("congress_id", flat=True))
    count = 0
    for congress in Congress.objects.filter(pk__in=ids):
        with in_congress(congress):
            count += actions.drop_expired_exports(now)
    return count


VERIFY_LOG = "congress.verify_log"


@job_task(VERIFY_LOG)
def verify_log(run: JobRun) -> dict:
    """Whether the log's chain is whole: `rows` looked at, `faults` in sentences."""
    faults = audit.verify(current_congress())
    head = LogHead.objects.first()
    audit.record(run.by, "congress.verify_log", after={"问题": len(faults)})
    return {"rows": head.number if head else 0, "faults": faults[:50], "more": len(faults) > 50}
