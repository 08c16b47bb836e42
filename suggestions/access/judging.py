"""Who may read replies and what deputies think of them."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from congress.access import units_of
from congress.models import Membership, Role
from deputies.queries import in_office

from ..models import Assignment, ContactConfirmation, Feedback, Reply, RuleSet, Suggestion
from ..rules import GONE
from .handling import tasks_visible_to
from .roles import KEEPERS, UNIT_ROLES
from .seeing import visible_to


def replies_visible_to(member: Membership) -> QuerySet[Reply]:
    """Replies: units (a committee or street that handles, too) all versions of their tasks; others
    what was served."""
    rows = Reply.objects.select_related("assignment__suggestion", "result_class")
    if member.role in UNIT_ROLES:
        return rows.filter(assignment__in=tasks_visible_to(member).order_by().values("pk"))
    seen = visible_to(member).order_by().values("pk")
    served = Q(state=Reply.State.SERVED, assignment__suggestion__in=seen)
    if member.role in (Role.COMMITTEE, Role.STREET):
        return rows.filter(served | Q(assignment__unit__in=units_of(member)))
    return rows.filter(served)


def judged_before(member: Membership) -> QuerySet[Suggestion]:
    """The suggestions whose judgements a member of the staff reads by name: those it sees; a
    committee none that it handles itself, for there it is a unit (背靠背)."""
    rows = visible_to(member)
    if member.role in KEEPERS | {Role.CHAIR}:
        return rows
    if member.role != Role.COMMITTEE:
        return rows.none()
    own = Assignment.objects.exclude(state__in=GONE).filter(unit__in=units_of(member))
    return rows.exclude(Exists(own.filter(suggestion=OuterRef("pk"))))


def feedback_visible_to(member: Membership) -> QuerySet[Feedback]:
    """Judgements: a deputy the own ones, staff those of the suggestions judged before them.

    Units none by name: what they may know is counted (queries.judgement_for_unit), and only
    after the round closed (背靠背; 代表法 art. 36 to 38: nobody is held to account).
    """
    rows = Feedback.objects.select_related("suggestion", "assignment__unit", "deputy", "reply")
    if member.role == Role.DEPUTY:
        return rows.filter(deputy__membership=member)
    return rows.filter(suggestion__in=judged_before(member).order_by().values("pk"))


def feedback_to_collect(member: Membership) -> QuerySet[Feedback]:
    """Judgements still awaited whose paper form the member may enter: 代工委 all, a street those of
    its own deputies where the rules have streets collect them; never on the own unit."""
    rows = Feedback.objects.filter(
        state__in=[Feedback.State.EXPECTED, Feedback.State.MISSED], superseded_at=None
    ).select_related("suggestion__rule_set", "assignment__unit", "deputy")
    if member.role in KEEPERS:
        return rows.filter(suggestion__in=visible_to(member).order_by().values("pk"))
    if member.role != Role.STREET:
        return rows.none()
    units = units_of(member)
    seats = in_office(timezone.localdate()).filter(street__in=units).order_by()
    return rows.filter(
        suggestion__rule_set__feedback_collector=RuleSet.Collector.STREET,
        deputy__in=seats.values("deputy"),
    ).exclude(assignment__unit__in=units)


def talk_words_visible_to(member: Membership) -> QuerySet[ContactConfirmation]:
    """What deputies said of the talks that units recorded: staff those of the suggestions judged
    before them."""
    rows = ContactConfirmation.objects.select_related(
        "contact__assignment__suggestion", "deputy__membership", "entered_by", "scan"
    )
    seen = judged_before(member).order_by().values("pk")
    return rows.filter(contact__assignment__suggestion__in=seen)
