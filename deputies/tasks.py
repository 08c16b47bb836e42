"""Background work of the registry: ids in, one action each."""

from congress.outbox import JobRun, job_task

from .actions import rosters
from .models import RosterBatch


@job_task("deputies.check_roster")
def check_roster(run: JobRun, batch: int) -> dict:
    return rosters.check_roster(RosterBatch.objects.get(pk=batch), by=run.by, report=run.report)


@job_task("deputies.apply_roster")
def apply_roster(run: JobRun, batch: int) -> dict:
    return rosters.apply_roster(RosterBatch.objects.get(pk=batch), by=run.by, report=run.report)


@job_task("deputies.take_back_roster")
def take_back_roster(run: JobRun, batch: int) -> dict:
    row = RosterBatch.objects.get(pk=batch)
    return rosters.take_back_roster(row, by=run.by, report=run.report)
