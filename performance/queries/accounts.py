"""One deputy's account: every line of a tally with the facts and awards behind it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from congress.words import local_day
from deputies.models import Mandate
from deputies.queries import spells

from ..models import DutyRecord, ManualAward, TallyTotal
from ..rules import Rule
from ..rules.explain import VALUE_WORDS
from .tallies import LineView, lines_of
from .trees import rule_tree

ATTRIBUTES = ("outcome", "role", "level")


@dataclass(frozen=True)
class Entry:
    """One fact or award behind a line, in words; `note` says why it was not counted."""

    on: dt.date
    title: str
    record: DutyRecord | None = None
    details: str = ""
    note: str = ""


@dataclass
class AccountLine:
    """A line and what is behind it."""

    view: LineView
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Account:
    """The whole account of one result."""

    lines: list[AccountLine]
    uncounted: list[Entry]  # facts of the period that gave nothing, and why
    facts: int


def account(total: TallyTotal, root: Rule | None = None) -> Account:
    """How a result came about, from the facts as they stood at the tally. Six queries."""
    root = root or rule_tree(total.tally.version)
    lines = [AccountLine(view) for view in lines_of(total, root)]
    by_key = {line.view.rule.key: line for line in lines}
    leaves = [rule for rule in root.walk() if rule.is_leaf]
    held, uncounted, facts = _held(total), [], 0
    for record in facts_at(total):
        entry = Entry(record.on, record.title or record.item.name, record, details_of(record))
        if not any(spell.covers(record.on) for spell in held):
            uncounted.append(_but(entry, "当日不在任，不计分"))
            continue
        facts += 1
        into = [r for r in leaves if record.item.code in r.measure.items and r.counts(record)]
        for rule in into:
            if rule.key in by_key:
                by_key[rule.key].entries.append(entry)
        if not any(rule.key in by_key for rule in into):
            known = any(record.item.code in rule.measure.items for rule in leaves)
            uncounted.append(_but(entry, "不符合计分条件" if known else "积分办法没有这一事项"))
    for row in awards_at(total):
        if row.node.key in by_key:
            day = local_day(row.at)
            by_key[row.node.key].entries.append(
                Entry(day, f"{_signed(row.points)}分：{row.reason}")
            )
    return Account(lines, uncounted, facts)


def facts_at(total: TallyTotal):
    """The facts of a deputy in the period as they stood when it was tallied, by day."""
    tally, period = total.tally, total.tally.period
    moment = tally.facts_until
    return (
        DutyRecord.objects.filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment),
            deputy=total.deputy_id,
            on__range=(period.starts_on, period.ends_on),
            created_at__lte=moment,
        )
        .select_related("item", "evidence", "entered_by")
        .order_by("on", "pk")
    )


def awards_at(total: TallyTotal):
    """The awards of a deputy that held when it was tallied."""
    moment = total.tally.facts_until
    return ManualAward.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment),
        period=total.tally.period_id,
        deputy=total.deputy_id,
        at__lte=moment,
    ).select_related("node", "by")


def details_of(record: DutyRecord, *, behalf: bool = True) -> str:
    """Attendance, role, level and quantity of a fact, in words; 代录 too with `behalf`."""
    said = [
        VALUE_WORDS.get(value, value) for name in ATTRIBUTES if (value := getattr(record, name))
    ]
    if record.quantity != 1:
        said.append(f"{format(record.quantity.normalize(), 'f')}{record.item.unit_word}")
    if record.on_behalf and behalf:
        said.append("代录")
    return "，".join(said)


def _held(total: TallyTotal) -> list:
    period = total.tally.period
    seats = list(
        Mandate.objects.filter(
            deputy=total.deputy_id, level=period.level, starts_on__lte=period.ends_on
        )
    )
    return [spell for found in spells(seats).values() for spell in found]


def _but(entry: Entry, note: str) -> Entry:
    return Entry(entry.on, entry.title, entry.record, entry.details, note)


def _signed(points: Decimal) -> str:
    text = format(points.normalize(), "f")
    return text.replace("-", "−") if points < 0 else f"+{text}"
