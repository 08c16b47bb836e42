"""The house itself: rosters to take over, work in the background that did not succeed."""

import datetime as dt

from django.utils import timezone

from congress import access as congress_access
from congress.models import Job, Membership
from congress.queries import jobs_narrowed
from deputies import access as registry_access
from deputies.models import RosterBatch

from ... import rules
from ..parts import Matter, Subject, list_url, page_url, row_url, rows_url, subject


def rosters_to_confirm(member: Membership, today: dt.date) -> Subject:
    """Rosters read and checked, not yet taken over."""
    rows = registry_access.batches_visible_to(member).filter(state=RosterBatch.State.CHECKED)

    def say(row: RosterBatch) -> Matter:
        since = timezone.localdate(row.created_at)
        url = page_url("deputies_roster", row.pk)
        return Matter(
            str(row), url, rules.light_by_wait(since, today), "核对", url, "已读取，等待确认", since
        )

    return subject(
        "待确认的名册", rows.order_by("pk"), list_url("deputies_import", show="checked"), say
    )


def failed_jobs(member: Membership, today: dt.date) -> Subject:
    """Work in the background that did not succeed: the own, for the system's keeper all."""
    rows = jobs_narrowed(congress_access.jobs_visible_to(member), {"state": "failed_now"})

    def say(row: Job) -> Matter:
        failed = timezone.localdate(row.failed_at)
        return Matter(
            row.title,
            row_url(row),
            rules.Light("late", "没有完成"),
            "查看",
            row_url(row),
            row.message,
            failed,
        )

    return subject(
        "没有完成的后台任务", rows.order_by("-failed_at"), rows_url(Job, state="failed_now"), say
    )
