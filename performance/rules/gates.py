"""门槛: a condition that caps the grade, forces one, or bars from the contest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .bands import Band, band_of
from .evaluate import Facts, measured
from .vocabulary import Faulty, Measure, number

EFFECTS = {"cap_grade": "等次不高于", "force_grade": "等次定为", "bar": "不参加评选"}


@dataclass(frozen=True)
class Gate:
    """What is measured, from or below which figure it works, and what it does."""

    name: str
    measure: Measure
    effect: str
    grade: str = ""
    at_least: Decimal | None = None
    below: Decimal | None = None

    @property
    def key(self) -> str:
        return f"gate:{self.name}"

    def works(self, facts: Facts) -> bool:
        """Whether the condition is met by one deputy's facts."""
        found = measured(self.measure, self.key, facts)
        return (self.at_least is not None and found >= self.at_least) or (
            self.below is not None and found < self.below
        )

    def hold(self, grade: str, order: Sequence[str]) -> str:
        """The grade after this gate has worked; `order` names the grades, the highest first. A
        cap lets a grade sink, never rise."""
        if self.effect == "force_grade":
            return self.grade
        if self.effect == "cap_grade" and {grade, self.grade} <= set(order):
            return order[max(order.index(grade), order.index(self.grade))]
        return grade

    def said(self) -> str:
        """What it does, in words."""
        return EFFECTS[self.effect] + (f"“{self.grade}”" if self.effect != "bar" else "")


def parse_gates(rows: Iterable[Mapping[str, Any]]) -> list[Gate]:
    """Gates from their stored form, in order; raises Faulty with what is wrong in one."""
    gates = []
    for row in rows:
        gate = Gate(
            name=row["name"],
            measure=Measure.parse(row.get("measure") or {}),
            effect=row.get("effect", ""),
            grade=row.get("grade", ""),
            at_least=number(row, "at_least"),
            below=number(row, "below"),
        )
        if gate.effect not in EFFECTS:
            raise Faulty(f"门槛“{gate.name}”没有规定后果")
        if gate.at_least is None and gate.below is None:
            raise Faulty(f"门槛“{gate.name}”没有规定数量")
        gates.append(gate)
    return gates


def graded(
    score: Decimal, bands: Sequence[Band], gates: Iterable[Gate], facts: Facts
) -> tuple[str, list[str]]:
    """The grade of a deputy and the names of the gates that worked on it.

    Bands stand the highest first.
    """
    grade, worked = band_of(score, bands), []
    order = [band.name for band in bands]
    for gate in gates:
        if gate.works(facts):
            worked.append(gate.name)
            grade = gate.hold(grade, order)
    return grade, worked
