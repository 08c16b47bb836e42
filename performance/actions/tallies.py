"""The annual tally: counted set by set, evaluated exactly, run again any time before the lock."""

from collections.abc import Callable
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from congress import audit, bulk
from congress.flow import NotAllowed
from congress.models import Job, Membership
from congress.outbox import enqueue
from congress.tenancy import current_congress

from .. import access
from ..models import Period, Tally, TallyTotal
from ..queries.counts import Holder, count_facts, holders, own_measures
from ..queries.trees import rule_tree, scale_of
from ..rules import Band, Facts, Faulty, Gate, Rule, evaluate, graded

TASK = "performance.tally"
CHUNK = 1000  # deputies written at once


def start_tally(period: Period, *, by: Membership) -> Job:
    """Have a period tallied in the background. Gives the job; one that still waits or runs for
    this period is given again. Refused when locked."""
    _may(period, by)
    running = Job.objects.filter(
        task=TASK, args__period=period.pk, done_at=None, failed_at=None, by=by
    ).first()
    return running or enqueue(
        TASK,
        by=by,
        title=f"汇总“{period.name}”的积分",
        link=f"/admin/performance/period/{period.pk}/change/",
        period=period.pk,
    )


@transaction.atomic
def tally(
    period: Period,
    *,
    by: Membership | None,
    job: Job | None = None,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> Tally:
    """Count a period and keep the result as its next numbered tally.

    Only facts on days in office count (代表法 art. 61, 62). The period's row is held until the
    end, so two tallies never run at once and nothing is locked meanwhile. `report` is told
    per cent and words. Refused when the period is locked or its rule-book cannot be counted.
    """
    period = take(period)
    _may(period, by)
    report(5, "正在读取积分办法")
    try:
        root = rule_tree(period.version)
        bands, gates = scale_of(period.version)
    except Faulty as fault:
        raise NotAllowed(f"积分办法无法计算：{fault}") from None
    started = timezone.now()
    held = holders(period)
    report(15, f"正在统计{len(held)}位代表的履职记录")
    facts = count_facts(period, held, own_measures(root, gates))
    row = Tally.objects.create(
        period=period,
        number=(period.tallies.aggregate(last=Max("number"))["last"] or 0) + 1,
        version=period.version,
        by=by,
        job=job,
        facts_until=started,
        facts=facts,
        deputies=len(held),
        started_at=started,
    )
    _write(row, held, root, bands, gates, report)
    row.finished_at = timezone.now()
    row.save(update_fields=["finished_at"])
    audit.record(
        by, "performance.tally", row, after={"次": row.number, "代表": len(held), "记录": facts}
    )
    return row


def take(period: Period) -> Period:
    """The period's row, held until the end of the transaction."""
    return (
        Period.objects.select_for_update(of=("self",))
        .select_related("version__book")
        .get(pk=period.pk)
    )


def _may(period: Period, by: Membership | None) -> None:
    if by is not None and not access.may_keep(by):
        raise NotAllowed("只有代工委可以汇总积分")
    if period.state == Period.State.LOCKED:
        raise NotAllowed(f"“{period.name}”已锁定，不能再汇总")


def _write(
    row: Tally,
    held: dict[int, Holder],
    root: Rule,
    bands: list[Band],
    gates: list[Gate],
    report: Callable[[int, str], None],
) -> None:
    congress, done = current_congress(), 0
    waiting: list[TallyTotal] = []
    decimals = row.version.decimals
    for pk, holder in held.items():
        result = evaluate(root, holder.facts, decimals)
        band, worked = grade(result.total, bands, gates, holder.facts)
        waiting.append(
            TallyTotal(
                congress=congress,
                tally=row,
                deputy_id=pk,
                mandate_id=holder.mandate.pk,
                total=result.total,
                days=holder.duty_days,
                in_office_days=holder.days,
                aspects={key: str(points) for key, points in result.aspects.items()},
                band=band,
                gates=worked,
                lines=result.kept(),
            )
        )
        if len(waiting) == CHUNK:
            bulk.insert(waiting)
            done += len(waiting)
            waiting = []
            report(20 + 75 * done // len(held), f"已计算{done}位代表")
    bulk.insert(waiting)


def grade(
    total: Decimal, bands: list[Band], gates: list[Gate], facts: Facts
) -> tuple[str, list[str]]:
    """The grade and the gates that worked; a book without grades gives none."""
    return graded(total, bands, gates, facts) if bands else ("", [])
