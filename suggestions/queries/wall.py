"""督办: every task that is not over, how many days are left, and where it is stuck."""

import datetime as dt

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from congress.rules import WorkCalendar

from ..models import Assignment, Contact, Feedback, Reply, RuleSet, Suggestion, Urge
from ..rules import GONE, OVER
from ..rules.limits import before
from .desk import by_due

Role, State = Assignment.Role, Assignment.State
ANSWERING = (Role.SOLE, Role.LEAD, Role.SEPARATE)
SOON_DAYS = 7  # a light turns yellow
LATE, SOON, FINE = "late", "soon", "fine"
LIGHTS = {LATE: "逾期", SOON: "临近期限", FINE: "正常"}
TONES = {LATE: "late", SOON: "warn", FINE: "done"}
# How long a matter may lie before it counts as stuck, in days.
LIES, DRAFT_LIES, TALK_WITHIN = 3, 5, 30
POINTS = {
    "undivided": "未分办",
    "unsigned": "未签收",
    "undecided": "退办、延期未决定",
    "no_contact": "未联系代表",
    "opinion": "会办意见未交",
    "sign_off": "签发或预审未完成",
    "unserved": "已签发未送达",
    "no_feedback": "逾期未反馈",
}


def wall(rows: QuerySet[Assignment], on: dt.date, calendar: WorkCalendar) -> QuerySet[Assignment]:
    """The tasks of `waiting`, each with one flag `at_<point>` for each of POINTS, and `urged` (how
    often), `urged_at`."""
    rows = waiting(rows, on).select_related("suggestion__category__parent")
    rows = rows.annotate(**_points(on, calendar))
    urges = Urge.objects.filter(assignment=OuterRef("pk")).order_by().values("assignment")
    return rows.annotate(
        urged=Subquery(urges.annotate(n=Count("pk")).values("n")),
        urged_at=Subquery(urges.annotate(at=Max("at")).values("at")),
    )


def waiting(rows: QuerySet[Assignment], on: dt.date) -> QuerySet[Assignment]:
    """Of these tasks the ones that are still somebody's turn, the most pressing first, each with
    `due_on` and `light` ("" where the unit has answered)."""
    children = Assignment.objects.filter(parent=OuterRef("pk")).exclude(state__in=GONE)
    silent = Feedback.objects.filter(
        assignment=OuterRef("pk"), state=Feedback.State.EXPECTED, superseded_at=None, due_on__lt=on
    )
    rows = rows.exclude(state__in=GONE).exclude(Q(role=Role.OWNER) & Exists(children))
    rows = rows.annotate(at_no_feedback=Exists(silent))
    unheard = Q(at_no_feedback=True, suggestion__state=Suggestion.State.ANSWERED)
    rows = rows.filter(OWED | unheard)
    rows = by_due(rows)
    light = Case(
        When(~OWED, then=Value("")),
        When(due_on__lt=on, then=Value(LATE)),
        When(due_on__lte=on + dt.timedelta(SOON_DAYS), then=Value(SOON)),
        default=Value(FINE),
        output_field=CharField(),
    )
    return rows.annotate(light=light)


# The unit still owes something: a reply, an opinion, a signature.
OWED = ~Q(state__in=[*OVER, State.OPINION_GIVEN])


def _points(on: dt.date, calendar: WorkCalendar) -> dict[str, Case]:
    lain = on - dt.timedelta(LIES)
    reply = Reply.objects.filter(
        assignment=OuterRef("pk"), round=OuterRef("suggestion__round")
    ).exclude(state=Reply.State.DROPPED)
    drafted = reply.filter(written_at__date__lte=on - dt.timedelta(DRAFT_LIES))
    signed = reply.filter(signed_off_at__date__lte=lain)
    talk = Contact.objects.filter(assignment=OuterRef("pk"), round=OuterRef("suggestion__round"))
    return {
        f"at_{name}": Case(When(condition, then=Value(True)), default=Value(False))
        for name, condition in {
            "undivided": Q(role=Role.OWNER, assigned_on__lte=lain),
            "unsigned": Q(state=State.TO_SIGN, assigned_on__lte=lain) & ~Q(role=Role.OWNER),
            "undecided": Q(state__in=[State.RETURN_ASKED, State.EXTENSION_ASKED]),
            "no_contact": Q(role__in=ANSWERING)
            & OWED
            & ~Q(state=State.TO_SIGN)
            & ~Exists(talk)
            & _should_have_talked(on, calendar),
            "opinion": Q(role=Role.JOINT, due_on__lt=on) & OWED,
            "sign_off": Q(state=State.DRAFTED) & Exists(drafted)
            | Q(state=State.CHECKING) & Exists(signed),
            "unserved": Q(state=State.SIGNED_OFF) & Exists(signed),
        }.items()
    }


def _should_have_talked(on: dt.date, calendar: WorkCalendar) -> Q:
    """Handed over so long ago that the rules, or where they are silent TALK_WITHIN days, ask for
    a first talk before `on`."""
    found = Q(pk=None)
    days: dict[int | None, list[int]] = {}
    for pk, amount in RuleSet.objects.values_list("pk", "first_contact_days"):
        days.setdefault(amount, []).append(pk)
    for amount, rule_sets in days.items():
        last = on - dt.timedelta(TALK_WITHIN)
        if amount is not None:
            last = before(on, amount, "wd", calendar)
        found |= Q(suggestion__rule_set__in=rule_sets, suggestion__assigned_on__lt=last)
    return found


def counts(rows: QuerySet[Assignment]) -> dict[str, int]:
    """How many rows of the wall stand at each light and point, and `all`."""
    return rows.order_by().aggregate(all=Count("pk"), **_counted())


def _counted() -> dict[str, Count]:
    lights = {light: Count("pk", filter=Q(light=light)) for light in LIGHTS}
    return lights | {p: Count("pk", filter=Q(**{f"at_{p}": True})) for p in POINTS}


def by_unit(rows: QuerySet[Assignment]) -> list[dict]:
    """The same counts unit by unit, most late ones first."""
    rows = rows.order_by().values("unit_id", "unit__name")
    return list(
        rows.annotate(all=Count("pk"), **_counted()).order_by("-late", "-soon", "-all", "unit_id")
    )


def points_of(task: Assignment) -> list[str]:
    """Where a row of the wall is stuck, in words."""
    return [label for name, label in POINTS.items() if getattr(task, f"at_{name}")]


def narrowed(rows: QuerySet[Assignment], asked: dict) -> QuerySet[Assignment]:
    """The rows of the wall a filter leaves (forms.wall)."""
    if asked.get("light"):
        rows = rows.filter(light=asked["light"])
    if asked.get("point"):
        rows = rows.filter(**{f"at_{asked['point']}": True})
    if asked.get("unit"):
        rows = rows.filter(unit=asked["unit"])
    if category := asked.get("category"):
        rows = rows.filter(suggestion__category__in=[category, *category.children.all()])
    if asked.get("role"):
        rows = rows.filter(role=asked["role"])
    if asked.get("key"):
        rows = rows.filter(suggestion__is_key=True)
    return rows


def urges_of(rows: QuerySet[Assignment]) -> QuerySet[Urge]:
    """催办 of these tasks, the latest in front."""
    found = Urge.objects.filter(assignment__in=rows.order_by().values("pk"))
    return found.select_related("assignment__suggestion", "by", "letter").order_by("-pk")
