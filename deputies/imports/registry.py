"""What the registry knows already, held in memory while a roster is compared with it."""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Model

from congress.models import Unit
from congress.models.units import STREET_KINDS

from ..models import (
    CommitteeSeat,
    Constituency,
    Delegation,
    Deputy,
    DeputyGroup,
    GroupSeat,
    Mandate,
)
from ..models.places import COMMITTEE_KINDS

MADE = {"constituency": Constituency, "delegation": Delegation, "group": DeputyGroup}
NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")}
COUNTED = re.compile(r"(?<=第)[零一二三四五六七八九十百]+")
NUMBER = re.compile(r"\d+")


def canonical(name: str) -> str:
    """One writing of a place's name: 第一代表团, 第1代表团 and 第 1 代表团 are the same."""
    text = unicodedata.normalize("NFKC", name).replace(" ", "")
    return COUNTED.sub(lambda m: str(_count(m[0])), text)


def _count(words: str) -> int:
    total, digit = 0, 0
    for letter in words:
        if letter in NUMERALS:
            digit = NUMERALS[letter]
        else:
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
    return total + digit


class Names:
    """Places of one kind, found by any of their names."""

    def __init__(self, rows: Iterable[Model]):
        self.rows = list(rows)
        self.by_pk = {r.pk: r for r in self.rows}
        self.found: dict[str, list[Model]] = defaultdict(list)
        # A roster asks for the same names again and again.
        self.asked: dict[str, Model | None] = {}
        self.close: dict[str, list[Model]] = {}
        for row in self.rows:
            for word in self._words(row):
                self.found[canonical(word)].append(row)

    @staticmethod
    def _words(row: Model) -> set[str]:
        words = {row.name, getattr(row, "short_name", row.name)}
        if isinstance(row, Unit):
            for ending in ("街道", "镇", "乡"):
                words |= {w.removesuffix(ending) for w in list(words) if len(w) > len(ending) + 1}
        return words

    def find(self, name: str) -> Model | None:
        """The one place of this name; None where there is none or more than one."""
        if name not in self.asked:
            rows = {r.pk: r for r in self.found.get(canonical(name), ())}
            self.asked[name] = next(iter(rows.values())) if len(rows) == 1 else None
        return self.asked[name]

    def near(self, name: str) -> list[Model]:
        """Places whose names are almost this one; another number is another place."""
        asked = canonical(name)
        if asked not in self.close:
            bare = NUMBER.sub("#", asked)
            words = [w for w in self.found if NUMBER.sub("#", w) != bare or w == asked]
            close = difflib.get_close_matches(asked, words, n=3, cutoff=0.7)
            self.close[asked] = list({r.pk: r for w in close for r in self.found[w]}.values())
        return self.close[asked]


class Registry:
    """Everything a roster is compared with, in seven queries."""

    def __init__(self):
        self.deputies = {d.pk: d for d in Deputy.objects.defer("created_at")}
        self.by_number: dict[str, Deputy] = {}
        self.by_name: dict[str, list[Deputy]] = defaultdict(list)
        for deputy in self.deputies.values():
            self.by_name[deputy.name].append(deputy)
            if deputy.id_number_index:
                self.by_number[deputy.id_number_index] = deputy
        self.seats = _by_deputy(Mandate.objects.order_by("starts_on", "pk"))
        self.group_seats = _by_deputy(GroupSeat.objects.filter(ends_on=None))
        self.committee_seats = _by_deputy(CommitteeSeat.objects.filter(ends_on=None))
        units = list(Unit.objects.all())
        self.places = {
            "street": Names(u for u in units if u.kind in STREET_KINDS),
            "committee": Names(u for u in units if u.kind in COMMITTEE_KINDS),
            "constituency": Names(Constituency.objects.all()),
            "delegation": Names(Delegation.objects.all()),
            "group": Names(DeputyGroup.objects.all()),
        }

    def name_of(self, kind: str, pk: int | None) -> str:
        """How a place is written, "" for none."""
        row = self.places[kind].by_pk.get(pk) if pk else None
        return str(row) if row else ""


def _by_deputy(rows) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.deputy_id].append(row)
    return found
