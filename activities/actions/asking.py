"""Who has not answered yet has until sign-up closes, and is reminded of it."""

from django.utils import timezone

from congress.models import Membership
from deadlines import actions as deadlines
from deadlines.queries import of_subject
from deadlines.rules import Limit, Unit

from ..models import Activity, Invitation, LeaveRequest

ANSWER = "activities.answer"
REMIND_BEFORE = (5, 1)


def keep_answer_deadlines(activity: Activity, *, by: Membership | None) -> None:
    """Give every invited deputy without an answer until sign-up closes; close what is answered
    or no longer asked. Safe to call after any step."""
    now = timezone.now()
    closes = activity.sign_up_closes_at
    is_asked = activity.is_open and activity.by_sign_up and closes and closes > now
    if not is_asked:
        deadlines.cancel(ANSWER, activity, by=by)
        return
    waiting = _without_answer(activity)
    open_now = of_subject(activity, ANSWER).filter(done_at=None, cancelled_at=None)
    answered = [row.member for row in open_now.exclude(member__in=waiting)]
    deadlines.meet(ANSWER, activity, by=by, members=answered)
    deadlines.set_deadline(
        ANSWER,
        activity,
        by=by,
        members=waiting,
        what=f"报名或请假：{activity.title}",
        limit=Limit(Unit.FIXED, on=timezone.localdate(closes)),
        link=f"/me/activities/{activity.pk}/",
        lapses=True,
        remind_before=REMIND_BEFORE,
    )


def answered(activity: Activity, invitation: Invitation, *, by: Membership | None) -> None:
    """One deputy has answered."""
    member = invitation.deputy.membership
    if member is not None:
        deadlines.meet(ANSWER, activity, by=by, members=[member])


def _without_answer(activity: Activity) -> list[Membership]:
    on_leave = LeaveRequest.objects.filter(
        invitation__activity=activity,
        session=None,
        state__in=[LeaveRequest.State.ASKED, LeaveRequest.State.APPROVED],
    )
    rows = (
        Invitation.objects.filter(
            activity=activity,
            withdrawn_at=None,
            signed_up_at=None,
            deputy__membership__isnull=False,
        )
        .exclude(pk__in=on_leave.values("invitation"))
        .select_related("deputy__membership")
    )
    return [row.deputy.membership for row in rows]
