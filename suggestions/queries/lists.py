"""The staff's list: narrowed, counted by what waits, each row with the day that presses most."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)

from congress.models import Membership, Role
from deadlines.rules import YELLOW_DAYS, Light, light
from deputies.models import Mandate

from .. import access
from ..models import (
    Assignment,
    Feedback,
    PublicationDecision,
    Reply,
    Review,
    Signature,
    Suggestion,
)
from ..rules import GONE, OVER
from ..rules.kinds import ASSIGN
from .base import NOT_ASSIGNED
from .desk import by_due
from .owed import day_owed
from .search import holding

State = Suggestion.State
HANDLED = (State.ASSIGNED, State.HANDLING, State.REHANDLING)
# What staff look for, group by group; the key stands in the address.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pre_review": ("待初审", (State.PRE_REVIEW,)),
    "review": ("待复审", (State.REVIEW,)),
    "sent_back": ("退回修改中", (State.SENT_BACK,)),
    "to_assign": ("待交办", (State.REGISTERED, State.CONSULTING)),
    "handling": ("办理中", HANDLED),
    "answered": ("待代表评价", (State.ANSWERED,)),
    "dissatisfied": ("不满意待研判", (State.DISSATISFIED, State.ESCALATED)),
    "closed": ("已办结", (State.CLOSED, State.ARCHIVED)),
    "secret": ("涉密件", ()),  # by its mark, whatever its state
    "gone": ("未受理或终止", (State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED)),
}
# Where suggestions stand as the first screens count them, across the groups.
STANDS = {
    "street": "待街道（镇）初审",
    "committee": "待代工委审查登记",
    "registered": "已登记（不含撤回、终止和涉密件）",
    "in_hand": "正在办理（含不满意待研判和重办）",
}
EARLY = ("pre_review", "review", "sent_back")


def groups_for(member: Membership) -> dict[str, str]:
    """The groups of states this member sees: the chairpersons and committees begin with what is
    registered."""
    late = member.role in (Role.CHAIR, Role.COMMITTEE)
    return {key: words for key, (words, _) in GROUPS.items() if not (late and key in EARLY)}


def in_group(group: str) -> Q:
    """Which rows lie in a group. Of a state secret nothing but a number is here, so it waits for
    nobody in this system: it stands by itself, in no other group."""
    if group == "secret":
        return Q(is_secret_placeholder=True)
    return Q(is_secret_placeholder=False, state__in=GROUPS[group][1])


def listed(member: Membership) -> QuerySet[Suggestion]:
    """What a member of the staff may see, each once."""
    seen = access.visible_to(member).order_by().values("pk")
    return Suggestion.objects.filter(pk__in=seen)


def standing(rows: QuerySet[Suggestion], where: str) -> QuerySet[Suggestion]:
    """Of these suggestions, those that stand where STANDS says."""
    if where == "street":
        return rows.filter(~_looked_at("street"), state=State.PRE_REVIEW)
    if where == "committee":
        pre = Q(state=State.PRE_REVIEW) & (Q(_looked_at("street")) | Q(street=None))
        return rows.filter(Q(state=State.REVIEW) | pre)
    if where == "registered":
        return rows.filter(registered_at__isnull=False, is_secret_placeholder=False).exclude(
            state__in=[State.WITHDRAWN, State.TERMINATED]
        )
    return rows.filter(state__in=[*HANDLED, State.DISSATISFIED, State.ESCALATED])


def _looked_at(step: str) -> Exists:
    """Whether a step of pre-review has passed the text as it was last handed in."""
    passed = Review.objects.filter(
        suggestion=OuterRef("pk"),
        step=step,
        result=Review.Result.PASSED,
        at__gte=OuterRef("submitted_at"),
    )
    return Exists(passed)


def narrowed(
    rows: QuerySet[Suggestion], asked: dict[str, Any], member: Membership, today: dt.date
) -> QuerySet[Suggestion]:
    """Of these suggestions, those asked for (forms.intake.SuggestionFilter), the group left out."""
    plain = {
        name: asked[name]
        for name in ("state", "raised_in", "channel", "sitting", "term", "street")
        if asked.get(name)
    }
    rows = rows.filter(**plain)
    if stands := asked.get("stands"):
        rows = standing(rows, stands)
    if words := (asked.get("q") or "").strip():
        rows = holding(rows, words)
    if category := asked.get("category"):
        rows = rows.filter(Q(category=category) | Q(category__parent=category))
    if delegation := asked.get("delegation"):
        seats = Mandate.objects.filter(delegation=delegation, deputy=OuterRef("lead"))
        rows = rows.filter(Q(delegation=delegation) | Q(Exists(seats)))
    if unit := asked.get("unit"):
        rows = rows.filter(_has_task(unit=unit))
    if (lead := asked.get("lead")) is not None:
        rows = rows.filter(lead=lead)
    if mark := asked.get("mark"):
        rows = with_class(rows).filter(current_mark=mark)
    if asked.get("key"):
        rows = rows.filter(is_key=True)
    if asked.get("own"):
        rows = rows.exclude(channel=Suggestion.Channel.ABOVE)
    if asked.get("joint"):
        rows = rows.filter(Exists(_confirmed()))
    if publicity := asked.get("publicity"):
        rows = rows.filter(_by_publicity(publicity))
    if lamp := asked.get("light"):
        rows = _by_light(with_due(rows), lamp, today)
    return rows


def _has_task(**what: Any) -> Exists:
    rows = Assignment.objects.exclude(state__in=GONE)
    return Exists(rows.filter(suggestion=OuterRef("pk"), **what))


def _confirmed() -> QuerySet[Signature]:
    return Signature.objects.filter(suggestion=OuterRef("pk"), state=Signature.State.CONFIRMED)


def _by_publicity(what: str) -> Q:
    decided = PublicationDecision.objects.filter(suggestion=OuterRef("pk"), taken_down_at=None)
    if what == "public":
        return Q(Exists(decided.exclude(published_at=None)))
    if what == "not":
        return Q(Exists(decided.filter(mode=PublicationDecision.Mode.NOT)))
    return Q(registered_at__isnull=False) & ~Q(Exists(decided))


def with_class(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Each with the mark of the last served reply in `current_mark`."""
    served = Reply.objects.filter(
        assignment__suggestion=OuterRef("pk"), state=Reply.State.SERVED
    ).order_by("-round", "-pk")
    return rows.annotate(current_mark=Subquery(served.values("result_class__mark")[:1]))


