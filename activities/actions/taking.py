"""The first two beats of every action here: lock the activity, ask whether one may."""

from congress.flow import NotAllowed
from congress.models import Membership

from .. import access
from ..models import Activity
from ..rules import FLOW


def hold(activity: Activity) -> Activity:
    """The activity as it is now, locked until the transaction ends: answers, marks and closings
    of one activity come one after the other."""
    return (
        Activity.objects.select_for_update(of=("self",))
        .select_related("kind", "organiser")
        .get(pk=activity.pk)
    )


def hold_to_run(activity: Activity, by: Membership) -> Activity:
    """Lock for those who run it; refuses others."""
    activity = hold(activity)
    if not access.may_run(by, activity):
        raise NotAllowed(f"这项活动由{activity.organiser}组织，请与其联系")
    return activity


def take(activity: Activity, step: Activity.Step, by: Membership) -> Activity:
    """Lock, ask, and move to the state the step leads to."""
    activity = hold_to_run(activity, by)
    activity.state = FLOW.after(activity.state, step)
    return activity


def refuse_unless_open(activity: Activity) -> None:
    if not activity.is_open:
        raise NotAllowed(f"活动“{activity.get_state_display()}”，现在不能办理这一步")


def refuse_settled(activity: Activity) -> None:
    """What is closed or cancelled is not changed any more."""
    if activity.state in (Activity.State.CLOSED, Activity.State.CANCELLED):
        raise NotAllowed(f"活动“{activity.get_state_display()}”，不能再修改")
