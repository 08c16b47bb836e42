"""Counting a rule-book for one deputy: exact decimals, one line per rule."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from .vocabulary import Measure, Rule

ZERO = Decimal(0)
ATTENDED = ("present", "late")
OBLIGED = ("present", "late", "absent", "leave")


@dataclass(slots=True)  # not frozen: thousands are made in every tally
class FactGroup:
    """Facts of one deputy alike in item, outcome, role and level."""

    item: str
    outcome: str
    role: str
    level: str
    count: int
    quantity: Decimal


@dataclass
class Facts:
    """What is known of one deputy in the period."""

    groups: dict[str, list[FactGroup]] = field(default_factory=dict)
    own: dict[str, Decimal] = field(default_factory=dict)  # rule key → distinct or outside value
    awards: dict[str, Decimal] = field(default_factory=dict)  # rule key → points awarded
    identities: frozenset[str] = frozenset({"deputy"})

    def add(self, group: FactGroup) -> None:
        self.groups.setdefault(group.item, []).append(group)

    def matching(self, measure: Measure) -> list[FactGroup]:
        """The groups of the measure's items that pass its filters."""
        found = [group for item in measure.items for group in self.groups.get(item, ())]
        return [group for group in found if measure.takes(group)] if measure.filters else found


@dataclass
class Line:
    """What one rule gave: the measure, the points, and what led to them."""

    points: Decimal
    measured: Decimal | None = None
    raw: Decimal | None = None  # before weight, cap and floor
    parts: list[dict[str, str]] = field(default_factory=list)
    unmet: bool = False  # a condition of the rule was not met
    awarded: Decimal | None = None  # at discretion, where the book allows only less (or more)

    def detail(self) -> dict:
        """The stored form, from which the sentence is derived."""
        found: dict = {}
        if self.raw is not None and self.raw != self.points:
            found["raw"] = str(self.raw)
        if self.unmet:
            found["unmet"] = True
        if self.awarded is not None:
            found["awarded"] = str(self.awarded)
        if self.parts:
            found["parts"] = self.parts
        return found


@dataclass
class Evaluation:
    """One deputy's result: a line per rule key, the total, the parts by aspect."""

    lines: dict[str, Line]
    total: Decimal
    aspects: dict[str, Decimal]

    def kept(self) -> dict[str, list]:
        """What is worth keeping of the lines, as stored: those that gave or measured something."""
        return {
            key: [
                str(line.points),
                None if line.measured is None else str(line.measured),
                line.detail(),
            ]
            for key, line in self.lines.items()
            if line.points or line.measured or line.raw
        }


def evaluate(root: Rule, facts: Facts, decimals: int = 1) -> Evaluation:
    """Count one deputy. Takes the tree, the facts and the book's own precision.

    Every rule is rounded to that precision (half up) where it gives its points, so what is
    printed adds up. Aspects are the sums of the top rules.
    """
    unit = Decimal(1).scaleb(-decimals)
    lines: dict[str, Line] = {}
    total = _Count(root, facts, unit, lines).points(root)
    aspects: dict[str, Decimal] = {}
    for rule in root.children:
        if rule.key in lines:
            aspects[rule.aspect] = aspects.get(rule.aspect, ZERO) + lines[rule.key].points
    return Evaluation(lines, total, aspects)


class _Count:
    """One pass over a tree; a rule that others depend on is counted before them, once."""

    def __init__(self, root: Rule, facts: Facts, unit: Decimal, lines: dict[str, Line]):
        self.facts, self.unit, self.lines = facts, unit, lines
        self.rules = root.conditioned
        self.counting: set[str] = set()

    def points(self, rule: Rule) -> Decimal:
        """The points of a rule; its line is written where it has a key."""
        if rule.key and rule.key in self.lines:
            return self.lines[rule.key].points
        if rule.for_ and not self.facts.identities.intersection(rule.for_):
            return ZERO
        self.counting.add(rule.key)
        if rule.is_leaf:
            line = _LEAVES[rule.kind](rule, self.facts)
        else:
            gained = [self.points(child) for child in rule.children]
            best = max(gained, default=ZERO) if rule.combine == "max" else sum(gained, ZERO)
            line = Line(points=best * rule.weight)
        line.raw = line.points
        if rule.zero_unless and not all(self.met(key) for key in rule.zero_unless):
            line.points, line.unmet = ZERO, True
        else:
            line.points = bounded(rule, line.points).quantize(self.unit, ROUND_HALF_UP)
        self.counting.discard(rule.key)
        if rule.key:
            self.lines[rule.key] = line
        return line.points

    def met(self, key: str) -> bool:
        """Whether a rule that is a condition gave points; never, where it depends on itself."""
        if key not in self.rules or (key in self.counting and key not in self.lines):
            return False
        return self.points(self.rules[key]) > 0


