"""Objections: a deputy says wrong, double or missing; staff decide with a reason; both see it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from deputies.models import Deputy
from notices.actions import send

from .. import access
from ..models import DutyItem, Objection, Period
from ..rules import OBJECTION_FLOW
from .evidence import kept
from .records import record_duty, withdraw

Kind, Step = Objection.Kind, Objection.Step


@transaction.atomic
def raise_objection(
    period: Period, *, by: Membership, deputy: Deputy, kind: str, text: str, **more: Any
) -> Objection:
    """A deputy objects to an own record, an own line or to something missing.

    `more`: record, node, item, evidence. Refused after the objection period or the lock.
    """
    if by.role != Role.DEPUTY or deputy.membership_id != by.pk:
        raise NotAllowed("只能就本人的履职情况提出异议")
    if period.state == Period.State.LOCKED:
        raise NotAllowed(f"“{period.name}”已锁定，异议请直接向代工委书面提出")
    if period.objections_until and timezone.localdate() > period.objections_until:
        raise NotAllowed("异议期已过，请直接与代工委联系")
    record = more.get("record")
    node = more.get("node")
    if record is not None and record.deputy_id != deputy.pk:
        raise NotAllowed("只能就本人的履职记录提出异议")
    if record is not None and record.withdrawn_at is not None:
        raise NotAllowed("这条记录已经撤回，不再计分")
    if record is not None and not period.starts_on <= record.on <= period.ends_on:
        raise NotAllowed(f"这条记录不在“{period.name}”内")
    if node is not None and node.version_id != period.version_id:
        raise NotAllowed(f"这条规则不属于“{period.name}”的积分办法")
    if not text.strip():
        raise NotAllowed("请说明情况")
    if kind != Kind.MISSING and record is None and node is None:
        raise NotAllowed("请指明是哪一条记录或哪一项得分")
    if (
        record is not None
        and Objection.objects.filter(record=record, state=Objection.State.OPEN).exists()
    ):
        raise NotAllowed("这条记录的异议正在处理中")
    try:
        with transaction.atomic():
            row = Objection.objects.create(
                period=period,
                deputy=deputy,
                kind=kind,
                text=text.strip(),
                **kept(more, by),
            )
    except IntegrityError:  # two at once: the constraint lets one in
        raise NotAllowed("这条记录的异议正在处理中") from None
    keepers = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS, valid_to=None)
    send(
        "performance/objection_raised",
        to=keepers,
        objection=row,
        link=f"/admin/performance/objection/{row.pk}/change/",
    )
    audit.record(by, "performance.object", row)
    return row


def _decide(objection: Objection, step: Objection.Step, by: Membership, reason: str) -> Objection:
    objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("deputy__membership", "period", "record")
        .get(pk=objection.pk)
    )
    state = OBJECTION_FLOW.after(objection.state, step)
    if step not in access.objection_steps(by, objection):
        raise NotAllowed(f"您不能“{step.label}”这条异议")
    objection.state = state
    if step != Step.DROP and not reason.strip():
        raise NotAllowed("请写明处理的理由")
    if step != Step.DROP:
        objection.decided_by, objection.decided_at = by, timezone.now()
        objection.decision_reason = reason.strip()
    objection.save()
    return objection


def _tell(objection: Objection) -> None:
    send(
        "performance/objection_decided",
        to=[objection.deputy.membership],
        objection=objection,
        link=f"/me/performance/objections/{objection.pk}/",
    )


@transaction.atomic
def uphold(
    objection: Objection,
    *,
    by: Membership,
    reason: str,
    item: DutyItem | None = None,
    on=None,
    title: str = "",
) -> Objection:
    """The deputy is right: a wrong or double record is taken back, a missing one is entered
    when the item and the day are given (without them it has been entered elsewhere)."""
    if on is not None and not objection.period.starts_on <= on <= objection.period.ends_on:
        raise NotAllowed(f"履职日期不在“{objection.period.name}”内")
    objection = _decide(objection, Step.UPHOLD, by, reason)
    if objection.record and objection.record.withdrawn_at is None:
        withdraw([objection.record], by=by, reason=f"异议采纳：{reason.strip()}")
    if objection.kind == Kind.MISSING and item is not None and on is not None:
        record_duty(
            by=by,
            deputy=objection.deputy,
            item=item,
            on=on,
            title=title or objection.text[:160],
            on_behalf=True,
            evidence=objection.evidence,
            source_kind="performance.objection",
            source_id=objection.pk,
        )
    _tell(objection)
    audit.record(by, "performance.uphold", objection, note=reason.strip())
    return objection


@transaction.atomic
def reject(objection: Objection, *, by: Membership, reason: str) -> Objection:
    """Not followed, with the reason."""
    objection = _decide(objection, Step.REJECT, by, reason)
    _tell(objection)
    audit.record(by, "performance.reject", objection, note=reason.strip())
    return objection


@transaction.atomic
def drop_objection(objection: Objection, *, by: Membership) -> Objection:
    """The deputy takes the objection back."""
    objection = _decide(objection, Step.DROP, by, "")
    audit.record(by, "performance.drop_objection", objection)
    return objection
