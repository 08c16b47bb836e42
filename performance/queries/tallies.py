"""Tallies: their lines in words, the latest of a period, the difference between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from deputies.models import Deputy

from ..models import DutyRecord, ManualAward, Period, Tally, TallyTotal
from ..rules import Rule, explain
from .trees import rule_tree

ZERO = Decimal(0)


@dataclass(frozen=True)
class LineView:
    """One rule's points for one deputy, in words."""

    rule: Rule
    depth: int
    points: Decimal
    measured: Decimal | None
    sentence: str


@dataclass(frozen=True)
class Change:
    """What differs for one deputy between two tallies."""

    deputy: Deputy
    before: Decimal | None  # None: was not counted then
    after: Decimal | None
    lines: list[str]
    why: list[str]

    @property
    def by(self) -> Decimal:
        return (self.after or ZERO) - (self.before or ZERO)


def latest_tally(period: Period) -> Tally | None:
    """The last finished tally of a period."""
    rows = period.tallies.exclude(finished_at=None).select_related("version__book", "by", "period")
    return rows.order_by("-number").first()


def changes_since(tally: Tally) -> int:
    """How many facts and awards of the period were written or taken back after a tally."""
    period, moment = tally.period, tally.facts_until
    since = Q(created_at__gt=moment) | Q(withdrawn_at__gt=moment)
    facts = DutyRecord.objects.filter(on__range=(period.starts_on, period.ends_on))
    awards = ManualAward.objects.filter(period=period)
    return (
        facts.filter(since).count()
        + awards.filter(Q(at__gt=moment) | Q(withdrawn_at__gt=moment)).count()
    )


def line(total: TallyTotal, key: str) -> tuple[Decimal, Decimal | None, dict]:
    """Points, measured figure and detail of one rule; zeros where nothing was kept."""
    points, measured, detail = total.lines.get(key, ("0", None, {}))
    return Decimal(points), None if measured is None else Decimal(measured), detail


def lines_of(total: TallyTotal, root: Rule | None = None, *, zeros: bool = False) -> list[LineView]:
    """The lines of one deputy in the order of the book, each with its sentence.

    Buckets come before what is in them (`depth` 0, 1, …). Rules that gave nothing are left out
    unless `zeros`. Two queries without `root` (queries.rule_tree of the tally's version).
    """
    root = root or rule_tree(total.tally.version)
    names = {rule.key: rule.name for rule in root.walk()}
    return [view for child in root.children for view in _views(total, child, 0, zeros, names)]


def _views(
    total: TallyTotal, rule: Rule, depth: int, zeros: bool, names: dict[str, str]
) -> Iterator[LineView]:
    if rule.key in total.lines or zeros:
        points, measured, detail = line(total, rule.key)
        said = explain(rule, points, measured, detail, names)
        yield LineView(rule, depth, points, measured, said)
    for child in rule.children:
        yield from _views(total, child, depth + 1, zeros, names)


def difference(before: Tally, after: Tally) -> list[Change]:
    """What changed from one tally to another of the same period, per deputy, and why: which
    lines, by which facts and awards. Only deputies with a change. Seven queries."""
    olds = {t.deputy_id: t for t in before.totals.select_related("deputy")}
    news = {t.deputy_id: t for t in after.totals.select_related("deputy")}
    roots = rule_tree(before.version), rule_tree(after.version)
    touched = _touched(before, after)
    changes = []
    for pk in sorted({*olds, *news}, key=lambda pk: (olds.get(pk) or news[pk]).deputy.name_key):
        old, new = olds.get(pk), news.get(pk)
        lines = _changed_lines(old, new, roots)
        same = old and new and (old.total, old.days, old.band) == (new.total, new.days, new.band)
        if same and not lines:
            continue
        why = touched.get(pk, [])
        if old is None or new is None:
            why = ["任职情况有变动", *why]
        if before.version_id != after.version_id:
            why = ["积分办法换了版本", *why]
        if old and new and old.days != new.days:
            lines.append(f"履职天数 {old.days}天 → {new.days}天")
        if old and new and old.band != new.band:
            lines.append(f"等次 {old.band or '无'} → {new.band or '无'}")
        changes.append(
            Change(
                deputy=(old or new).deputy,
                before=old.total if old else None,
                after=new.total if new else None,
                lines=lines,
                why=why or ["任职、身份或履职日期有变动"],
            )
        )
    return changes


def _changed_lines(
    old: TallyTotal | None, new: TallyTotal | None, roots: tuple[Rule, Rule]
) -> list[str]:
    rules = {r.key: r for root in roots for r in root.walk() if r.is_leaf}
    said = []
    for key, rule in rules.items():
        was = (old.lines.get(key) if old else None) or ["0", None, {}]
        now = (new.lines.get(key) if new else None) or ["0", None, {}]
        if was == now:
            continue
        counted = ""
        if was[1] != now[1]:
            times = [_plain(Decimal(side[1] or 0)) for side in (was, now)]
            counted = f"{times[0]}{rule.unit} → {times[1]}{rule.unit}，"
        points = [_plain(Decimal(side[0])) for side in (was, now)]
        said.append(f"{rule.name} {counted}{points[0]}分 → {points[1]}分")
    return said


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f").replace("-", "－") if value else "0"


def _touched(before: Tally, after: Tally) -> dict[int, list[str]]:
    """Facts and awards written or taken back between two tallies, in words, by deputy id."""
    since, until = sorted((before.facts_until, after.facts_until))
    period = before.period
    written = Q(created_at__gt=since, created_at__lte=until)
    taken = Q(withdrawn_at__gt=since, withdrawn_at__lte=until)
    found: dict[int, list[str]] = {}
    records = DutyRecord.objects.filter(on__range=(period.starts_on, period.ends_on))
    for row in records.filter(written | taken).select_related("item").order_by("on", "pk"):
        word = "撤回" if row.withdrawn_at and since < row.withdrawn_at <= until else "新增"
        what = f"{row.on.month}月{row.on.day}日{row.item.name}"
        reason = f"（{row.withdrawn_reason}）" if word == "撤回" else ""
        found.setdefault(row.deputy_id, []).append(f"{word}：{what}{reason}")
    awards = ManualAward.objects.filter(period=period)
    at = Q(at__gt=since, at__lte=until) | taken
    for award in awards.filter(at).select_related("node"):
        word = "撤回" if award.withdrawn_at and since < award.withdrawn_at <= until else "新增"
        found.setdefault(award.deputy_id, []).append(
            f"{word}：{award.node.name} {_plain(award.points)}分"
        )
    return found
