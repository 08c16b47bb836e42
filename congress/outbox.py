"""Background work. A request writes a job row in its own transaction and never speaks to the
queue; the relay sends what is due, again if a worker died; the job marks itself done in the
transaction of its work, so that running twice does not matter.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from . import audit
from .flow import NotAllowed
from .models import Congress, Job, Membership
from .tenancy import across_congresses, current_congress, in_congress

log = logging.getLogger(__name__)

SILENT_FOR = timedelta(seconds=60)  # a sent job that shows no life for so long is sent again
_TASKS: dict[str, Callable[..., Any]] = {}


class JobRun:
    """What a running task may say of itself."""

    def __init__(self, job: Job):
        self.row = job
        self.by = job.by

    def report(self, percent: int, message: str = "") -> None:
        """Show progress (0 to 100) at once, outside the task's own transaction."""
        values = {"progress": min(99, int(percent)), "beat_at": timezone.now()}
        if message:
            values["message"] = message[:300]
        with across_congresses() as alias:
            Job.objects.using(alias).filter(pk=self.row.pk).update(**values)

    def lead_to(self, link: str) -> None:
        """Where the result is seen, when that is known only now. Nothing may be reported after it:
        the row is then held by the task's own transaction."""
        Job.objects.filter(pk=self.row.pk).update(link=link)


def job_task(name: str) -> Callable:
    """Register a function `task(run, **args) -> dict | None` as the work of jobs of this name."""

    def register(function: Callable) -> Callable:
        _TASKS[name] = function
        return function

    return register


def enqueue(task: str, *, by: Membership | None, title: str, link: str = "", **args: Any) -> Job:
    """Write a job in the present transaction. `args` are plain ids; `link` is where its result
    will be seen."""
    if task not in _TASKS:
        raise LookupError(f"no task named {task}")
    return Job.objects.create(
        congress=current_congress(), task=task, title=title, link=link, args=args, by=by
    )


def relay(send: Callable[[int, int], None]) -> int:
    """Send every job that waits, and those that fell silent; gives how many.

    Any number of copies may run: rows are locked and skipped.
    """
    now = timezone.now()
    silent = now - SILENT_FOR
    with across_congresses() as alias:
        due = (
            Job.objects.using(alias)
            .filter(done_at=None, failed_at=None, congress__is_active=True)
            .filter(Q(sent_at=None) | Q(sent_at__lt=silent))
            .filter(Q(beat_at=None) | Q(beat_at__lt=silent))
            .order_by("pk")[:200]
        )
        count = 0
        for job in due:
            claimed = (
                Job.objects.using(alias).filter(pk=job.pk, sent_at=job.sent_at).update(sent_at=now)
            )
            if claimed:
                send(job.congress_id, job.pk)
                count += 1
    return count


def run(congress_id: int, job_id: int) -> bool:
    """Carry one job out; gives whether this call did the work."""
    congress = Congress.objects.get(pk=congress_id)
    try:
        with in_congress(congress):
            if not _only_runner(job_id):
                return False
            job = Job.objects.select_related("by").get(pk=job_id)
            if job.is_over:
                return False
            result = _TASKS[job.task](JobRun(job), **job.args)
            Job.objects.filter(pk=job_id).update(
                done_at=timezone.now(), progress=100, result=result or {}
            )
            return True
    except NotAllowed as refusal:
        _fail(congress, job_id, refusal.sentence)
        return True
    except BaseException:
        _fail(congress, job_id, "系统出错，工作没有完成，已通知管理员")
        raise


def _fail(congress: Congress, job_id: int, sentence: str) -> None:
    with in_congress(congress):
        Job.objects.filter(pk=job_id, done_at=None).update(
            failed_at=timezone.now(), message=sentence[:300]
        )


def _only_runner(job_id: int) -> bool:
    """Hold the job until the transaction ends; a second worker passes it by."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [41, job_id % 2**31])
        return cursor.fetchone()[0]


@transaction.atomic
def retry(job: Job, *, by: Membership) -> Job:
    """重新执行 a job that failed: what it had done was undone with it, so it begins anew."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.failed_at:
        raise NotAllowed("只有失败的任务可以重新执行")
    if job.task not in _TASKS:
        raise NotAllowed("这种任务已经取消，不能重新执行")
    job.failed_at = job.sent_at = job.beat_at = None
    job.progress, job.message = 0, ""
    job.save(update_fields=["failed_at", "sent_at", "beat_at", "progress", "message"])
    audit.record(by, "congress.retry_job", job)
    return job


def waiting() -> int:
    """How many jobs of the open congress are not over."""
    return Job.objects.filter(done_at=None, failed_at=None).count()
