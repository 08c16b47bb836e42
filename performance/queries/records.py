"""Duty facts and self-reports as lists; what a report has to be asked, what looks like it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from congress.models import Membership
from deputies.models import Deputy
from deputies.queries import search

from ..models import DutyItem, DutyRecord, Objection, Period, RuleBookVersion, SelfReport
from ..rules import Rule, describe
from .previews import asked_of
from .trees import rule_tree

# Where a fact comes from, by the beginning of its source.
SOURCES = {
    "activities.": "活动办结",
    "suggestions.": "议案建议",
    "performance.selfreport": "申报",
    "performance.objection": "异议补记",
}


def source_of(record: DutyRecord) -> str:
    """Where a fact comes from, in words."""
    kind = record.source_kind
    return next((words for begin, words in SOURCES.items() if kind.startswith(begin)), "其他")


def records_narrowed(
    rows: QuerySet[DutyRecord], asked: Mapping[str, Any], deputies: QuerySet[Deputy]
) -> QuerySet[DutyRecord]:
    """Facts by name, content, item, aspect, days, outcome, source, street, 代录, and taken back;
    what is not asked narrows nothing but that withdrawn facts are left out."""
    rows = _by_words(rows, asked.get("q", ""), deputies)
    rows = rows.filter(withdrawn_at__isnull=not asked.get("withdrawn"))
    if asked.get("item"):
        rows = rows.filter(item=asked["item"])
    if asked.get("aspect"):
        rows = rows.filter(item__aspect=asked["aspect"])
    if asked.get("since"):
        rows = rows.filter(on__gte=asked["since"])
    if asked.get("until"):
        rows = rows.filter(on__lte=asked["until"])
    if asked.get("outcome"):
        rows = rows.filter(outcome=asked["outcome"])
    if asked.get("source"):
        rows = rows.filter(source_kind__startswith=asked["source"])
    if asked.get("on_behalf"):
        rows = rows.filter(on_behalf=True)
    return _of_street(rows, asked).order_by("-on", "-pk")


def record_figures(rows: QuerySet[DutyRecord]) -> dict[str, int]:
    """How many facts there are in rows, of how many deputies, with which attendance. One query."""
    outcomes = DutyRecord.AttendanceOutcome
    return rows.order_by().aggregate(
        all=Count("pk"),
        deputies=Count("deputy", distinct=True),
        leave=Count("pk", filter=Q(outcome=outcomes.LEAVE)),
        absent=Count("pk", filter=Q(outcome=outcomes.ABSENT)),
        on_behalf=Count("pk", filter=Q(on_behalf=True)),
    )


def doubled(deputies: Iterable[Deputy], item: DutyItem, on: dt.date) -> list[Deputy]:
    """Of these deputies those who have a fact or a report under way of the duty that day. Two
    queries."""
    deputies = list(deputies)
    same = {"deputy__in": deputies, "item": item, "on": on}
    states = SelfReport.State
    reports = SelfReport.objects.filter(**same, state__in=[states.SUBMITTED, states.REVIEWED])
    facts = DutyRecord.objects.filter(**same, withdrawn_at=None)
    there = {pk for rows in (facts, reports) for pk in rows.values_list("deputy_id", flat=True)}
    return [d for d in deputies if d.pk in there]


def reports_narrowed(
    rows: QuerySet[SelfReport], asked: Mapping[str, Any], deputies: QuerySet[Deputy]
) -> QuerySet[SelfReport]:
    """Self-reports by name, content, item, street and 代录."""
    rows = _by_words(rows, asked.get("q", ""), deputies)
    if asked.get("item"):
        rows = rows.filter(item=asked["item"])
    if asked.get("on_behalf"):
        rows = rows.filter(on_behalf=True)
    return _of_street(rows, asked)


def reports_to_verify(rows: QuerySet[SelfReport], member: Membership) -> QuerySet[SelfReport]:
    """Of these, those this member may verify: a second person, not who entered or reviewed."""
    return (
        rows.filter(state=SelfReport.State.REVIEWED)
        .exclude(entered_by=member)
        .exclude(reviewed_by__user=member.user_id)
    )


def objections_narrowed(
    rows: QuerySet[Objection], asked: Mapping[str, Any], deputies: QuerySet[Deputy]
) -> QuerySet[Objection]:
    """Objections by name, kind and period."""
    words = asked.get("q", "").strip()
    if words:
        people = search(deputies, words).order_by().values("pk")
        rows = rows.filter(Q(deputy__in=people) | Q(text__icontains=words))
    for name in ("kind", "period"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    return rows


def _by_words(rows: QuerySet, words: str, deputies: QuerySet[Deputy]) -> QuerySet:
    words = words.strip()
    if not words:
        return rows
    people = search(deputies, words).order_by().values("pk")
    return rows.filter(Q(deputy__in=people) | Q(title__icontains=words))


def _of_street(rows: QuerySet, asked: Mapping[str, Any]) -> QuerySet:
    if not asked.get("street"):
        return rows
    of = Deputy.objects.filter(mandates__street=asked["street"]).order_by()
    return rows.filter(deputy__in=of.values("pk"))


def counts_by_state(rows: QuerySet) -> dict[str, int]:
    """How many rows in each state. One query."""
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


# -- What a report is asked ---------------------------------------------------------------------


@dataclass(frozen=True)
class Questions:
    """What the rules tell apart for a duty, so that whoever reports it is asked."""

    role: list[str] = field(default_factory=list)
    level: list[str] = field(default_factory=list)
    quantity: bool = False
    rules: list[str] = field(default_factory=list)


def version_on(day: dt.date) -> RuleBookVersion | None:
    """The rule-book that counts a day: of the open period, else the newest in force."""
    period = (
        Period.objects.filter(starts_on__lte=day, ends_on__gte=day)
        .select_related("version__book")
        .order_by("state", "-starts_on", "pk")
        .first()
    )
    if period:
        return period.version
    return (
        RuleBookVersion.objects.filter(
            state=RuleBookVersion.State.PUBLISHED, in_force_from__lte=day
        )
        .select_related("book")
        .order_by("-in_force_from", "-pk")
        .first()
    )


def questions(item: DutyItem, day: dt.date | None = None) -> Questions:
    """What to ask for a duty and how it counts, by the rule-book of a day. Three queries."""
    version = version_on(day or timezone.localdate())
    if version is None:
        return Questions()
    root = rule_tree(version)
    asked = asked_of(root, item.code)
    counting = rules_of(root, item.code)
    return Questions(
        role=asked["role"],
        level=asked["level"],
        quantity=any(rule.measure.aggregate == "sum" for rule in counting),
        rules=[describe(rule, {item.code: item.name}) for rule in counting],
    )


def rules_of(root: Rule, code: str) -> list[Rule]:
    """The leaves that count a duty."""
    return [rule for rule in root.walk() if rule.is_leaf and code in rule.measure.items]


def alike(report: SelfReport) -> list[str]:
    """Facts and other reports of the same deputy, duty and day, in words: perhaps the same thing
    told twice. Two queries."""
    same = {"deputy": report.deputy_id, "item": report.item_id, "on": report.on}
    facts = DutyRecord.objects.filter(**same, withdrawn_at=None)
    if report.record_id:
        facts = facts.exclude(pk=report.record_id)
    states = SelfReport.State
    others = SelfReport.objects.filter(**same, state__in=[states.SUBMITTED, states.REVIEWED])
    said = [f"已有履职记录：{row.title or row.item.name}" for row in facts.select_related("item")]
    return said + [
        f"已有申报（{row.get_state_display()}）：{row.title}"
        for row in others.exclude(pk=report.pk)
    ]
