"""Periods are opened with a published rule-book and locked for ever; awards have a reason."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from deputies.models import Deputy

from .. import access
from ..models import ManualAward, Objection, Period, RuleBookVersion, RuleNode
from ..rules import PERIOD_FLOW
from ..rules.vocabulary import number
from .checking import ask_to_check, stop_asking


def _may_keep(by: Membership | None) -> None:
    if by is not None and not access.may_keep(by):
        raise NotAllowed("只有代工委可以管理考核期")


@transaction.atomic
def open_period(
    *,
    by: Membership | None,
    name: str,
    starts_on: dt.date,
    ends_on: dt.date,
    version: RuleBookVersion,
    level: str,
    kind: str = Period.Kind.YEAR,
    objections_until: dt.date | None = None,
) -> Period:
    """A period with its rule-book; periods of the same level and kind do not overlap."""
    _may_keep(by)
    if version.state != RuleBookVersion.State.PUBLISHED:
        raise NotAllowed("考核期只能使用已发布的积分办法")
    if ends_on < starts_on:
        raise NotAllowed("结束日期早于开始日期")
    if Period.objects.filter(name=name).exists():
        raise NotAllowed(f"已有名为“{name}”的考核期")
    clash = Period.objects.filter(
        kind=kind, level=level, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).first()
    if clash:
        raise NotAllowed(f"与考核期“{clash.name}”的起止日期重叠")
    period = Period.objects.create(
        name=name,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        version=version,
        level=level,
        objections_until=objections_until,
    )
    ask_to_check(period, by=by)
    audit.record(by, "performance.open_period", period)
    return period


@transaction.atomic
def set_objections_until(
    period: Period, *, by: Membership, objections_until: dt.date | None
) -> Period:
    """Until when objections are taken; None: there is no objection period. Deputies are asked to
    check their records until then; refused once the period is locked."""
    _may_keep(by)
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if period.state == Period.State.LOCKED:
        raise NotAllowed(f"“{period.name}”已锁定，不能修改")
    before, period.objections_until = period.objections_until, objections_until
    period.save()
    stop_asking(period, by=by)
    ask_to_check(period, by=by)
    audit.record(
        by,
        "performance.objections_until",
        period,
        before={"异议截止": before},
        after={"异议截止": objections_until},
    )
    return period


@transaction.atomic
def lock_period(period: Period, *, by: Membership) -> Period:
    """No fact, award or tally of this period changes any more; refused while objections are
    open."""
    _may_keep(by)
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    period.state = PERIOD_FLOW.after(period.state, Period.Step.LOCK)
    if Objection.objects.filter(period=period, state=Objection.State.OPEN).exists():
        raise NotAllowed("还有异议没有处理，不能锁定考核期")
    period.locked_at = timezone.now()
    period.save()
    stop_asking(period, by=by)
    audit.record(by, "performance.lock_period", period)
    return period


@transaction.atomic
def award(
    period: Period,
    *,
    by: Membership,
    deputy: Deputy,
    node: RuleNode,
    points: Decimal,
    reason: str,
) -> ManualAward:
    """Points at discretion within what the rule allows, always with a reason."""
    _may_keep(by)
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if period.state == Period.State.LOCKED:
        raise NotAllowed(f"“{period.name}”已锁定，不能修改")
    if node.kind != RuleNode.Kind.MANUAL or node.version_id != period.version_id:
        raise NotAllowed("这条规则不能酌定加减分")
    lowest, highest = number(node.params, "min"), number(node.params, "max")
    if not lowest <= points <= highest:
        raise NotAllowed(f"分值须在{lowest}到{highest}之间")
    if not reason.strip():
        raise NotAllowed("请写明理由")
    row = ManualAward.objects.create(
        period=period, deputy=deputy, node=node, points=points, reason=reason.strip(), by=by
    )
    audit.record(by, "performance.award", row, after={"分值": str(points)}, note=reason.strip())
    return row


@transaction.atomic
def withdraw_award(row: ManualAward, *, by: Membership) -> ManualAward:
    """An award is taken back before the period is locked."""
    _may_keep(by)
    row = (
        ManualAward.objects.select_for_update(of=("self",)).select_related("period").get(pk=row.pk)
    )
    if row.period.state == Period.State.LOCKED:
        raise NotAllowed(f"“{row.period.name}”已锁定，不能修改")
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save()
        audit.record(by, "performance.award", row, note="撤回")
    return row
