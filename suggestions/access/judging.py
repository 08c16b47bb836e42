"""Who may read replies and what deputies think of them."""

from django.db.models import QuerySet

from congress.models import Membership, Role

from ..models import Feedback, Reply
from .handling import tasks_visible_to
from .roles import KEEPERS, UNIT_ROLES
from .seeing import visible_to


def replies_visible_to(member: Membership) -> QuerySet[Reply]:
    """Replies: units all versions of their tasks; others what was served."""
    rows = Reply.objects.select_related("assignment__suggestion", "result_class")
    if member.role in UNIT_ROLES:
        return rows.filter(assignment__in=tasks_visible_to(member).order_by().values("pk"))
    served = rows.filter(state=Reply.State.SERVED)
    return served.filter(assignment__suggestion__in=visible_to(member).order_by().values("pk"))


def feedback_visible_to(member: Membership) -> QuerySet[Feedback]:
    """Judgements: a deputy the own ones, staff those of the suggestions they see.

    Units none by name: what they may know is counted (queries.judgement_for_unit), and only
    after the round closed (背靠背; 代表法 art. 36 to 38: nobody is held to account).
    """
    rows = Feedback.objects.select_related("suggestion", "assignment__unit", "deputy", "reply")
    if member.role == Role.DEPUTY:
        return rows.filter(deputy__membership=member)
    if member.role in KEEPERS | {Role.CHAIR, Role.COMMITTEE}:
        return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))
    return rows.none()
