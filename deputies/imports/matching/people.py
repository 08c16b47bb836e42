"""Who a line is: somebody known, somebody of an earlier line, somebody new; or we ask."""

from typing import Any

from congress.crypto import blind_index

from ...models import Deputy
from ..columns import SECRET, TITLES
from ..reading import Line
from ..registry import Registry
from .changes import Changes
from .likeness import alike, candidate, different, same_birth, values_of
from .rows import KIND_WORDS, MASKS, PERSONAL, SEAT_PLACES, Ask, Person, Row, Wrong, whole


class People:
    """The people of a roster, found line by line."""

    def __init__(self, registry: Registry, changes: Changes):
        self.registry, self.changes = registry, changes
        self.by_number: dict[str, Person] = {}
        self.by_deputy: dict[int, Person] = {}
        self.new_by_name: dict[str, list[Person]] = {}
        self.of_line: dict[str, Person] = {}

    def find(self, line: Line, answer: str, places: dict[str, Any]) -> Person:
        """The person of a line; `answer` is what somebody said about it. Raises Ask where nobody
        can tell, Wrong where the lines of one person contradict each other."""
        kind, _, which = answer.partition(":")
        if kind == "same" and which.isdigit() and int(which) in self.registry.deputies:
            return self._known(self.registry.deputies[int(which)], line)
        if kind == "with" and which in self.of_line:
            return self._again(self.of_line[which], line)
        if kind == "new":
            return self._new(line)
        index = blind_index(whole(line.values.get("id_number", "")))
        if index in self.by_number:
            return self._again(self.by_number[index], line)
        if index in self.registry.by_number:
            deputy = self.registry.by_number[index]
            if deputy.name != line.values["name"]:
                raise Ask(
                    "name",
                    f"身份证号与已登记的“{deputy.name}”相同，姓名不同。请说明是改名还是写错",
                    [candidate(self.registry, deputy, f"是{deputy.name}，姓名改正为")],
                )
            return self._known(deputy, line)
        return self._by_name(line, places)

    def _by_name(self, line: Line, places: dict[str, Any]) -> Person:
        name = line.values["name"]
        known = [
            d
            for d in self.registry.by_name.get(name, ())
            if not different(line.values, values_of(d))
        ]
        in_file = [
            p for p in self.new_by_name.get(name, ()) if not different(line.values, p.values)
        ]
        sure = [(d, why) for d in known if (why := self._same_as(line.values, d, places))]
        sure_in_file = [p for p in in_file if alike(line.values, p.values)]
        if len(sure) == 1 and not sure_in_file:
            deputy, why = sure[0]
            if why:
                line.repair("name", f"按{why}认定为已登记的“{name}”")
            return self._known(deputy, line)
        if len(sure_in_file) == 1 and not sure:
            return self._again(sure_in_file[0], line)
        if not known and not in_file:
            return self._new(line)
        if len(known) == 1 and not in_file and self._changes_nothing(line, known[0], places):
            return self._known(known[0], line)
        candidates = [candidate(self.registry, d, "是已登记的") for d in known]
        candidates += [
            {
                "answer": f"with:{p.first.key}",
                "words": f"与「{p.first.sheet}」第 {p.first.line} 行是同一人",
            }
            for p in in_file
        ]
        candidates.append({"answer": "new", "words": "是另一位同名代表，新登记"})
        raise Ask(
            "name",
            f"有同名的“{name}”，凭表中内容分不清是不是同一人。请说明，或补上身份证号",
            candidates,
        )

    def _same_as(self, values: dict[str, Any], deputy: Deputy, places: dict[str, Any]) -> str:
        """Why a line is surely this known deputy, "" where it is not sure."""
        for key in SECRET:
            given, stored = values.get(key, ""), getattr(deputy, key)
            if given and stored and (given == stored or given == MASKS[key](stored)):
                return f"姓名和{TITLES[key]}"
        seats = self.registry.seats.get(deputy.pk, ())
        if values.get("number") and values["number"] in {s.number for s in seats}:
            return "姓名和代表证号"
        born = values.get("born", "")
        if born and len(born) >= 7 and len(deputy.born) >= 7 and same_birth(born, deputy.born):
            for kind in SEAT_PLACES:
                place = places.get(kind)
                if (
                    place is not None
                    and place.pk
                    and place.pk in {getattr(s, f"{kind}_id") for s in seats}
                ):
                    return f"姓名、出生日期和{KIND_WORDS[kind]}"
        return ""

    def _changes_nothing(self, line: Line, deputy: Deputy, places: dict[str, Any]) -> bool:
        trial = Row(line, person=Person(deputy, line.values, line))
        try:
            self.changes.plan(trial, places)
        except (Wrong, Ask):
            return False
        return not trial.changes and not trial.new_seat

    def _known(self, deputy: Deputy, line: Line) -> Person:
        person = self.by_deputy.get(deputy.pk)
        if person:
            return self._again(person, line)
        person = Person(deputy, dict(line.values), line)
        self.by_deputy[deputy.pk] = person
        if person.number_index:
            self.by_number[person.number_index] = person
        return person

    def _new(self, line: Line) -> Person:
        if "*" in line.values.get("id_number", "") or "*" in line.values.get("phone", ""):
            column = "id_number" if "*" in line.values.get("id_number", "") else "phone"
            raise Wrong(column, "号码有隐藏的位数，不能登记新的代表，请填完整号码")
        person = Person(None, dict(line.values), line)
        self.new_by_name.setdefault(line.values["name"], []).append(person)
        if person.number_index:
            self.by_number[person.number_index] = person
        return person

    def _again(self, person: Person, line: Line) -> Person:
        """A further line of one person: what both lines say must agree."""
        where = f"「{person.first.sheet}」第 {person.first.line} 行"
        for key in PERSONAL:
            one, two = person.values.get(key), line.values.get(key)
            if key == "notes" or not one or not two or one == two:
                continue
            if key == "born" and same_birth(one, two):
                continue
            if key in SECRET and ("*" in one or "*" in two):
                continue
            raise Wrong(key, f"与{where}是同一人，但{TITLES[key]}不一致，请核对")
        for key in PERSONAL:
            if line.values.get(key) and not person.values.get(key):
                person.values[key] = line.values[key]
        return person
