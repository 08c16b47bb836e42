"""Each line of a roster against the registry: who it is, what it would change.

A line becomes new, changed, unchanged, a conflict (somebody must say) or an error. Two people of
one name are told apart only by what both lines say: where that is not enough, we ask.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from congress.crypto import blind_index, mask_id_number, mask_phone
from congress.models import Term

from ..models import Deputy, DeputyGroup, GroupSeat, Mandate, RosterRow
from .columns import SECRET, TITLES
from .reading import Line, Roster
from .registry import MADE, Registry

Outcome = RosterRow.Outcome
PERSONAL = (
    "name", "gender", "ethnicity", "born", "party", "education", "occupation", "id_number", "phone",
    "notes",
)  # fmt: skip
SEAT_PLACES = ("constituency", "delegation", "street")
MASKS = {"id_number": mask_id_number, "phone": mask_phone}
KIND_WORDS = {
    "constituency": "选区（选举单位）",
    "delegation": "代表团",
    "group": "代表小组",
    "street": "街道（镇）",
    "committee": "委员会",
}
GROUP_ROLES = {r.label: r.value for r in GroupSeat.Role} | {"成员": GroupSeat.Role.MEMBER.value}


@dataclass(eq=False)
class Person:
    """Somebody in the file: known from before, or new. Several lines may be one person."""

    deputy: Deputy | None
    values: dict[str, Any]
    first: Line
    seats: dict[tuple, Line] = field(default_factory=dict)
    group_ids: set = field(default_factory=set)
    committee_ids: set = field(default_factory=set)

    @cached_property
    def number_index(self) -> str:
        return blind_index(_whole(self.values.get("id_number", "")))


@dataclass
class Row:
    """What one line means; the plans are carried out by actions.rosters."""

    line: Line
    outcome: str = Outcome.UNCHANGED
    person: Person | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)
    candidates: list[dict[str, str]] = field(default_factory=list)
    personal: dict[str, Any] = field(default_factory=dict)
    is_new_person: bool = False
    seat: Mandate | None = None  # the seat that is there
    new_seat: dict[str, Any] = field(default_factory=dict)
    seat_changes: dict[str, Any] = field(default_factory=dict)
    groups: list[tuple[DeputyGroup, str]] = field(default_factory=list)
    group_roles: list[tuple[GroupSeat, str]] = field(default_factory=list)
    group_ends: list[GroupSeat] = field(default_factory=list)
    committees: list[tuple[Any, str]] = field(default_factory=list)
    committee_titles: list[tuple[Any, str]] = field(default_factory=list)

    @property
    def deputy(self) -> Deputy | None:
        return self.person.deputy if self.person else None


@dataclass
class Checked:
    """A whole roster compared."""

    rows: list[Row]
    places: list[dict[str, Any]]  # names the registry does not know
    remarks: list[str]
    new_places: dict[str, dict[str, Any]]  # kind → name → unsaved row


class _Ask(Exception):
    """Somebody must say: the words and who it may be."""

    def __init__(self, column: str, words: str, candidates: list[dict[str, str]]):
        super().__init__(words)
        self.column, self.words, self.candidates = column, words, candidates


class _Wrong(Exception):
    """An error in a cell: column key and sentence."""

    def __init__(self, column: str, words: str):
        super().__init__(words)
        self.column, self.words = column, words


def compare(
    roster: Roster,
    registry: Registry,
    *,
    starts_on: dt.date,
    default_level: str,
    decisions: dict[str, dict[str, str]],
    terms: list[Term] = (),
    own_level: str = Mandate.Level.COUNTY,
    today: dt.date,
) -> Checked:
    """Compare the people of a file with the registry. Pure but for what it is given: no query."""
    return _Comparison(
        roster, registry, starts_on, default_level, decisions, terms, own_level, today
    ).run()


class _Comparison:
    def __init__(
        self, roster, registry, starts_on, default_level, decisions, terms, own_level, today
    ):
        self.roster, self.registry = roster, registry
        self.starts_on, self.default_level, self.today = starts_on, default_level, today
        self.answers = decisions.get("rows", {})
        self.place_answers = decisions.get("places", {})
        self.terms, self.own_level = terms, own_level
        self.people_by_number: dict[str, Person] = {}
        self.people_by_deputy: dict[int, Person] = {}
        self.new_by_name: dict[str, list[Person]] = {}
        self.person_of_line: dict[str, Person] = {}
        self.new_places: dict[str, dict[str, Any]] = {kind: {} for kind in MADE}
        self.unknown: dict[tuple[str, str], dict[str, Any]] = {}

    def run(self) -> Checked:
        rows = [self._row(line) for line in self.roster.lines]
        return Checked(rows, list(self.unknown.values()), self.roster.remarks, self.new_places)

    def _row(self, line: Line) -> Row:
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
                raise _Wrong("level", "缺少层级，请补上，或在上传时选择默认层级")
            places = self._places(line)
            row.person = self._person(line, answer, places)
            self._once_only(row)
            self._personal(row)
            self._seat(row, places)
            self._groups(row, places)
            self._committees(row, places)
        except _Ask as question:
            line.problem(question.column, question.words)
            row.outcome, row.candidates = Outcome.CONFLICT, question.candidates
            return row
        except _Wrong as wrong:
            line.problem(wrong.column, wrong.words)
            row.outcome = Outcome.ERROR
            return row
        self.person_of_line[line.key] = row.person
        if row.is_new_person or row.new_seat:
            row.outcome = Outcome.NEW
        elif row.changes:
            row.outcome = Outcome.CHANGED
        return row

    # -- places -------------------------------------------------------------------------------
    def _places(self, line: Line) -> dict[str, Any]:
        """The places a line names; a group or committee with the office held in it."""
        found: dict[str, Any] = {}
        for kind in SEAT_PLACES:
            if kind in line.values:
                found[kind] = self._place(line, kind, line.values[kind])
        for kind in ("group", "committee"):
            if kind in line.values:
                found[kind] = [(self._place(line, kind, n), o) for n, o in line.values[kind]]
        return found

    def _place(self, line: Line, kind: str, name: str):
        names = self.registry.places[kind]
        answer = self.place_answers.get(f"{kind}:{name}", "")
        row = names.find(name)
        if row is None and answer.isdigit():
            row = names.by_pk.get(int(answer))
        if row is not None:
            if name not in (row.name, str(row)):
                line.repair(kind, f"“{name}”即“{row}”")
            return row
        near = [str(r) for r in names.near(name)]
        known = self.unknown.setdefault(
            (kind, name),
            {
                "kind": kind,
                "name": name,
                "near": [[r.pk, str(r)] for r in names.near(name)],
                "answer": answer,
                "people": 0,
            },
        )
        known["people"] += 1
        if kind not in MADE:
            words = f"没有登记“{name}”这个{KIND_WORDS[kind]}"
            if near:
                words += f"，是否为{'、'.join(f'“{n}”' for n in near)}"
            raise _Wrong(kind, words + "。请改正，或先在“单位”里登记")
        if near and answer != "new":
            words = f"没有登记“{name}”，与{'、'.join(f'“{n}”' for n in near)}相近"
            raise _Ask(kind, words + "。请在上方说明是新建还是写错", [])
        return self._new_place(line, kind, name)

    def _new_place(self, line: Line, kind: str, name: str):
        made = self.new_places[kind]
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

    # -- the person ---------------------------------------------------------------------------
    def _person(self, line: Line, answer: str, places: dict[str, Any]) -> Person:
        kind, _, which = answer.partition(":")
        if kind == "same" and which.isdigit() and int(which) in self.registry.deputies:
            return self._known(self.registry.deputies[int(which)], line)
        if kind == "with" and which in self.person_of_line:
            return self._again(self.person_of_line[which], line)
        if kind == "new":
            return self._new(line)
        index = blind_index(_whole(line.values.get("id_number", "")))
        if index in self.people_by_number:
            return self._again(self.people_by_number[index], line)
        if index in self.registry.by_number:
            deputy = self.registry.by_number[index]
            if deputy.name != line.values["name"]:
                raise _Ask(
                    "name",
                    f"身份证号与已登记的“{deputy.name}”相同，姓名不同。请说明是改名还是写错",
                    [_candidate(self.registry, deputy, f"是{deputy.name}，姓名改正为")],
                )
            return self._known(deputy, line)
        return self._by_name(line, places)

    def _by_name(self, line: Line, places: dict[str, Any]) -> Person:
        name = line.values["name"]
        known = [
            d
            for d in self.registry.by_name.get(name, ())
            if not _different(line.values, _values_of(d))
        ]
        in_file = [
            p for p in self.new_by_name.get(name, ()) if not _different(line.values, p.values)
        ]
        sure = [(d, why) for d in known if (why := self._same_as(line.values, d, places))]
        sure_in_file = [p for p in in_file if _alike(line.values, p.values)]
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
        candidates = [_candidate(self.registry, d, "是已登记的") for d in known]
        candidates += [
            {
                "answer": f"with:{p.first.key}",
                "words": f"与「{p.first.sheet}」第 {p.first.line} 行是同一人",
            }
            for p in in_file
        ]
        candidates.append({"answer": "new", "words": "是另一位同名代表，新登记"})
        raise _Ask(
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
        if born and len(born) >= 7 and len(deputy.born) >= 7 and _same_birth(born, deputy.born):
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
            self._personal(trial)
            self._seat(trial, places)
            self._groups(trial, places)
            self._committees(trial, places)
        except (_Wrong, _Ask):
            return False
        return not trial.changes and not trial.new_seat

    def _known(self, deputy: Deputy, line: Line) -> Person:
        person = self.people_by_deputy.get(deputy.pk)
        if person:
            return self._again(person, line)
        person = Person(deputy, dict(line.values), line)
        self.people_by_deputy[deputy.pk] = person
        if person.number_index:
            self.people_by_number[person.number_index] = person
        return person

    def _new(self, line: Line) -> Person:
        if "*" in line.values.get("id_number", "") or "*" in line.values.get("phone", ""):
            column = "id_number" if "*" in line.values.get("id_number", "") else "phone"
            raise _Wrong(column, "号码有隐藏的位数，不能登记新的代表，请填完整号码")
        person = Person(None, dict(line.values), line)
        self.new_by_name.setdefault(line.values["name"], []).append(person)
        if person.number_index:
            self.people_by_number[person.number_index] = person
        return person

    def _again(self, person: Person, line: Line) -> Person:
        """A further line of one person: what both lines say must agree."""
        where = f"「{person.first.sheet}」第 {person.first.line} 行"
        for key in PERSONAL:
            one, two = person.values.get(key), line.values.get(key)
            if key == "notes" or not one or not two or one == two:
                continue
            if key == "born" and _same_birth(one, two):
                continue
            if key in SECRET and ("*" in one or "*" in two):
                continue
            raise _Wrong(key, f"与{where}是同一人，但{TITLES[key]}不一致，请核对")
        for key in PERSONAL:
            if line.values.get(key) and not person.values.get(key):
                person.values[key] = line.values[key]
        return person

    def _once_only(self, row: Row) -> None:
        at = (row.line.values["level"], row.line.values.get("starts_on", ""))
        first = row.person.seats.get(at)
        if first is not None:
            raise _Wrong(
                "name",
                f"与「{first.sheet}」第 {first.line} 行是同一人、同一层级，重复了，请删去一行",
            )
        row.person.seats[at] = row.line

    # -- what would change --------------------------------------------------------------------
    def _personal(self, row: Row) -> None:
        deputy, values = row.person.deputy, row.line.values
        if deputy is None:
            row.is_new_person = row.person.first is row.line
            row.personal = {k: values[k] for k in PERSONAL if k in values}
            return
        for key in PERSONAL:
            new, old = values.get(key, ""), getattr(deputy, key)
            if not new or new == old or (key == "born" and old.startswith(new)):
                continue
            if key in SECRET:
                if "*" in new:
                    if new == MASKS[key](old):
                        continue
                    raise _Wrong(key, "隐藏的号码与登记的不一致，请填完整号码或留空")
                row.changes[TITLES[key]] = [MASKS[key](old), MASKS[key](new)]
            else:
                row.changes[TITLES[key]] = [old, new]
            row.personal[key] = new

    def _seat(self, row: Row, places: dict[str, Any]) -> None:
        values, level = row.line.values, row.line.values["level"]
        deputy = row.person.deputy
        held = [
            s
            for s in (self.registry.seats.get(deputy.pk, ()) if deputy else ())
            if s.level == level
        ]
        given = values.get("starts_on", "")
        seat = next((s for s in held if s.starts_on.isoformat() == given), None)
        is_open = next((s for s in held if s.ends_on is None), None)
        if seat is None and not given:
            seat = is_open
        if seat is not None:
            self._changed_seat(row, seat, places)
            return
        starts = dt.date.fromisoformat(given) if given else self.starts_on
        ends = dt.date.fromisoformat(values["ends_on"]) if "ends_on" in values else None
        label = Mandate.Level(level).label
        for other in held:
            if (other.ends_on or dt.date.max) >= starts and other.starts_on <= (
                ends or dt.date.max
            ):
                raise _Wrong(
                    "starts_on" if given else "name",
                    f"已有 {other.starts_on.isoformat()} 起的{label}职务，日期重叠。"
                    "届满或离任请先在代表页面办理",
                )
        if ends and ends < starts:
            raise _Wrong("ends_on", "任职止早于任职起，请核对")
        if ends and "end_reason" not in values:
            raise _Wrong("ends_on", "写了任职止，还要写离任原因")
        row.new_seat = {
            "level": level,
            "starts_on": starts,
            "ends_on": ends,
            "end_reason": values.get("end_reason", "") if ends else "",
            "start_reason": values.get("start_reason", Mandate.Start.ELECTION),
            "number": values.get("number", ""),
            "position": values.get("position", 0),
            "term": self._term(level, starts),
            **{k: places.get(k) for k in SEAT_PLACES},
        }
        if deputy is not None:
            row.changes["新增职务"] = ["", f"{label}，{starts.isoformat()} 起"]

    def _changed_seat(self, row: Row, seat: Mandate, places: dict[str, Any]) -> None:
        values, row.seat = row.line.values, seat
        if values.get("ends_on", "") and (
            seat.ends_on is None or seat.ends_on.isoformat() != values["ends_on"]
        ):
            raise _Wrong("ends_on", "离任请在代表页面办理：要写明日期和依据文件")
        for key in SEAT_PLACES:
            place = places.get(key)
            if place is not None and place.pk != getattr(seat, f"{key}_id"):
                old = self.registry.name_of(key, getattr(seat, f"{key}_id"))
                row.changes[TITLES[key]] = [old, str(place)]
                row.seat_changes[key] = place
        for key in ("number", "position", "start_reason"):
            if key in values and values[key] != getattr(seat, key):
                old, new = getattr(seat, key), values[key]
                if key == "start_reason":
                    old, new = Mandate.Start(old).label, Mandate.Start(new).label
                row.changes[TITLES[key]] = [str(old or ""), str(new)]
                row.seat_changes[key] = values[key]

    def _term(self, level: str, on: dt.date) -> Term | None:
        if level != self.own_level:
            return None
        for term in self.terms:
            if term.starts_on <= on and (term.ends_on is None or on <= term.ends_on):
                return term
        return None

    def _groups(self, row: Row, places: dict[str, Any]) -> None:
        listed = places.get("group")
        if not listed:
            return
        deputy = row.person.deputy
        held = {
            s.group_id: s for s in (self.registry.group_seats.get(deputy.pk, ()) if deputy else ())
        }
        by_pk = self.registry.places["group"].by_pk
        kinds, said = set(), []
        for group, office in listed:
            kinds.add(group.kind)
            role = GROUP_ROLES.get(office, "")
            if office and not role:
                raise _Wrong("group", f"小组职务“{office}”不认识，请填组长、副组长、联络员或组员")
            seat = held.get(group.pk) if group.pk else None
            mark = group.pk or group.name
            if seat is None:
                if mark not in row.person.group_ids:
                    row.groups.append((group, role or GroupSeat.Role.MEMBER))
                    said.append(f"{group}（{office}）" if office else str(group))
            elif role and role != seat.role:
                row.group_roles.append((seat, role))
                said.append(f"{group}（{office}）")
            row.person.group_ids.add(mark)
        if DeputyGroup.Kind.STREET in kinds:
            stays = {g.pk for g, _ in listed}
            row.group_ends = [
                s
                for pk, s in held.items()
                if pk not in stays and by_pk[pk].kind == DeputyGroup.Kind.STREET
            ]
        if said or row.group_ends:
            old = [
                f"{by_pk[s.group_id]}（{s.get_role_display()}）"
                for s in [*row.group_ends, *(s for s, _ in row.group_roles)]
            ]
            row.changes[TITLES["group"]] = ["；".join(old), "；".join(said)]

    def _committees(self, row: Row, places: dict[str, Any]) -> None:
        deputy = row.person.deputy
        held = {
            s.unit_id: s
            for s in (self.registry.committee_seats.get(deputy.pk, ()) if deputy else ())
        }
        old, new = [], []
        for unit, title in places.get("committee", ()):
            seat = held.get(unit.pk)
            if seat is None and unit.pk not in row.person.committee_ids:
                row.committees.append((unit, title))
                new.append(f"{unit}（{title}）" if title else str(unit))
            elif seat is not None and title and title != seat.title:
                row.committee_titles.append((seat, title))
                old.append(f"{unit}（{seat.title}）" if seat.title else str(unit))
                new.append(f"{unit}（{title}）")
            row.person.committee_ids.add(unit.pk)
        if new:
            row.changes[TITLES["committee"]] = ["；".join(old), "；".join(new)]


# -- the same or not --------------------------------------------------------------------------


def _whole(number: str) -> str:
    return "" if "*" in number else number


def _values_of(deputy: Deputy) -> dict[str, str]:
    return {k: getattr(deputy, k) for k in PERSONAL}


def _same_birth(one: str, two: str) -> bool:
    """Whether two birth dates of different exactness may be one day."""
    return one.startswith(two) or two.startswith(one)


def _different(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two lines of one name are surely two people."""
    for key in ("gender", "born"):
        a, b = one.get(key), two.get(key)
        if a and b and not (_same_birth(a, b) if key == "born" else a == b):
            return True
    a, b = one.get("id_number", ""), two.get("id_number", "")
    if a and b:
        return _masked(a) != _masked(b) if "*" in a + b else a != b
    return False


def _masked(number: str) -> str:
    return number if "*" in number else mask_id_number(number)


def _alike(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two new lines of one name are surely one person."""
    for key in ("phone", "id_number"):
        if one.get(key) and one.get(key) == two.get(key):
            return True
    a, b = one.get("born", ""), two.get("born", "")
    return len(a) == 10 and a == b


def _candidate(registry: Registry, deputy: Deputy, verb: str) -> dict[str, str]:
    said = [deputy.name]
    if deputy.gender:
        said.append(deputy.gender)
    if deputy.born:
        said.append(f"{deputy.born} 生")
    if deputy.id_number:
        said.append(mask_id_number(deputy.id_number))
    if deputy.occupation:
        said.append(deputy.occupation[:30])
    for seat in registry.seats.get(deputy.pk, ())[-1:]:
        places = [registry.name_of(k, getattr(seat, f"{k}_id")) for k in SEAT_PLACES]
        said.append("，".join([seat.get_level_display(), *filter(None, places)]))
    return {"answer": f"same:{deputy.pk}", "words": f"{verb}：{'，'.join(said)}"}
