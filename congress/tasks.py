"""The kernel's two tasks: the relay that sends waiting jobs, and the one that runs a job."""

from celery import shared_task

from . import outbox


@shared_task(name="congress.relay")
def relay() -> int:
    return outbox.relay(lambda congress_id, job_id: run_job.delay(congress_id, job_id))


@shared_task(name="congress.run_job")
def run_job(congress_id: int, job_id: int) -> bool:
    return outbox.run(congress_id, job_id)
