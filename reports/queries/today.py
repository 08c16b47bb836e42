"""今日: what waits for a member of the staff, subject by subject, in a constant number of queries.

Only what the member may do now is here; what waits for somebody else is not.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from activities import access as activity_access
from activities import queries as activity_queries
from activities.models import Activity
from congress.models import Job, Membership, Role
from congress.words import cn_short_date
from deputies import access as registry_access
from deputies.models import RosterBatch
from performance import access as performance_access
from performance.models import Objection, Period, Publication, SelfReport

from .. import rules
from .parts import SHOWN, Matter, Subject, by_urgency, page_url, row_url, rows_url, step_url

PLANNERS = activity_access.PLANNERS


def waiting_for(member: Membership) -> list[Subject]:
    """What waits for this member, the subjects with something in them only."""
    today = timezone.localdate()
    found = [build(member, today) for build in SUBJECTS.get(Role(member.role), ())]
    return [subject for subject in found if subject.count]


def _subject(
    title: str, rows: QuerySet, url: str, say: Callable[..., Matter], many: int = SHOWN
) -> Subject:
    """The first rows of a list as matters; counted only where there are more."""
    first = list(rows[: many + 1])
    count = len(first) if len(first) <= many else rows.count()
    return Subject(title, count, url, by_urgency(say(row) for row in first[:many]))


# -- Activities --------------------------------------------------------------------------------


def _runs(rows: QuerySet[Activity], member: Membership) -> QuerySet[Activity]:
    """Of these the activities the member runs."""
    if member.role == Role.COMMITTEE:
        return rows.filter(organiser__in=activity_access.units_of(member))
    return rows


def activities_today(member: Membership, today: dt.date) -> Subject:
    """Published activities that take place today."""
    rows = _runs(activity_access.visible_to(member), member).filter(
        state__in=[Activity.State.PUBLISHED, Activity.State.REOPENED],
        starts_at__date__lte=today,
        ends_at__date__gte=today,
    )

    def say(row: Activity) -> Matter:
        at = timezone.localtime(row.starts_at)
        when = f"{at.hour}:{at.minute:02}" if at.date() == today else cn_short_date(at, today)
        return Matter(
            row.title,
            row_url(row),
            rules.Light("warn", "今天举行"),
            "签到册",
            row_url(row),
            f"{when} {row.place}",
            today,
        )

    return _subject("今天的活动", rows.order_by("starts_at"), rows_url(Activity), say)


def activities_to_close(member: Membership, today: dt.date) -> Subject:
    """Activities that are over: to be closed within a week, then their facts count."""
    rows = activity_queries.to_close(member).filter(ends_at__date__lt=today).order_by("ends_at")

    def say(row: Activity) -> Matter:
        ended = timezone.localdate(row.ends_at)
        due = ended + dt.timedelta(days=rules.CLOSE_WITHIN)
        return Matter(
            row.title,
            row_url(row),
            rules.light_by_due(due, today),
            "办结",
            step_url(row, Activity.Step.CLOSE),
            f"{cn_short_date(ended, today)}结束，办结后记入履职",
            due,
        )

    return _subject("待办结的活动", rows, rows_url(Activity, state__exact="published"), say)


def leaves_to_decide(member: Membership, today: dt.date) -> Subject:
    """Leave asked for and not yet decided, before the activity begins."""
    rows = activity_queries.leaves_waiting(member).order_by("invitation__activity__starts_at")

    def say(row) -> Matter:
        activity = row.invitation.activity
        due = timezone.localdate(activity.starts_at)
        return Matter(
            f"{row.invitation.deputy}请假：{activity.title}",
            row_url(activity),
            rules.light_by_due(due, today),
            "答复",
            page_url("activities_leaves", activity.pk) or row_url(activity),
            row.reason,
            due,
        )

    return _subject("待批的请假", rows, "", say)


def activities_to_publish(member: Membership, today: dt.date) -> Subject:
    """Drafts whose day is near: deputies are to hear of them in time."""
    rows = (
        _runs(activity_access.visible_to(member), member)
        .filter(state=Activity.State.DRAFT)
        .filter(starts_at__date__gte=today, starts_at__date__lte=today + dt.timedelta(days=21))
        .order_by("starts_at")
    )

    def say(row: Activity) -> Matter:
        starts = timezone.localdate(row.starts_at)
        due = starts - dt.timedelta(days=rules.PUBLISH_BEFORE)
        return Matter(
            row.title,
            row_url(row),
            rules.light_by_due(due, today),
            "发布",
            step_url(row, Activity.Step.PUBLISH),
            f"{cn_short_date(starts, today)}举行，还没有通知代表",
            due,
        )

    return _subject("待发布的活动", rows, rows_url(Activity, state__exact="draft"), say)


# -- Performance -------------------------------------------------------------------------------


def reports_to_review(member: Membership, today: dt.date) -> Subject:
    """Self-reports for the first review: the street's own."""
    rows = performance_access.reports_visible_to(member).filter(state=SelfReport.State.SUBMITTED)
    return _reports("待初审的申报", rows, member, today, SelfReport.Step.REVIEW)


