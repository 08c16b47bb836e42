"""Work of suggestions that runs in the background: ids in, one action."""

from collections.abc import Callable

from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone

from congress.models import Congress, Job
from congress.outbox import JobRun, job_task
from congress.tenancy import across_congresses, in_congress

from . import actions
from .models import AssignmentBatch, Promise, Suggestion, YearlyReport
from .queries.owing import may_owe
from .queries.promising import promises_come_due


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


@shared_task(name="suggestions.sweep")
def sweep() -> int:
    """Send one task for each congress with a promise whose day has come; gives how many."""
    return start_sweep(follow_promises.delay)


@shared_task(name="suggestions.follow_promises")
def follow_promises(congress_id: int) -> int:
    """Ask in one congress for a report on what is due; run again, nobody is asked twice."""
    with in_congress(Congress.objects.get(pk=congress_id)):
        return actions.open_due_promises(timezone.localdate())


@shared_task(name="suggestions.mend_limits")
def mend_limits() -> int:
    """Every night one task for each congress; gives how many."""
    return start_mending(mend_open.delay)


@shared_task(name="suggestions.mend_open")
def mend_open(congress_id: int) -> int:
    """For who of 代工委 came or went: the time limits of what can owe something in one congress;
    gives how many changed. What is over and owes nothing is not looked at."""
    return _mend(Congress.objects.get(pk=congress_id), may_owe)


def mend_all(congress: Congress) -> int:
    """The time limits of all suggestions of a congress as they are owed, as after an upgrade that
    knows another kind; gives how many changed."""
    return _mend(congress, lambda rows: rows)


def _mend(congress: Congress, which: Callable[[QuerySet], QuerySet]) -> int:
    """So many in one transaction that nobody waits long."""
    with in_congress(congress):
        ids = list(which(Suggestion.objects.order_by("pk")).values_list("pk", flat=True))
    count = 0
    for at in range(0, len(ids), actions.AT_ONCE):
        with in_congress(congress):
            count += actions.mend_limits(ids[at : at + actions.AT_ONCE])
    return count


def start_mending(send: Callable[[int], object]) -> int:
    """Send one for each congress that works; gives how many."""
    ids = list(Congress.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
    for congress_id in ids:
        send(congress_id)
    return len(ids)


def start_sweep(send: Callable[[int], object]) -> int:
    with across_congresses() as alias:
        rows = promises_come_due(Promise.objects.using(alias), timezone.localdate())
        rows = rows.filter(congress__is_active=True)
        ids = list(rows.order_by("congress_id").values_list("congress_id", flat=True).distinct())
    for congress_id in ids:
        send(congress_id)
    return len(ids)
