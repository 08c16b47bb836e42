"""Activities: of today, to be closed, to be made known, leave to be decided."""

import datetime as dt

from django.utils import timezone

from activities import queries as activity_queries
from activities.models import Activity
from congress.models import Membership
from congress.words import cn_short_date

from ... import rules
from ..parts import Matter, Subject, page_url, row_url, rows_url, step_url, subject


def activities_today(member: Membership, today: dt.date) -> Subject:
    """Published activities that take place today."""
    rows = activity_queries.today(member, today)

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

    return subject("今天的活动", rows.order_by("starts_at"), rows_url(Activity, when="today"), say)


def activities_to_close(member: Membership, today: dt.date) -> Subject:
    """Activities that are over: to be closed within a week, then their facts count."""
    rows = activity_queries.to_close(member).order_by("ends_at")

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

    return subject("待办结的活动", rows, rows_url(Activity, when="to_close"), say)


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

    return subject("待批的请假", rows, page_url("leaves_waiting"), say)


def activities_to_publish(member: Membership, today: dt.date) -> Subject:
    """Drafts whose day is near: deputies are to hear of them in time."""
    rows = activity_queries.to_publish(member, today).order_by("starts_at")

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

    return subject("待发布的活动", rows, rows_url(Activity, when="to_publish"), say)
