"""Performance: reports to review, objections to decide, periods to end, publications to confirm."""

import datetime as dt

from django.utils import timezone

from congress.models import Membership
from congress.words import cn_short_date
from performance import access as performance_access
from performance.models import Objection, Period, Publication, SelfReport
from performance.queries import periods, records

from ... import rules
from ..parts import Matter, Subject, row_url, rows_url, subject


def reports_to_review(member: Membership, today: dt.date) -> Subject:
    """Self-reports for the first review: the street's own."""
    rows = performance_access.reports_visible_to(member).filter(state=SelfReport.State.SUBMITTED)
    return _reports("待初审的申报", rows, member, today, SelfReport.Step.REVIEW)


def reports_to_verify(member: Membership, today: dt.date) -> Subject:
    """Self-reports for the second review, but for those the member reviewed or entered."""
    rows = records.reports_to_verify(performance_access.reports_visible_to(member), member)
    return _reports("待复核的申报", rows, member, today, SelfReport.Step.VERIFY)


def _reports(title, rows, member, today, step) -> Subject:
    moment = "submitted_at" if step == SelfReport.Step.REVIEW else "reviewed_at"

    def say(row: SelfReport) -> Matter:
        since = timezone.localdate(getattr(row, moment))
        return Matter(
            f"{row.deputy}：{row.title}",
            row_url(row),
            rules.light_by_wait(since, today),
            step.label.removesuffix("通过"),
            row_url(row),
            f"{row.item}，{cn_short_date(row.on, today)}" + ("，代录" if row.on_behalf else ""),
            since,
        )

    asked = {"state__exact": "submitted"}
    if step == SelfReport.Step.VERIFY:
        asked = {"state__exact": "reviewed", "mine": "on"}
    url = rows_url(SelfReport, **asked)
    return subject(title, rows.order_by(moment, "pk"), url, say, reads=["deputy", "item"])


def objections_to_decide(member: Membership, today: dt.date) -> Subject:
    """Objections not yet decided; a period is not locked while one is open."""
    rows = performance_access.objections_visible_to(member).filter(state=Objection.State.OPEN)

    def say(row: Objection) -> Matter:
        since = timezone.localdate(row.raised_at)
        return Matter(
            f"{row.deputy}：{row.get_kind_display()}，{row.text[:40]}",
            row_url(row),
            rules.light_by_wait(since, today),
            "处理",
            row_url(row),
            str(row.period),
            since,
        )

    url = rows_url(Objection, state__exact="open")
    rows = rows.order_by("raised_at", "pk")
    return subject("待处理的异议", rows, url, say, reads=["deputy", "period"])


def periods_to_end(member: Membership, today: dt.date) -> Subject:
    """Periods whose days are over and which are not locked yet."""
    rows = periods.to_end(performance_access.periods_visible_to(member), today)

    def say(row: Period) -> Matter:
        due = row.objections_until or row.ends_on + dt.timedelta(days=30)
        return Matter(
            row.name,
            row_url(row),
            rules.light_by_due(due, today),
            "汇总和锁定",
            row_url(row),
            f"{cn_short_date(row.ends_on, today)}结束，还没有锁定",
            due,
        )

    return subject("待锁定的考核期", rows.order_by("ends_on"), rows_url(Period, show="to_end"), say)


def publications_to_confirm(member: Membership, today: dt.date) -> Subject:
    """Publications that wait for a second pair of eyes, or came back."""
    visible = performance_access.publications_visible_to(member)
    rows = periods.publications_to_confirm(visible, member)

    def say(row: Publication) -> Matter:
        since = timezone.localdate(row.first_at or row.proposed_at or row.made_at)
        back = row.state == Publication.State.RETURNED
        return Matter(
            str(row),
            row_url(row),
            rules.light_by_wait(since, today),
            "修改" if back else "核对并确认",
            row_url(row),
            f"退回：{row.return_reason}" if back else row.get_state_display(),
            since,
        )

    return subject("待确认的公布", rows.order_by("pk"), rows_url(Publication, state="mine"), say)
