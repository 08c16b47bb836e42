"""How figures of a unit become points: by ratio, by steps, deducted, added; and who is ranked."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .figures import EVERY, UNIT_FORMULAS, Figure, Task, evaluate

CENT, ZERO, WHOLE = Decimal("0.01"), Decimal(0), Decimal(100)
RATED = ("linear", "step")
RESULTS = ("U06", "U09")  # what was really done
SATISFACTION = ("U07", "U08")


@dataclass(frozen=True)
class Measure:
    """One indicator of a sheet."""

    part: str  # main, joint
    formula: str
    kind: str  # linear, step, deduct, bonus
    weight: Decimal
    floor: Decimal = ZERO
    full: Decimal = WHOLE
    each: Decimal = ZERO
    steps: tuple[tuple[Decimal, Decimal], ...] = ()

    @property
    def words(self) -> str:
        """How it is scored, as people read it."""
        n = _plain
        if self.kind == "linear":
            return (
                f"{n(self.floor)}%及以下得0分，{n(self.full)}%及以上得{n(self.weight)}分，"
                "之间按比例"
            )
        if self.kind == "step":
            said = "，".join(f"{n(a)}%及以上得{n(b)}分" for a, b in sorted(self.steps)[::-1])
            return f"{said}，以下得0分"
        verb = "扣" if self.kind == "deduct" else "加"
        return f"每项{verb}{n(self.each)}分，最多{verb}{n(self.weight)}分"


@dataclass(frozen=True)
class Line:
    """What one indicator gave a unit; `points` None where there was nothing to measure."""

    measure: Measure
    figure: Figure
    points: Decimal | None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def points_of(measure: Measure, figure: Figure) -> Decimal | None:
    """The points of a figure. A rate of nothing is no zero: the indicator falls out."""
    if measure.kind in RATED:
        value = figure.value
        if value is None:
            return None
        if measure.kind == "step":
            reached = [points for at, points in measure.steps if value >= at]
            return min(max(reached, default=ZERO), measure.weight)
        share = (Decimal(value) - measure.floor) / (measure.full - measure.floor)
        return (max(ZERO, min(Decimal(1), share)) * measure.weight).quantize(CENT, ROUND_HALF_UP)
    points = min(measure.each * len(figure.top), measure.weight)
    return -points if measure.kind == "deduct" else points


def without_conflict(task: Task) -> Task:
    """Judgements of a deputy who heads the unit do not count in its score."""
    return replace(task, words=tuple(w for w in task.words if not w.has_conflict))


def part_points(lines: Iterable[Line]) -> Decimal | None:
    """The points of a part out of a hundred: what could not be measured is left out and the rest
    counted up; then deducted and added. None where nothing was measured."""
    lines = list(lines)
    rated = [x for x in lines if x.measure.kind in RATED and x.points is not None]
    if not rated:
        return None
    weights = sum(x.measure.weight for x in rated)
    base = sum(x.points for x in rated) * 100 / weights
    more = sum((x.points for x in lines if x.measure.kind not in RATED), ZERO)
    return max(ZERO, base + more).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Score:
    """One unit's score with each line shown."""

    unit: int
    main: int
    joint: int
    points: Decimal
    lines: tuple[Line, ...]

    @property
    def volume(self) -> int:
        return self.main + self.joint


def score(
    unit: int, tasks: Sequence[Task], measures: Sequence[Measure], joint_share: int
) -> Score | None:
    """A unit's score; 主办 and 会办 weighed where it had both. None where nothing can be scored."""
    tasks = [without_conflict(t) for t in tasks]
    lines = []
    for measure in measures:
        figure = evaluate(EVERY[measure.formula], tasks)
        lines.append(Line(measure, figure, points_of(measure, figure)))
    parts = {p: part_points(x for x in lines if x.measure.part == p) for p in ("main", "joint")}
    if parts["main"] is None and parts["joint"] is None:
        return None
    if None in parts.values():
        points = next(p for p in parts.values() if p is not None)
    else:
        points = (parts["main"] * (100 - joint_share) + parts["joint"] * joint_share) / 100
    main = sum(t.is_main for t in tasks)
    joint = sum(t.is_joint for t in tasks)
    return Score(unit, main, joint, points.quantize(CENT, ROUND_HALF_UP), tuple(lines))


