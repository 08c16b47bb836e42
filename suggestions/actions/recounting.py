"""The calendar changed: the dates of every open task are counted anew, before and after kept."""

from django.db import transaction

from congress import audit
from congress.holidays import work_calendar
from congress.models import Membership
from deadlines.actions import move

from ..models import Assignment
from ..rules import OVER, HandlingRules, joint_dates, reply_dates
from .assigning import REPLY

COUNTED = ["legal_due_on", "internal_due_on", "working"]


@transaction.atomic
def recount_tasks(*, by: Membership | None) -> int:
    """Count the dates of all open tasks anew from their suggestion's 交办; gives how many moved.

    An extension that was granted, a batch's day and a second round's clock are decisions, not
    reckonings, and stay. What moved says so in its working.
    """
    calendar = work_calendar()
    rows = (
        Assignment.objects.exclude(state__in=OVER)
        .select_related("suggestion__rule_set")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    known: dict[tuple, object] = {}  # one batch shares its reckoning
    changed, days = [], {}
    for task in rows:
        item = task.suggestion
        rules = HandlingRules.of(item.rule_set)
        urgent = bool(item.urgent_reason.strip())
        key = (item.assigned_on, item.rule_set_id, task.batch_due_on, task.role == "joint", urgent)
        if key not in known:
            dates = reply_dates(item.assigned_on, rules, calendar, task.batch_due_on, urgent)
            if task.role == Assignment.Role.JOINT:
                dates = joint_dates(item.assigned_on, rules, calendar, dates.effective)
            known[key] = dates
        dates = known[key]
        if (dates.legal, dates.internal) == (task.legal_due_on, task.internal_due_on):
            continue
        if task.extended_to and task.extended_to < dates.legal:
            continue
        note = f"节假日安排更新，期限由{task.legal_due_on}重新计算。"
        task.legal_due_on, task.internal_due_on = dates.legal, dates.internal
        task.working = [*dates.working, note]
        changed.append(task)
        if item.round == 1 and not task.extended_to:
            days[task.pk] = (dates.effective, task.working)
    Assignment.objects.bulk_update(changed, COUNTED, batch_size=500)
    move(REPLY, Assignment, days, by=by)
    if changed:
        audit.record(by, "suggestions.recount", note=f"{len(changed)}项承办任务的期限有变")
    return len(changed)
