"""承诺台账: what was promised, when it is due, what the units and the deputies said of it."""

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from ..models import ClassChange, Promise, PromiseEvent, Reply, RuleSet

State, Kind = Promise.State, PromiseEvent.Kind
OPEN = (State.RUNNING, State.CHANGED)
PLACES = {
    "due": "到期未报",
    "quarter": "四季度应报",
    "running": "未到期",
    "reported": "待核实",
    "disputed": "代表不满意",
    "kept": "已落实",
    "broken": "未能落实",
}


def ledger(rows: QuerySet[Promise], on: dt.date) -> QuerySet[Promise]:
    """Promises of served replies by their day, each with `place`-making flags: `disputed` (the
    last word of a deputy is 不满意), `told_this_quarter`, `changes` (how often the day moved)."""
    events = PromiseEvent.objects.filter(promise=OuterRef("pk"))
    words = events.filter(kind=Kind.RECEIPT).order_by("-pk").values("value")[:1]
    told = events.filter(
        kind__in=[Kind.REPORT, Kind.PROGRESS, Kind.CHANGE, Kind.FAIL],
        on__gte=dt.date(on.year, 10, 1),
    )
    moved = events.filter(kind=Kind.CHANGE).order_by().values("promise")
    return (
        rows.filter(reply__state=Reply.State.SERVED)
        .annotate(
            last_word=Subquery(words),
            told_this_quarter=Exists(told),
            changes=Subquery(moved.annotate(n=Count("pk")).values("n")),
        )
        .order_by("due_on", "pk")
    )


def promises_come_due(rows: QuerySet[Promise], on: dt.date) -> QuerySet[Promise]:
    """Of these, the open ones whose day has come and that were not taken up again for it."""
    taken_up = PromiseEvent.objects.filter(
        promise=OuterRef("pk"), kind=Kind.REOPEN, on__gte=OuterRef("due_on")
    )
    return rows.filter(
        ~Exists(taken_up), state__in=OPEN, due_on__lte=on, reply__state=Reply.State.SERVED
    ).order_by("pk")


def in_place(place: str, on: dt.date) -> Q:
    """Which rows of the ledger lie in a place on a day."""
    if place == "quarter":  # the only one that asks the rules
        return Q(state__in=OPEN, told_this_quarter=False) & _reports_owed(on)
    return {
        "due": Q(state__in=OPEN, due_on__lte=on),
        "running": Q(state__in=OPEN, due_on__gt=on),
        "reported": Q(state=State.REPORTED),
        "disputed": Q(last_word="unsatisfied", state__in=[State.REPORTED, State.KEPT]),
        "kept": Q(state=State.KEPT),
        "broken": Q(state=State.BROKEN),
    }[place]


def _reports_owed(on: dt.date) -> Q:
    """In the fourth quarter: what was promised within the years the rules follow a promise."""
    if on.month < 10:
        return Q(pk=None)
    found = Q(pk=None)
    years: dict[int, list[int]] = {}
    for pk, amount in RuleSet.objects.values_list("pk", "promise_reports_years"):
        years.setdefault(amount, []).append(pk)
    for amount, rule_sets in years.items():
        first = dt.date(on.year - max(amount - 1, 0), 1, 1)
        found |= Q(
            suggestion__rule_set__in=rule_sets, reply__services__served_on__gte=first, due_on__gt=on
        )
    return found


def place_counts(rows: QuerySet[Promise], on: dt.date) -> dict[str, int]:
    """How many lie in each place."""
    counted = {k: Count("pk", filter=in_place(k, on), distinct=True) for k in PLACES}
    return rows.order_by().aggregate(**counted)


def class_changes(tasks: QuerySet) -> QuerySet[ClassChange]:
    """Proposals to raise a class of these tasks, those that wait in front."""
    rows = ClassChange.objects.filter(assignment__in=tasks.order_by().values("pk"))
    return rows.select_related(
        "assignment__suggestion__lead", "assignment__unit", "from_class", "to_class",
        "proposed_by", "committee_by",
    ).order_by("-pk")  # fmt: skip


WAITS = Q(refused_at=None) & (Q(deputy_agreed_at=None) | Q(committee_agreed_at=None))
WAITS_FOR_COMMITTEE = Q(refused_at=None, committee_agreed_at=None)
