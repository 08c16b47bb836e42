"""The places a line names: found under any of their names, asked for, or made new."""

from typing import Any

from ...models import DeputyGroup
from ..reading import Line
from ..registry import MADE, Registry
from .rows import KIND_WORDS, SEAT_PLACES, Ask, Wrong


class Places:
    """The names of places in a roster, each answered once for all lines."""

    def __init__(self, registry: Registry, answers: dict[str, str]):
        self.registry, self.answers = registry, answers
        self.made: dict[str, dict[str, Any]] = {kind: {} for kind in MADE}
        self.unknown: dict[tuple[str, str], dict[str, Any]] = {}

    def of(self, line: Line) -> dict[str, Any]:
        """The places a line names; a group or committee with the office held in it."""
        found: dict[str, Any] = {}
        for kind in SEAT_PLACES:
            if kind in line.values:
                found[kind] = self.find(line, kind, line.values[kind])
        for kind in ("group", "committee"):
            if kind in line.values:
                found[kind] = [(self.find(line, kind, n), o) for n, o in line.values[kind]]
        return found

    def find(self, line: Line, kind: str, name: str):
        """The place of a name. Raises Ask where it may be a slip of the pen, Wrong for a street
        or a committee that is not entered."""
        names = self.registry.places[kind]
        answer = self.answers.get(f"{kind}:{name}", "")
        row = names.find(name)
        if row is None and answer.isdigit():
            row = names.by_pk.get(int(answer))
        if row is not None:
            if name not in (row.name, str(row)):
                line.repair(kind, f"“{name}”即“{row}”")
            return row
        if (known := self.unknown.get((kind, name))) is None:
            known = self.unknown[kind, name] = {
                "kind": kind,
                "name": name,
                "near": [[r.pk, str(r)] for r in names.near(name)],
                "answer": answer,
                "people": 0,
            }
        known["people"] += 1
        near = [words for _, words in known["near"]]
        if kind not in MADE:
            words = f"没有登记“{name}”这个{KIND_WORDS[kind]}"
            if near:
                words += f"，是否为{'、'.join(f'“{n}”' for n in near)}"
            raise Wrong(kind, words + "。请改正，或先在“单位”里登记")
        if near and answer != "new":
            words = f"没有登记“{name}”，与{'、'.join(f'“{n}”' for n in near)}相近"
            raise Ask(kind, words + "。请在上方说明是新建还是写错", [])
        return self._new_place(line, kind, name)

    def _new_place(self, line: Line, kind: str, name: str):
        made = self.made[kind]
        if name not in made:
            made[name] = MADE[kind](
                name=name, position=len(self.registry.places[kind].rows) + len(made) + 1
            )
            if kind == "group" and "专业" in name:
                made[name].kind = DeputyGroup.Kind.PROFESSIONAL
        place = made[name]
        if kind != "delegation" and "street" in line.values:
            street = self.registry.places["street"].find(line.values["street"])
            if not hasattr(place, "streets"):
                place.streets = set()
            place.streets.add(street)
            place.street = street if len(place.streets) == 1 else None
        line.repair(kind, f"将新建{KIND_WORDS[kind]}“{name}”")
        return place
