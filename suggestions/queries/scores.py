"""The scores of a year's units, counted from the same facts as every figure."""

from decimal import Decimal

from django.db.models import QuerySet

from congress.models import Unit

from ..models import ScoreResult, ScoreSheet, Suggestion
from ..rules.figures import EVERY, names_of, tasks_of
from ..rules.scoring import Measure, Score, grade, ranks, score
from . import figures

MORE = {"deduct": "（扣分）", "bonus": "（加分）"}


def measures(sheet: ScoreSheet) -> list[Measure]:
    """The indicators of a sheet as the rules see them. One query."""
    return [
        Measure(
            m.part, m.formula, m.kind, m.weight, m.floor, m.full, m.each,
            tuple((Decimal(str(a)), Decimal(str(b))) for a, b in m.steps),
        )
        for m in sheet.indicators.order_by("-part", "position", "pk")
    ]  # fmt: skip


def preview(sheet: ScoreSheet, rows: QuerySet[Suggestion]) -> list[ScoreResult]:
    """What the sheet gives each unit today, unsaved, the best first."""
    known = figures.scopes()
    scope = next(s for s in known if s.key == f"s{sheet.sitting_id}")
    year = figures.year(rows, scope, on=sheet.counted_on)
    chosen = measures(sheet)
    tasks: dict[int, list] = {}
    for task in tasks_of(year.items):
        tasks.setdefault(task.unit, []).append(task)
    scored = [s for u, mine in tasks.items() if (s := score(u, mine, chosen, sheet.joint_share))]
    units = Unit.objects.in_bulk([s.unit for s in scored])
    places = ranks(
        {s.unit: s.points for s in scored}, {s.unit: s.volume for s in scored}, sheet.minimum
    )
    found = [
        ScoreResult(
            sheet=sheet, unit=units[s.unit], unit_name=names_of(tasks[s.unit])[:160],
            main=s.main, joint=s.joint, counted=s.points, points=s.points,
            grade=grade(s.points, sheet.grades), rank=places.get(s.unit), lines=lines_of(s),
        )
        for s in scored
    ]  # fmt: skip
    return sorted(found, key=lambda r: (r.rank is None, r.rank or 0, -r.points, r.unit_name))


def lines_of(found: Score) -> list[dict]:
    """Each line of a score in words, with the rows it was counted from."""
    return [
        {
            "part": {"main": "主办", "joint": "会办"}[x.measure.part],
            "formula": x.measure.formula,
            "name": EVERY[x.measure.formula].name + MORE.get(x.measure.kind, ""),
            "how": x.measure.words,
            "value": x.figure.words,
            "parts": x.figure.parts,
            "top": list(x.figure.top),
            "of": list(x.figure.of),
            "weight": str(x.measure.weight),
            "points": None if x.points is None else str(x.points),
        }
        for x in found.lines
    ]
