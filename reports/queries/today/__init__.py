"""今日: what waits for a member of the staff, subject by subject, in a constant number of queries.

Only what the member may do now is here; what waits for somebody else is not.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone

from congress.models import Membership, Role

from ..parts import Subject
from . import activities, house, performance, suggestions


def waiting_for(member: Membership) -> list[Subject]:
    """What waits for this member, the subjects with something in them only."""
    today = timezone.localdate()
    found = [build(member, today) for build in SUBJECTS.get(Role(member.role), ())]
    return [subject for subject in found if subject.count]


_ACTIVITIES = (
    activities.activities_today,
    activities.activities_to_close,
    activities.leaves_to_decide,
    activities.activities_to_publish,
)
SUBJECTS: dict[Role, Iterable[Callable[[Membership, dt.date], Subject]]] = {
    Role.DEPUTY_AFFAIRS: (
        suggestions.late_tasks,
        suggestions.to_review,
        suggestions.to_assign,
        suggestions.returns_to_rule,
        suggestions.extensions_to_decide,
        suggestions.replies_to_check,
        suggestions.dissatisfied,
        suggestions.escalated,
        suggestions.silent,
        suggestions.forms_to_compare,
        suggestions.talks_to_confirm,
        suggestions.promises_to_verify,
        suggestions.promises_late,
        suggestions.classes_to_agree,
        suggestions.to_publish,
        suggestions.key_to_decide,
        *_ACTIVITIES,
        performance.reports_to_verify,
        performance.objections_to_decide,
        performance.publications_to_confirm,
        performance.periods_to_end,
        house.rosters_to_confirm,
        house.failed_jobs,
    ),
    Role.STREET: (
        suggestions.own_tasks,
        suggestions.forms_to_collect,
        suggestions.to_pre_review,
        *_ACTIVITIES,
        performance.reports_to_review,
        house.failed_jobs,
    ),
    Role.COMMITTEE: (
        suggestions.own_tasks,
        suggestions.to_pre_review_in_group,
        suggestions.late_tasks,
        suggestions.supervised,
        suggestions.promises_to_verify,
        suggestions.classes_to_agree,
        *_ACTIVITIES,
        house.failed_jobs,
    ),
    Role.CHAIR: (
        suggestions.key_to_decide,
        suggestions.supervised,
        suggestions.escalated,
    ),
    Role.SYSTEM_ADMIN: (house.failed_jobs,),
}