def bounded(rule: Rule, points: Decimal) -> Decimal:
    """Points within the cap and the floor of a rule."""
    if rule.cap is not None and points > rule.cap:
        return rule.cap
    if rule.floor is not None and points < rule.floor:
        return rule.floor
    return points


def measured(measure: Measure, key: str, facts: Facts) -> Decimal:
    """The figure of a measure for one deputy, in its own unit (times, days, half-days, 0–1)."""
    if measure.needs_own_query or measure.aggregate == "value":
        return facts.own.get(key, ZERO)
    if measure.aggregate == "sum":
        return sum([g.quantity for g in facts.matching(measure)], ZERO)
    if measure.aggregate in ("rate", "share"):
        return _share(measure, facts)
    count = sum([g.count for g in facts.matching(measure)])
    return Decimal(min(count, 1) if measure.aggregate == "exists" else count)


def _share(measure: Measure, facts: Facts) -> Decimal:
    """rate: attended of those obliged to come; share: the filtered of all."""
    everything = facts.matching(Measure("count", measure.items))
    if measure.aggregate == "rate":
        whole = sum(g.count for g in everything if g.outcome in OBLIGED)
        part = sum(g.count for g in everything if g.outcome in ATTENDED)
    else:
        whole = sum(g.count for g in everything)
        part = sum(g.count for g in facts.matching(measure))
    return Decimal(part) / whole if whole else ZERO


def _const(rule: Rule, facts: Facts) -> Line:
    return Line(points=rule.points)


def steps_of(rule: Rule, found: Decimal) -> tuple[Decimal, Decimal]:
    """How far a figure is beyond (below) the offset of a linear rule, where that counts, and how
    many steps that gives, whole ones where the book says so."""
    beyond = found - rule.offset
    if rule.base == 0 or rule.one_sided == "up":
        beyond = max(beyond, ZERO)
    elif rule.one_sided == "down":
        beyond = min(beyond, ZERO)
    steps = beyond / rule.step
    if rule.whole_steps:
        steps = steps.to_integral_value("ROUND_DOWN")
    return beyond, steps


def _linear(rule: Rule, facts: Facts) -> Line:
    """base + rate × (measure − offset) / step."""
    found = measured(rule.measure, rule.key, facts)
    return Line(points=rule.base + rule.rate * steps_of(rule, found)[1], measured=found)


def _table(rule: Rule, facts: Facts) -> Line:
    """A band of the measure, or the sum (or the highest) over values of an attribute."""
    if not any(row.attribute for row in rule.rows):
        found = measured(rule.measure, rule.key, facts)
        points = next(
            (
                r.points
                for r in rule.rows
                if (r.low is None or found >= r.low) and (r.high is None or found < r.high)
            ),
            ZERO,
        )
        return Line(points=points, measured=found)
    parts, gained, count = [], [], 0
    groups = facts.matching(rule.measure)
    for row in rule.rows:
        times = sum(g.count for g in groups if row.takes(g))
        if times:
            count += times
            gained.append(row.points * (1 if rule.pick == "max" else times))
            part = {"value": row.value, "times": str(times), "points": str(row.points)}
            parts.append(part | ({"and": row.and_value} if row.and_value else {}))
    points = max(gained, default=ZERO) if rule.pick == "max" else sum(gained, ZERO)
    return Line(points=points, measured=Decimal(count), parts=parts)


def _manual(rule: Rule, facts: Facts) -> Line:
    """What was awarded, within what the book allows."""
    awarded = points = facts.awards.get(rule.key, ZERO)
    if points:
        points = min(max(points, rule.lowest), rule.highest)
    return Line(points=points, awarded=awarded if awarded != points else None)


def _rating(rule: Rule, facts: Facts) -> Line:
    """The mean of each panel by its weight; the means come as values from elsewhere."""
    total = ZERO
    for panel in rule.extra.get("panels", ()):
        mean = facts.own.get(f"{rule.key}.{panel['key']}", ZERO)
        total += mean * Decimal(str(panel["weight"]))
    return Line(points=total)


_LEAVES = {
    "const": _const,
    "linear": _linear,
    "table": _table,
    "manual": _manual,
    "rating": _rating,
}
