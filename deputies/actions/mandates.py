"""What happens to a seat: each step dated, with its document."""

import datetime as dt
from typing import Any

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from ..models import Deputy, Mandate, MandateEvent
from ..signals import mandate_ended
from .files import SEAT, may_keep
from .places import leave_all

Kind = MandateEvent.Kind


def _take(mandate: Mandate, by: Membership, on: dt.date) -> Mandate:
    may_keep(by)
    mandate = (
        Mandate.objects.select_for_update(of=("self",)).select_related("deputy").get(pk=mandate.pk)
    )
    if on < mandate.starts_on:
        raise NotAllowed("日期早于任职开始日期")
    if mandate.ends_on and on > mandate.ends_on:
        raise NotAllowed("这一职务已经结束")
    return mandate


def _suspended(mandate: Mandate) -> bool:
    last = (
        mandate.events.filter(kind__in=[Kind.SUSPENDED, Kind.RESUMED]).order_by("on", "pk").last()
    )
    return bool(last and last.kind == Kind.SUSPENDED)


def _end(mandate, by, on, document, note, kind, reason, step) -> Mandate:
    mandate = _take(mandate, by, on)
    if mandate.ends_on:
        raise NotAllowed("这一职务已经结束")
    mandate.ends_on, mandate.end_reason = on, reason
    mandate.save()
    mandate.events.create(kind=kind, on=on, document=document, note=note, by=by)
    leave_all({mandate.deputy_id}, on)
    audit.record(by, step, mandate, after={"日期": on, "依据文件": document}, note=note)
    mandate_ended.send(Mandate, mandate=mandate, on=on, by=by)
    return mandate


@transaction.atomic
def by_elect(deputy: Deputy, *, by: Membership, document: str, **seat: Any) -> Mandate:
    """A by-election gives an already registered person a further seat."""
    may_keep(by)
    if Mandate.objects.filter(deputy=deputy, level=seat["level"], ends_on=None).exists():
        raise NotAllowed("这位代表在这一层级已有未结束的职务")
    mandate = Mandate.objects.create(
        deputy=deputy,
        **{
            **{k: v for k, v in seat.items() if k in SEAT},
            "start_reason": Mandate.Start.BY_ELECTION,
        },
    )
    mandate.events.create(kind=Kind.BY_ELECTED, on=mandate.starts_on, document=document, by=by)
    audit.record(
        by, "deputies.by_elect", mandate, after={"日期": mandate.starts_on, "依据文件": document}
    )
    return mandate


@transaction.atomic
def resign(
    mandate: Mandate, *, by: Membership, on: dt.date, document: str, note: str = ""
) -> Mandate:
    """The resignation is accepted (辞职): the last day of office and the decision."""
    return _end(
        mandate, by, on, document, note, Kind.RESIGNED, Mandate.End.RESIGNED, "deputies.resign"
    )


@transaction.atomic
def terminate(
    mandate: Mandate,
    *,
    by: Membership,
    on: dt.date,
    document: str,
    note: str = "",
    reason: str = Mandate.End.TERMINATED,
) -> Mandate:
    """The mandate ends by law (代表法 art. 62): moved away, recalled, died, term over."""
    return _end(mandate, by, on, document, note, Kind.TERMINATED, reason, "deputies.terminate")


@transaction.atomic
def end_term(level: str, *, by: Membership, on: dt.date, document: str) -> int:
    """A term is over (换届): every open seat of a level ends that day, and what was held
    in groups and committees with it. Gives how many seats. Seats that begin later stay."""
    may_keep(by)
    seats = list(
        Mandate.objects.select_for_update(of=("self",))
        .select_related("deputy")
        .filter(level=level, ends_on=None, starts_on__lte=on)
        .order_by("pk")
    )
    if not seats:
        raise NotAllowed("这一层级没有到这一天届满的职务")
    for seat in seats:
        seat.ends_on, seat.end_reason = on, Mandate.End.TERM_OVER
    Mandate.objects.bulk_update(seats, ["ends_on", "end_reason"], batch_size=500)
    MandateEvent.objects.bulk_create(
        MandateEvent(
            congress_id=seat.congress_id, mandate=seat, kind=Kind.TERMINATED, on=on,
            document=document, note="届满", by=by,
        )
        for seat in seats
    )  # fmt: skip
    leave_all({s.deputy_id for s in seats}, on)
    for seat in seats:
        mandate_ended.send(Mandate, mandate=seat, on=on, by=by)
    label = Mandate.Level(level).label
    audit.record(
        by, "deputies.end_term", after={"层级": label, "日期": on, "依据文件": document,
        "人次": len(seats)},
    )  # fmt: skip
    return len(seats)


@transaction.atomic
def suspend(
    mandate: Mandate, *, by: Membership, on: dt.date, document: str, note: str = ""
) -> Mandate:
    """The office is suspended from that day (代表法 art. 61)."""
    mandate = _take(mandate, by, on)
    if _suspended(mandate):
        raise NotAllowed("这一职务已在暂停中")
    mandate.events.create(kind=Kind.SUSPENDED, on=on, document=document, note=note, by=by)
    audit.record(by, "deputies.suspend", mandate, after={"日期": on, "依据文件": document})
    return mandate


@transaction.atomic
def resume(
    mandate: Mandate, *, by: Membership, on: dt.date, document: str, note: str = ""
) -> Mandate:
    """The suspension is lifted from that day."""
    mandate = _take(mandate, by, on)
    if not _suspended(mandate):
        raise NotAllowed("这一职务没有被暂停")
    mandate.events.create(kind=Kind.RESUMED, on=on, document=document, note=note, by=by)
    audit.record(by, "deputies.resume", mandate, after={"日期": on, "依据文件": document})
    return mandate


@transaction.atomic
def move(
    mandate: Mandate,
    *,
    by: Membership,
    on: dt.date,
    document: str = "",
    note: str = "",
    **places: Any,
) -> Mandate:
    """Another constituency, delegation or street from that day."""
    mandate = _take(mandate, by, on)
    names = [n for n in ("constituency", "delegation", "street") if n in places]
    before = {n: str(getattr(mandate, n) or "") for n in names}
    for name in names:
        setattr(mandate, name, places[name])
    mandate.save()
    after = {n: str(getattr(mandate, n) or "") for n in names}
    said = note or "；".join(
        f"{before[n] or '无'}→{after[n] or '无'}" for n in names if before[n] != after[n]
    )
    mandate.events.create(kind=Kind.MOVED, on=on, document=document, note=said[:300], by=by)
    audit.record(by, "deputies.move", mandate, before=before, after=after)
    return mandate
