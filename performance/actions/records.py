"""Duty facts: written once per source, taken back as withdrawn rows, never changed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from deputies.models import Deputy
from notices.actions import send

from .. import access
from ..models import DutyItem, DutyRecord, Period


def refuse_locked(days: Iterable[dt.date]) -> None:
    """A locked period is never changed: it gets a later entry (points.md §1)."""
    days = list(days)
    if not days:
        return
    locked = Period.objects.filter(
        state=Period.State.LOCKED, starts_on__lte=max(days), ends_on__gte=min(days)
    )
    for period in locked:
        if any(period.starts_on <= day <= period.ends_on for day in days):
            raise NotAllowed(f"“{period.name}”已锁定，不能再增减其中的履职记录")


def record_duty(
    *,
    by: Membership | None,
    deputy: Deputy,
    item: DutyItem,
    on: dt.date,
    source_kind: str,
    source_id: str,
    **more: Any,
) -> DutyRecord:
    """Write one fact; the same source, item and deputy gives the row that is there already.

    `more`: quantity (in the item's unit), outcome, role, level, attributes, title, evidence,
    on_behalf.
    """
    record_duties(
        by,
        [
            DutyRecord(
                deputy=deputy,
                item=item,
                on=on,
                source_kind=source_kind,
                source_id=str(source_id),
                entered_by=by,
                **more,
            )
        ],
    )
    return DutyRecord.objects.get(
        deputy=deputy,
        item=item,
        source_kind=source_kind,
        source_id=str(source_id),
        withdrawn_at=None,
    )


@transaction.atomic
def record_duties(by: Membership | None, rows: Iterable[DutyRecord]) -> int:
    """Write many facts at once, each once per source; gives how many were new.

    The database's constraint `a_duty_counts_once_per_source` decides, so two at once cannot
    count twice. Refuses days of a locked period.
    """
    rows = list(rows)
    if not rows:
        return 0
    refuse_locked({row.on for row in rows})
    sources = {(row.source_kind, row.source_id) for row in rows}
    before = _live(sources).count()
    for row in rows:
        row.entered_by = row.entered_by or by
    DutyRecord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    new = _live(sources).count() - before
    if new:
        audit.record(
            by,
            "performance.record",
            note=f"{rows[0].title or rows[0].item}：{new}条",
            after={"来源": sorted("/".join(s) for s in sources)[:20], "条数": new},
        )
    return new


def _live(sources: set[tuple[str, str]]):
    return DutyRecord.objects.filter(
        source_kind__in={k for k, _ in sources},
        source_id__in={i for _, i in sources},
        withdrawn_at=None,
    )


@transaction.atomic
def withdraw_duties(
    *,
    by: Membership,
    source_kind: str,
    source_id: str,
    reason: str,
    deputy: Deputy | None = None,
) -> int:
    """Take back every fact of a source, or one deputy's, with the reason; gives how many."""
    rows = DutyRecord.objects.select_for_update().filter(
        source_kind=source_kind, source_id=str(source_id), withdrawn_at=None
    )
    if deputy is not None:
        rows = rows.filter(deputy=deputy)
    return withdraw(list(rows), by=by, reason=reason)


@transaction.atomic
def take_back(record: DutyRecord, *, by: Membership, reason: str) -> DutyRecord:
    """代工委 takes one fact back, with the reason; the deputy is told. It stays as a withdrawn
    row. What an activity wrote is mended by reopening the activity, which writes it anew."""
    record = (
        DutyRecord.objects.select_for_update(of=("self",))
        .select_related("deputy__membership", "item")
        .get(pk=record.pk)
    )
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以撤回履职记录")
    if record.withdrawn_at is not None:
        raise NotAllowed("这条记录已经撤回")
    withdraw([record], by=by, reason=reason)
    record.refresh_from_db()
    send(
        "performance/record_withdrawn",
        to=[record.deputy.membership],
        record=record,
        link=f"/me/performance/records/{record.pk}/",
    )
    return record


def withdraw(rows: list[DutyRecord], *, by: Membership, reason: str) -> int:
    """Take back these facts."""
    if not reason.strip():
        raise NotAllowed("请写明撤回的原因")
    refuse_locked({row.on for row in rows})
    count = DutyRecord.objects.filter(pk__in=[r.pk for r in rows], withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by=by, withdrawn_reason=reason.strip()[:200]
    )
    if count:
        audit.record(by, "performance.withdraw", rows[0], note=f"{reason.strip()}（{count}条）")
    return count
