"""我的履职: what was counted for one deputy, from the last tally or as it would be counted now."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from deputies.models import Deputy, Mandate

from ..models import (
    Aspect,
    DutyItem,
    Objection,
    Period,
    SelfReport,
    Tally,
    TallyTotal,
)
from ..rules import Rule, describe
from .accounts import Account, AccountLine, account
from .previews import counted
from .tallies import latest_tally
from .trees import rule_tree


@dataclass
class Part:
    """One bucket of the book with the lines in it."""

    name: str
    points: Decimal
    says: str
    lines: list[AccountLine] = field(default_factory=list)


@dataclass
class Result:
    """A deputy's result in a period; `is_reckoned` from the facts of today, not from a tally."""

    total: TallyTotal
    is_reckoned: bool
    tallied: TallyTotal | None  # the latest tally's row, beside what is reckoned now
    account: Account
    parts: list[Part]
    unused: list[tuple[str, str]]  # rules that gave nothing: name and how they count


def periods_of(deputy: Deputy) -> QuerySet[Period]:
    """The periods in which a deputy held a seat of the level that is counted, latest first."""
    seats = Mandate.objects.filter(deputy=deputy).values_list("level", "starts_on", "ends_on")
    mine = Q(pk__in=[])
    for level, since, until in seats:
        spell = Q(level=level, ends_on__gte=since)
        mine |= spell & Q(starts_on__lte=until) if until else spell
    return Period.objects.filter(mine).select_related("version__book").order_by("-starts_on", "pk")


def current_of(periods: list[Period], today: dt.date) -> Period | None:
    """The period one looks at first: the one that is on, otherwise the latest that began."""
    begun = [p for p in periods if p.starts_on <= today]
    on = [p for p in begun if today <= p.ends_on]
    return (on or begun or periods or [None])[0]


def result_of(deputy: Deputy, period: Period) -> Result | None:
    """A deputy's result with every line explained; None where nothing counts (yet). A dozen
    queries, whatever the numbers."""
    total, is_reckoned = counted(deputy, period)
    if total is None:
        return None
    tallied = (
        TallyTotal.objects.filter(deputy=deputy, tally=latest_tally(period))
        .select_related("tally__version__book")
        .first()
    )
    if is_reckoned:  # the account reads until when facts count
        total.tally = Tally(period=period, version=period.version, facts_until=timezone.now())
    else:
        total.tally.period = period
    root = rule_tree(total.tally.version)
    found = account(total, root)
    return Result(
        total=total,
        is_reckoned=is_reckoned,
        tallied=tallied,
        account=found,
        parts=_parts(root, found),
        unused=_unused(root, total),
    )


def _parts(root: Rule, found: Account) -> list[Part]:
    """Lines under their bucket; a rule that stands alone is its own part."""
    names = _names(root)
    tops = {rule.key: rule for rule in root.children}
    parts: list[Part] = []
    for line in found.lines:
        view = line.view
        if view.depth == 0:
            rule = tops[view.rule.key]
            says = "" if rule.is_leaf or _only_adds_up(rule) else describe(rule, names)
            parts.append(Part(rule.name, view.points, says, [line] if rule.is_leaf else []))
        elif view.rule.is_leaf:
            parts[-1].lines.append(line)
    return parts


def _only_adds_up(rule: Rule) -> bool:
    plain = Rule(key=rule.key, kind="node", name=rule.name)
    return describe(rule) == describe(plain)


def _unused(root: Rule, total: TallyTotal) -> list[tuple[str, str]]:
    names = _names(root)
    return [
        (rule.name, describe(rule, names))
        for rule in root.walk()
        if rule.is_leaf and rule.kind != "manual" and rule.key not in total.lines
    ]


def _names(root: Rule) -> dict[str, str]:
    return dict(DutyItem.objects.values_list("code", "name")) | {
        rule.key: rule.name for rule in root.walk()
    }


def aspects_of(total: TallyTotal) -> list[tuple[str, Decimal]]:
    """Points per aspect in words, in the order of the list."""
    return [
        (words, Decimal(total.aspects[key]))
        for key, words in Aspect.choices
        if key in total.aspects
    ]


def own_reports(deputy: Deputy) -> QuerySet[SelfReport]:
    """A deputy's reports, the latest in front; drafts thrown away are gone."""
    return (
        SelfReport.objects.filter(deputy=deputy)
        .exclude(state=SelfReport.State.DROPPED, submitted_at=None)
        .select_related("item", "entered_by", "evidence")
        .order_by("-pk")
    )


def own_objections(deputy: Deputy) -> QuerySet[Objection]:
    """A deputy's objections, the latest in front."""
    return (
        Objection.objects.filter(deputy=deputy)
        .select_related("period", "record__item", "node", "item", "decided_by")
        .order_by("-pk")
    )


def objection_closed(period: Period | None, today: dt.date) -> str:
    """Why nothing can be objected to in a period any more; nothing while it can."""
    if period is None:
        return "这一天不在任何考核期内。"
    if period.state == Period.State.LOCKED:
        return f"“{period.name}”已锁定，不能再提异议。"
    if period.objections_until and today > period.objections_until:
        return "异议期已过，请直接与代工委联系。"
    return ""


def period_of(deputy: Deputy, day: dt.date) -> Period | None:
    """The period a day of a deputy belongs to: an open one, the shortest, in front."""
    return (
        periods_of(deputy)
        .filter(starts_on__lte=day, ends_on__gte=day)
        .order_by("-state", F("ends_on") - F("starts_on"), "pk")
        .first()
    )