def reports_to_verify(member: Membership, today: dt.date) -> Subject:
    """Self-reports for the second review, but for those the member reviewed or entered."""
    rows = (
        performance_access.reports_visible_to(member)
        .filter(state=SelfReport.State.REVIEWED)
        .exclude(entered_by=member)
        .exclude(reviewed_by__user=member.user)
    )
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

    state = "submitted" if step == SelfReport.Step.REVIEW else "reviewed"
    return _subject(
        title, rows.order_by(moment, "pk"), rows_url(SelfReport, state__exact=state), say
    )


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
    return _subject("待处理的异议", rows.order_by("raised_at", "pk"), url, say)


def periods_to_end(member: Membership, today: dt.date) -> Subject:
    """Periods whose days are over and which are not locked yet."""
    rows = performance_access.periods_visible_to(member).filter(
        state=Period.State.OPEN, ends_on__lt=today
    )

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

    return _subject("待锁定的考核期", rows.order_by("ends_on"), rows_url(Period), say)


def publications_to_confirm(member: Membership, today: dt.date) -> Subject:
    """Publications that wait for a second pair of eyes, or came back."""
    states = Publication.State
    rows = Publication.objects.select_related("period").filter(
        Q(state=states.PROPOSED) & ~Q(proposed_by=member)
        | Q(state=states.CONFIRMED) & ~Q(first_by__user=member.user)
        | Q(state=states.RETURNED, made_by=member)
    )

    def say(row: Publication) -> Matter:
        since = timezone.localdate(row.first_at or row.proposed_at or row.made_at)
        back = row.state == states.RETURNED
        return Matter(
            str(row),
            row_url(row),
            rules.light_by_wait(since, today),
            "修改" if back else "核对并确认",
            row_url(row),
            f"退回：{row.return_reason}" if back else row.get_state_display(),
            since,
        )

    return _subject("待确认的公布", rows.order_by("pk"), rows_url(Publication), say)


# -- Registry and background work ---------------------------------------------------------------


def rosters_to_confirm(member: Membership, today: dt.date) -> Subject:
    """Rosters read and checked, not yet taken over."""
    rows = registry_access.batches_visible_to(member).filter(state=RosterBatch.State.CHECKED)

    def say(row: RosterBatch) -> Matter:
        since = timezone.localdate(row.created_at)
        url = page_url("deputies_roster", row.pk)
        return Matter(
            str(row), url, rules.light_by_wait(since, today), "核对", url, "已读取，等待确认", since
        )

    return _subject("待确认的名册", rows.order_by("pk"), page_url("deputies_import"), say)


def failed_jobs(member: Membership, today: dt.date) -> Subject:
    """Work in the background that did not succeed: the own, for the system's keeper all."""
    since = timezone.now() - dt.timedelta(days=7)
    rows = Job.objects.filter(failed_at__gte=since)
    if member.role != Role.SYSTEM_ADMIN:
        rows = rows.filter(by=member)

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

    return _subject("没有完成的后台任务", rows.order_by("-failed_at"), rows_url(Job), say)


_ACTIVITIES = (activities_today, activities_to_close, leaves_to_decide, activities_to_publish)
SUBJECTS: dict[Role, Iterable[Callable[[Membership, dt.date], Subject]]] = {
    Role.DEPUTY_AFFAIRS: (
        *_ACTIVITIES,
        reports_to_verify,
        objections_to_decide,
        publications_to_confirm,
        periods_to_end,
        rosters_to_confirm,
        failed_jobs,
    ),
    Role.STREET: (*_ACTIVITIES, reports_to_review, failed_jobs),
    Role.COMMITTEE: (*_ACTIVITIES, failed_jobs),
    Role.CHAIR: (publications_to_confirm,),
    Role.SYSTEM_ADMIN: (failed_jobs,),
}