def ranks(points: Mapping[int, Decimal], volumes: Mapping[int, int], minimum: int) -> dict:
    """Places of those with at least the minimum of tasks; equal points share a place."""
    ranked = {u: p for u, p in points.items() if volumes[u] >= minimum}
    ordered = sorted(ranked.values(), reverse=True)
    return {u: ordered.index(p) + 1 for u, p in ranked.items()}


def grade(points: Decimal, grades: Iterable[Sequence]) -> str:
    """The highest grade whose mark is reached; "" where none is."""
    reached = [(Decimal(str(at)), name) for name, at in grades if points >= Decimal(str(at))]
    return max(reached)[1] if reached else ""


def sheet_faults(measures: Sequence[Measure], joint_share: int) -> list[str]:
    """What keeps a sheet from being shown, in sentences."""
    faults = []
    known = {f.id: f for f in UNIT_FORMULAS}
    for part, words in (("main", "主办"), ("joint", "会办")):
        rated = [m for m in measures if m.part == part and m.kind in RATED]
        total = sum((m.weight for m in rated), ZERO)
        if part == "main" and not rated:
            faults.append("主办部分还没有指标")
        elif rated and total != 100:
            faults.append(f"{words}部分各项满分之和应为100分，现为{_plain(total)}分")
        if part == "joint" and joint_share and not rated:
            faults.append("会办部分占有比重，却没有指标")
    for m in measures:
        formula = known.get(m.formula)
        if formula is None:
            faults.append("有的指标已经没有")
        elif m.kind in RATED and (not formula.is_rate or formula.amount):
            faults.append(f"“{formula.name}”不是比率，只能用每项扣分或者加分")
        elif m.kind == "step" and not m.steps:
            faults.append(f"“{formula.name}”还没有分档")
        elif m.kind not in RATED and m.each <= 0:
            faults.append(f"“{formula.name}”还没有每项的分值")
    return faults


def settings_faults(
    basis_document: str, objections_until: dt.date | None, today: dt.date
) -> list[str]:
    """What a sheet still lacks beside its indicators before the units see it, in sentences."""
    faults = []
    if not basis_document.strip():
        faults.append("请填写依据文件")
    if not objections_until or objections_until < today:
        faults.append("请填写意见截止日期，不早于今天")
    return faults


def advice(measures: Sequence[Measure]) -> list[str]:
    """What is worth a second look: what was really done should weigh no less than what was said
    of it (青岛 2021: 落实率 before 满意率)."""

    def weight(ids: Sequence[str]) -> Decimal:
        return sum((m.weight for m in measures if m.formula in ids and m.kind in RATED), ZERO)

    if weight(RESULTS) < weight(SATISFACTION):
        return ["办成率和承诺兑现率的分值合计低于满意率，建议结果的分值不低于评价的分值"]
    return []


# A first sheet to be changed: 30 for time, 40 for results, 30 for what the deputies said.
DEFAULT: tuple[Measure, ...] = (
    Measure("main", "U03", "linear", Decimal(20), floor=Decimal(60)),
    Measure("main", "U05", "linear", Decimal(10), floor=Decimal(50)),
    Measure("main", "U06", "linear", Decimal(25)),
    Measure("main", "U09", "linear", Decimal(15)),
    Measure("main", "U07", "linear", Decimal(15), floor=Decimal(60)),
    Measure(
        "main", "U08", "step", Decimal(15),
        steps=((Decimal(80), Decimal(6)), (Decimal(90), Decimal(10)), (Decimal(98), Decimal(15))),
    ),
    Measure("main", "U12", "deduct", Decimal(10), each=Decimal(2)),
    Measure("joint", "V02", "linear", Decimal(60), floor=Decimal(50)),
    Measure("joint", "V04", "linear", Decimal(40), floor=Decimal(60)),
    Measure("joint", "V03", "deduct", Decimal(10), each=Decimal(2)),
)  # fmt: skip
GRADES = [["优秀", 90], ["良好", 80], ["合格", 60], ["不合格", 0]]