def with_due(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Each with the day it must be assigned, answered or judged by in `due_on`; none where nobody
    owes."""
    tasks = by_due(
        Assignment.objects.filter(suggestion=OuterRef("pk"))
        .exclude(state__in=OVER)
        .exclude(role=Assignment.Role.JOINT)
    ).values("due_on")[:1]
    owed = (
        Feedback.objects.filter(
            suggestion=OuterRef("pk"),
            round=OuterRef("round"),
            state=Feedback.State.EXPECTED,
            superseded_at=None,
        )
        .order_by()
        .values("suggestion")
        .annotate(day=Min("due_on"))
        .values("day")
    )
    return rows.annotate(
        due_on=Case(
            When(state__in=NOT_ASSIGNED, then=day_owed(ASSIGN)),
            When(state__in=HANDLED, then=Subquery(tasks)),
            When(state=State.ANSWERED, then=Subquery(owed)),
        )
    )


def _by_light(rows: QuerySet[Suggestion], lamp: str, today: dt.date) -> QuerySet[Suggestion]:
    yellow = today + dt.timedelta(days=YELLOW_DAYS)
    condition = {
        Light.RED: Q(due_on__lt=today),
        Light.YELLOW: Q(due_on__gte=today, due_on__lte=yellow),
        Light.GREEN: Q(due_on__gt=yellow),
    }[Light(lamp)]
    return rows.filter(condition)


def counts_by_group(rows: QuerySet[Suggestion]) -> dict[str, int]:
    """How many of each group, and of all under ""."""
    by_state = {
        (secret, state): n
        for secret, state, n in rows.order_by()
        .values_list("is_secret_placeholder", "state")
        .annotate(n=Count("pk", distinct=True))
    }
    found = {
        key: sum(by_state.get((False, s), 0) for s in states) for key, (_, states) in GROUPS.items()
    }
    found["secret"] = sum(n for (secret, _), n in by_state.items() if secret)
    return {"": sum(by_state.values()), **found}


def in_order(rows: QuerySet[Suggestion], group: str) -> QuerySet[Suggestion]:
    """What presses first in front; what is over, the latest first."""
    if group in EARLY:
        return rows.order_by(F("submitted_at").asc(nulls_last=True), "pk")
    if group in ("to_assign", "handling", "answered", "dissatisfied"):
        return rows.order_by(F("due_on").asc(nulls_last=True), "registered_at", "pk")
    if group == "secret":
        return rows.order_by(F("closed_at").desc(nulls_first=True), "-pk")
    return rows.order_by("-pk")


def for_table(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """With all a line of the list says, in a constant number of queries."""
    cosigners = _confirmed().order_by().values("suggestion").annotate(n=Count("pk")).values("n")
    return (
        with_class(with_due(rows))
        .annotate(cosigners=Subquery(cosigners))
        .select_related("lead", "delegation", "received", "category__parent")
        .prefetch_related("assignments")
    )


def for_sheet(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """With what the sheet says beyond the table; the page goes without these joins, whose
    planning takes the database longer than all the rest."""
    return for_table(rows).select_related("street", "sitting")


def units_of(suggestion: Suggestion) -> str:
    """The units that handle a suggestion, who answers first; from prefetched assignments."""
    rows = [a for a in suggestion.assignments.all() if a.state not in GONE]
    named = [a for a in rows if a.role != Assignment.Role.OWNER] or rows
    named.sort(key=lambda a: (not a.answers, a.pk))
    return "、".join(
        f"{a.unit_name}（会办）" if a.role == Assignment.Role.JOINT else a.unit_name for a in named
    )


@dataclass(frozen=True)
class Due:
    """The day a line shows, what is due then, and its light ("" where nothing presses)."""

    on: dt.date | None
    what: str = ""
    light: str = ""


def due_of(row: Suggestion, today: dt.date) -> Due:
    """What is due next on a row of `for_table`."""
    if not row.due_on:
        return Due(None)
    what = "交办" if row.state in NOT_ASSIGNED else "答复"
    what = "评价" if row.state == State.ANSWERED else what
    return Due(row.due_on, what, light(row.due_on, today))
