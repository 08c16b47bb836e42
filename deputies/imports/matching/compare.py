"""The comparison of a whole roster with the registry."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from congress.models import Term

from ...models import Mandate
from ..reading import Line, Roster
from ..registry import Registry
from .changes import Changes
from .people import People
from .places import Places
from .rows import Ask, Checked, Outcome, Row, Wrong


def compare(
    roster: Roster,
    registry: Registry,
    *,
    starts_on: dt.date,
    default_level: str,
    decisions: dict[str, dict[str, str]],
    terms: Sequence[Term] = (),
    own_level: str = Mandate.Level.COUNTY,
) -> Checked:
    """Compare the people of a file with the registry. Pure but for what it is given: no query."""
    changes = Changes(registry, starts_on, terms, own_level)
    comparison = _Comparison(
        Places(registry, decisions.get("places", {})),
        People(registry, changes),
        changes,
        decisions.get("rows", {}),
        default_level,
    )
    rows = [comparison.row(line) for line in roster.lines]
    places = comparison.places
    return Checked(rows, list(places.unknown.values()), roster.remarks, places.made)


@dataclass(frozen=True)
class _Comparison:
    places: Places
    people: People
    changes: Changes
    answers: dict[str, str]
    default_level: str

    def row(self, line: Line) -> Row:
        row = Row(line)
        answer = self.answers.get(line.key, "")
        if answer == "skip":
            line.repair("", "按您的答复跳过，不导入")
            return row
        if line.problems:
            row.outcome = Outcome.ERROR
            return row
        try:
            line.values.setdefault("level", self.default_level)
            if not line.values["level"]:
                raise Wrong("level", "缺少层级，请补上，或在上传时选择默认层级")
            places = self.places.of(line)
            row.person = self.people.find(line, answer, places)
            self._once_only(row)
            self.changes.plan(row, places)
        except Ask as question:
            line.problem(question.column, question.words)
            row.outcome, row.candidates = Outcome.CONFLICT, question.candidates
            return row
        except Wrong as wrong:
            line.problem(wrong.column, wrong.words)
            row.outcome = Outcome.ERROR
            return row
        self.people.of_line[line.key] = row.person
        if row.is_new_person or row.new_seat:
            row.outcome = Outcome.NEW
        elif row.changes:
            row.outcome = Outcome.CHANGED
        return row

    def _once_only(self, row: Row) -> None:
        at = (row.line.values["level"], row.line.values.get("starts_on", ""))
        first = row.person.seats.get(at)
        if first is not None:
            raise Wrong(
                "name",
                f"与「{first.sheet}」第 {first.line} 行是同一人、同一层级，重复了，请删去一行",
            )
        row.person.seats[at] = row.line
