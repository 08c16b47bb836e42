"""Self-reports: the deputy tells, the street reviews, 代工委 verifies, then it is a fact."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from deputies import access as registry
from deputies.models import Deputy
from deputies.queries import was_in_office
from notices.actions import send

from .. import access
from ..models import DutyItem, SelfReport
from ..rules import SELF_REPORT_FLOW
from .evidence import kept
from .records import record_duty, refuse_locked

Step = SelfReport.Step


def check_duty(deputy: Deputy, item: DutyItem, on: dt.date, *, on_behalf: bool = False) -> None:
    """Whether this may be reported at all; raises NotAllowed. What only an office can know
    (attendance, speeches) staff enter on behalf, a deputy does not."""
    if not item.is_active:
        raise NotAllowed(f"“{item.name}”已停用")
    if not on_behalf and not item.self_reportable:
        raise NotAllowed(f"“{item.name}”由工作机构记录，不需要申报")
    if on > timezone.localdate():
        raise NotAllowed("履职日期不能晚于今天")
    if not was_in_office([deputy.pk], on):
        raise NotAllowed("履职日期不在任职期间")
    refuse_locked([on])


@transaction.atomic
def draft_report(
    *, by: Membership, deputy: Deputy, item: DutyItem, on: dt.date, title: str, **more: Any
) -> SelfReport:
    """A deputy's own duty, kept to be checked once more before it is sent."""
    _own(deputy, by)
    return _keep(SelfReport.State.DRAFT, by, deputy, item, on, title, more, on_behalf=False)


@transaction.atomic
def report_duty(
    *, by: Membership, deputy: Deputy, item: DutyItem, on: dt.date, title: str, **more: Any
) -> SelfReport:
    """A deputy reports an own duty with evidence and sends it for review."""
    _own(deputy, by)
    return _send_in(by, deputy, item, on, title, more, on_behalf=False)


@transaction.atomic
def enter_on_behalf(
    *, by: Membership, deputy: Deputy, item: DutyItem, on: dt.date, title: str, **more: Any
) -> SelfReport:
    """Staff enter for a deputy (代录): marked so, and still reviewed and verified by others."""
    if by.role not in (Role.STREET, Role.DEPUTY_AFFAIRS):
        raise NotAllowed("只有街道工委和代工委可以代录")
    if not registry.visible_to(by).filter(pk=deputy.pk).exists():
        raise NotAllowed("只能为本街道（镇）的代表代录")
    return _send_in(by, deputy, item, on, title, more, on_behalf=True)


@transaction.atomic
def enter_many(
    deputies: Iterable[Deputy],
    *,
    by: Membership,
    item: DutyItem,
    on: dt.date,
    title: str,
    **more: Any,
) -> list[SelfReport]:
    """One duty of one day for many deputies (代录), all of them or none."""
    more = kept(more, by)  # one file for all of them
    return [
        enter_on_behalf(by=by, deputy=deputy, item=item, on=on, title=title, **more)
        for deputy in deputies
    ]


def _own(deputy: Deputy, by: Membership) -> None:
    if deputy.membership_id != by.pk:
        raise NotAllowed("只能申报本人的履职")


def _keep(state, by, deputy, item, on, title, more, on_behalf) -> SelfReport:
    check_duty(deputy, item, on, on_behalf=on_behalf)
    return SelfReport.objects.create(
        deputy=deputy,
        item=item,
        on=on,
        title=title.strip(),
        entered_by=by,
        on_behalf=on_behalf,
        state=state,
        submitted_at=timezone.now() if state != SelfReport.State.DRAFT else None,
        **kept(more, by),
    )


def _send_in(by, deputy, item, on, title, more, on_behalf) -> SelfReport:
    state = SELF_REPORT_FLOW.after(SelfReport.State.DRAFT, Step.SUBMIT)
    report = _keep(state, by, deputy, item, on, title, more, on_behalf)
    step = "performance.report_on_behalf" if on_behalf else "performance.report"
    audit.record(by, step, report)
    return report


def _take(report: SelfReport, step: SelfReport.Step, by: Membership) -> SelfReport:
    report = (
        SelfReport.objects.select_for_update(of=("self",))
        .select_related("deputy__membership", "item", "entered_by", "reviewed_by")
        .get(pk=report.pk)
    )
    state = SELF_REPORT_FLOW.after(report.state, step)
    if not access.reports_visible_to(by).filter(pk=report.pk).exists():
        raise NotAllowed("您不能办理这条申报")
    if step not in access.report_steps(by, report):
        if step == Step.VERIFY and access.may_keep(by):
            raise NotAllowed("初审和复核不能由同一人办理")
        raise NotAllowed(f"您不能对这条申报“{step.label}”")
    report.state = state
    return report


