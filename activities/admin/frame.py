"""What every page of one activity has: its head, its tabs, its steps."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from congress.flow import NotAllowed
from congress.words import cn_datetime

from .. import access, queries
from ..models import Activity, LeaveRequest

TONES = {
    Activity.State.DRAFT: "draft",
    Activity.State.PUBLISHED: "active",
    Activity.State.CLOSED: "done",
    Activity.State.REOPENED: "warn",
    Activity.State.CANCELLED: "off",
}


def tone_of(activity: Activity, is_over: bool = False) -> tuple[str, str]:
    """The state in words with its tone; published and over is 待办结."""
    if is_over and activity.is_open:
        return "待办结", "late"
    return activity.get_state_display(), TONES[activity.state]


def found(request: HttpRequest, pk: int, *, to_run: bool = False) -> Activity:
    """The activity, or 404; where a page changes something, 403 for those who only read."""
    activity = access.find(request.member, pk)
    if to_run and not access.may_run(request.member, activity):
        raise PermissionDenied
    return activity


def refuse_closed(activity: Activity) -> None:
    """A form for what cannot be changed any more is not even shown."""
    if activity.state in (Activity.State.CLOSED, Activity.State.CANCELLED):
        raise NotAllowed(f"活动“{activity.get_state_display()}”，不能再修改。如需更正，先重新打开")


def frame(request: HttpRequest, activity: Activity, here: str, **context) -> dict:
    """Context of a page of one activity; `here` names its tab."""
    waiting = LeaveRequest.objects.filter(
        invitation__activity=activity,
        invitation__withdrawn_at=None,
        state=LeaveRequest.State.ASKED,
    ).count()
    asked = queries.live_invitations(activity).count()
    tabs = [
        ("about", "概况", reverse("admin:activities_activity_change", args=[activity.pk]), 0),
        ("guests", "邀请与报名", reverse("admin:activity_guests", args=[activity.pk]), asked),
        ("leave", "请假", reverse("admin:activity_leave", args=[activity.pk]), waiting),
        ("checkin", "签到", reverse("admin:activity_checkin", args=[activity.pk]), 0),
        ("outcome", "成果与材料", reverse("admin:activity_outcome", args=[activity.pk]), 0),
    ]
    words, tone = tone_of(activity, activity.ends_at < timezone.now())
    return {
        "title": activity.title,
        "note": f"{cn_datetime(activity.starts_at)}，{activity.place}",
        "back": [("活动", reverse("admin:activities_activity_changelist"))],
        "activity": activity,
        "row": activity,
        "tabs": tabs,
        "here": here,
        "state_words": words,
        "state_tone": tone,
        "may_run": access.may_run(request.member, activity),
        "asked": asked,
        **context,
    }
