"""回头看: which tasks a campaign takes in, and how it stands."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from congress.models import Term

from ..models import (
    Assignment,
    ClassChange,
    LookBack,
    LookBackItem,
    Reply,
    ResultClass,
    Suggestion,
)

Finding, Word = LookBackItem.Finding, LookBackItem.Word
SHOWS = {
    "all": ("全部", Q()),
    "silent": ("单位未自查", Q(finding="")),
    "asked": ("待代表答复", ~Q(finding="") & Q(word="")),
    "solved": ("已经解决", Q(finding=Finding.SOLVED)),
    "going": ("正在推进", Q(finding=Finding.GOING)),
    "stuck": ("仍未解决", Q(finding=Finding.STUCK)),
    "differs": ("代表认为不属实", Q(word=Word.DIFFERS)),
}


def candidates(term: Term, meanings: Sequence[str]) -> list[tuple[Assignment, ResultClass]]:
    """The answered tasks of a term whose result now (raised later where three parties agreed) has
    one of these meanings, each with that class."""
    agreed = ClassChange.objects.filter(
        assignment=OuterRef("pk"),
        deputy_agreed_at__isnull=False,
        committee_agreed_at__isnull=False,
        refused_at=None,
    ).order_by("-pk")
    served = Reply.objects.filter(assignment=OuterRef("pk"), state=Reply.State.SERVED)
    last = served.order_by("-round", "-version")
    rows = (
        Assignment.objects.filter(Exists(served), suggestion__term=term)
        .exclude(suggestion__channel=Suggestion.Channel.ABOVE)
        .annotate(
            raised=Subquery(agreed.values("to_class")[:1]),
            answered=Subquery(last.values("result_class")[:1]),
        )
        .select_related("unit", "suggestion")
        .order_by("suggestion", "pk")
    )
    wanted = ResultClass.objects.filter(canonical__in=meanings).in_bulk()
    found = [(task, wanted.get(task.raised or task.answered)) for task in rows]
    return [(task, klass) for task, klass in found if klass]


def with_counts(rows: QuerySet[LookBack]) -> QuerySet[LookBack]:
    """Campaigns with how far they are."""
    return rows.annotate(
        count=Count("items"),
        found=Count("items", filter=~Q(items__finding="")),
        answered=Count("items", filter=~Q(items__word="")),
    )


def show_counts(rows: QuerySet[LookBackItem]) -> dict[str, int]:
    """How many items each view holds."""
    return rows.order_by().aggregate(
        **{key: Count("pk", filter=q) if q else Count("pk") for key, (_, q) in SHOWS.items()}
    )


def by_class(rows: QuerySet[LookBackItem]) -> list[dict]:
    """What became of each class: findings counted, and what deputies did not agree with."""
    groups = _counted(rows, "result_class__mark", "result_class__label")
    return list(groups.order_by("result_class__mark"))


def by_unit(rows: QuerySet[LookBackItem]) -> list[dict]:
    """The same unit by unit, those who have found least in front."""
    groups = _counted(rows, "assignment__unit_id", "assignment__unit__name")
    return list(groups.order_by("-silent", "-count", "assignment__unit_id"))


def _counted(rows: QuerySet[LookBackItem], *by: str) -> QuerySet:
    """Items per group: all, without a finding, of each finding, and those a deputy disputes."""
    findings = {f.value: Count("pk", filter=Q(finding=f.value)) for f in Finding}
    groups = rows.order_by().values(*by)
    return groups.annotate(
        count=Count("pk"),
        silent=Count("pk", filter=Q(finding="")),
        differs=Count("pk", filter=Q(word=Word.DIFFERS)),
        **findings,
    )