@transaction.atomic
def review(report: SelfReport, *, by: Membership) -> SelfReport:
    """First review (初审) by street staff or 代工委."""
    report = _take(report, Step.REVIEW, by)
    report.reviewed_by, report.reviewed_at = by, timezone.now()
    report.save()
    audit.record(by, "performance.review", report)
    return report


@transaction.atomic
def verify(report: SelfReport, *, by: Membership) -> SelfReport:
    """Second review (复核) by another person: the report becomes a duty fact."""
    report = _take(report, Step.VERIFY, by)
    report.verified_by, report.verified_at = by, timezone.now()
    report.record = record_duty(
        by=by,
        deputy=report.deputy,
        item=report.item,
        on=report.on,
        quantity=report.quantity,
        role=report.role,
        level=report.level,
        title=report.title,
        evidence=report.evidence,
        on_behalf=report.on_behalf,
        source_kind="performance.selfreport",
        source_id=report.pk,
    )
    report.save()
    send(
        "performance/report_verified",
        to=[report.deputy.membership],
        report=report,
        link="/me/performance/",
    )
    audit.record(by, "performance.verify", report)
    return report


@transaction.atomic
def return_report(report: SelfReport, *, by: Membership, reason: str) -> SelfReport:
    """Back to the deputy, with the reason; it may be sent again."""
    if not reason.strip():
        raise NotAllowed("请写明退回的原因")
    report = _take(report, Step.RETURN, by)
    report.return_reason = reason.strip()
    report.reviewed_by = report.reviewed_at = None
    report.save()
    send(
        "performance/report_returned",
        to=[report.deputy.membership],
        report=report,
        link=f"/me/performance/reports/{report.pk}/",
    )
    if report.on_behalf:  # mended by the one who entered it, at the desk
        send(
            "performance/report_returned",
            to=[report.entered_by],
            report=report,
            link=f"/admin/performance/selfreport/{report.pk}/change/",
        )
    audit.record(by, "performance.return", report, note=reason.strip())
    return report


@transaction.atomic
def send_again(report: SelfReport, *, by: Membership, **values: Any) -> SelfReport:
    """A returned report is mended and sent again."""
    report = _take(report, Step.SUBMIT, by)
    _change(report, by, values)
    report.submitted_at = timezone.now()
    report.save()
    audit.record(by, "performance.report", report)
    return report


@transaction.atomic
def revise(report: SelfReport, *, by: Membership, **values: Any) -> SelfReport:
    """Mend a draft or a returned report without sending it yet.

    `values`: item, on, title, quantity, role, level, evidence (an Upload; None keeps the file).
    """
    before = SelfReport.objects.get(pk=report.pk).state
    report = _take(report, Step.SUBMIT, by)
    report.state = before
    _change(report, by, values)
    report.save()
    return report


def _change(report: SelfReport, by: Membership, values: dict[str, Any]) -> None:
    for name, value in kept(values, by).items():
        setattr(report, name, value)
    check_duty(report.deputy, report.item, report.on, on_behalf=report.on_behalf)


@transaction.atomic
def drop(report: SelfReport, *, by: Membership) -> SelfReport:
    """The author takes a report back before it counts."""
    report = _take(report, Step.DROP, by)
    report.save()
    audit.record(by, "performance.drop", report)
    return report


def review_all(
    reports: Iterable[SelfReport], *, by: Membership
) -> tuple[list[SelfReport], list[tuple[SelfReport, str]]]:
    """First review of many; gives those done and, with the reason, those that were not."""
    return _each(review, reports, by)


def verify_all(
    reports: Iterable[SelfReport], *, by: Membership
) -> tuple[list[SelfReport], list[tuple[SelfReport, str]]]:
    """Verification of many; gives those done and, with the reason, those that were not."""
    return _each(verify, reports, by)


def _each(action: Callable, reports, by):
    done, refused = [], []
    for report in reports:
        try:
            done.append(action(report, by=by))
        except NotAllowed as refusal:
            refused.append((report, refusal.sentence))
    return done, refused
