"""What one line of a roster means, and the two ways it may need a person's word."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from congress.crypto import blind_index, mask_id_number, mask_phone

from ...models import Deputy, DeputyGroup, GroupSeat, Mandate, RosterRow
from ..reading import Line

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
        return blind_index(whole(self.values.get("id_number", "")))


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


class Ask(Exception):
    """Somebody must say: the words and who it may be."""

    def __init__(self, column: str, words: str, candidates: list[dict[str, str]]):
        super().__init__(words)
        self.column, self.words, self.candidates = column, words, candidates


class Wrong(Exception):
    """An error in a cell: column key and sentence."""

    def __init__(self, column: str, words: str):
        super().__init__(words)
        self.column, self.words = column, words


def whole(number: str) -> str:
    """A number that can be compared: "" for one with hidden digits."""
    return "" if "*" in number else number
