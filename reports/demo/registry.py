"""The demo's registry: deputies of every level, their groups, committees and logins."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.contrib.auth.hashers import make_password

from congress.crypto import blind_index
from congress.models import Congress, Membership, Role, Term, Unit, User
from congress.models.units import STREET_KINDS
from congress.names import initials, pinyin_key
from congress.words import cn_number
from deputies.models import (
    CommitteeSeat,
    Constituency,
    Delegation,
    Deputy,
    DeputyGroup,
    GroupSeat,
    Mandate,
    MandateEvent,
)

from . import places
from .people import Person, invent
from .places import Place

Level = Mandate.Level
DEMO_PASSWORD = "Renda-2026-demo"
PREFIX = {
    Level.NATIONAL: "全",
    Level.PROVINCIAL: "省",
    Level.CITY: "市",
    Level.STREET_COUNCIL: "议",
}
# Login, role, short name of the unit (without 区 or 市); None: the first unit of the role's kind.
STAFF = (
    ("clerk", Role.DEPUTY_AFFAIRS, "代工委"),
    ("chief", Role.DEPUTY_AFFAIRS, "代工委"),
    ("street", Role.STREET, None),
    ("committee", Role.COMMITTEE, "城建环资工委"),
    ("chair", Role.CHAIR, ""),
    ("govoffice", Role.GOVERNMENT_OFFICE, "政府办"),
    ("unit", Role.HANDLING_UNIT, "城管局"),
    ("station", Role.STATION_LIAISON, ""),
    ("system", Role.SYSTEM_ADMIN, ""),
    ("security", Role.SECURITY_ADMIN, ""),
    ("audit", Role.AUDIT_ADMIN, ""),
)
TOWN_STAFF = (
    ("clerk", Role.DEPUTY_AFFAIRS, "人大办"),
    ("chief", Role.DEPUTY_AFFAIRS, "人大办"),
    ("chair", Role.CHAIR, ""),
    ("govoffice", Role.GOVERNMENT_OFFICE, "政府办"),
    ("unit", Role.HANDLING_UNIT, "经发办"),
    ("system", Role.SYSTEM_ADMIN, ""),
    ("security", Role.SECURITY_ADMIN, ""),
    ("audit", Role.AUDIT_ADMIN, ""),
)
COMMITTEES = (Unit.Kind.SPECIAL_COMMITTEE, Unit.Kind.WORKING_COMMITTEE)


class Registry:
    """Builds the people of one congress."""

    def __init__(self, congress: Congress, place: Place):
        self.congress, self.place = congress, place
        self.chance = random.Random(place.seed)
        self.people = invent(place.seed, place.short)
        self.term = Term.objects.first()
        self.own_level = Level.TOWNSHIP if place.level == Congress.Level.TOWNSHIP else Level.COUNTY
        self.streets = list(Unit.objects.filter(kind__in=STREET_KINDS))

    def build(self) -> None:
        """Everybody of the place, seated."""
        self.delegations = Delegation.objects.bulk_create(
            Delegation(name=f"第{cn_number(i)}代表团", position=i)
            for i in range(1, self.place.delegations + 1)
        )
        count = max(8, self.place.own // 3)
        self.constituencies = Constituency.objects.bulk_create(
            Constituency(
                name=f"第{i + 1}选区",
                position=i,
                street=self.streets[i * len(self.streets) // count] if self.streets else None,
            )
            for i in range(count)
        )
        # Three of the first have left since, three of the last came in their place.
        changes = 3 if self.place.own >= 100 else 0
        deputies = self._seats(self.place.own + changes, self.own_level)
        for level, count in self.place.others.items():
            self._seats(count, level)
        if self.place.council:
            self._seats(self.place.council, Level.STREET_COUNCIL)
        if changes:
            self._events()
        self._count_seats()
        self._groups(deputies)
        self._committees(deputies)

    def _seats(self, count: int, level: str) -> list[Deputy]:
        """Deputies with one seat each, spread over streets and delegations."""
        people = list(islice(self.people, count))
        deputies = Deputy.objects.bulk_create(self._deputy(p) for p in people)
        own = level == self.own_level
        letter = PREFIX.get(level, self.place.letter)
        streets, delegations = self.streets, self.delegations
        elected = self._constituencies(count) if own else []
        mandates = Mandate.objects.bulk_create(
            Mandate(
                deputy=deputy,
                level=level,
                term=self.term if own else None,
                constituency=elected[i] if own else None,
                delegation=delegations[i * len(delegations) // count] if own else None,
                street=streets[i * len(streets) // count] if streets else None,
                number=f"{letter}{self.place.term}{i + 1:04}",
                position=i + 1,
                starts_on=self.term.starts_on,
            )
            for i, deputy in enumerate(deputies)
        )
        MandateEvent.objects.bulk_create(
            MandateEvent(
                mandate=m,
                kind=MandateEvent.Kind.ELECTED,
                on=m.starts_on,
                document="换届选举结果公告",
            )
            for m in mandates
            if own
        )
        return deputies

    def _constituencies(self, count: int) -> list[Constituency]:
        """Whose constituency each of so many deputies has: one of the own street's."""
        streets = len(self.streets) or 1
        found: list[Constituency] = []
        for s in range(streets):
            own = [
                c for c in self.constituencies if not self.streets or c.street == self.streets[s]
            ]
            people = sum(1 for i in range(count) if i * streets // count == s)
            found += [own[n * len(own) // people] for n in range(people)]
        return found

    def _count_seats(self) -> None:
        """As many are elected in a constituency as sit for it."""
        living = Mandate.objects.filter(ends_on=None).exclude(constituency=None)
        sitting = Counter(living.values_list("constituency_id", flat=True))
        for one in self.constituencies:
            one.seats = sitting[one.pk]
        Constituency.objects.bulk_update(self.constituencies, ["seats"])

    def _deputy(self, person: Person) -> Deputy:
        return Deputy(
            congress=self.congress,
            name=person.name,
            name_key=pinyin_key(person.name),
            initials=initials(person.name),
            gender=person.gender,
            ethnicity=person.ethnicity,
            born=person.born,
            party=person.party,
            education=person.education,
            occupation=person.occupation,
            id_number=person.id_number,
            id_number_index=blind_index(person.id_number),
            phone=person.phone,
            phone_index=blind_index(person.phone),
        )

    def _events(self) -> None:
        """What happens in a term: resignations, by-elections in their place, a suspension."""
        Kind = MandateEvent.Kind
        seats = list(Mandate.objects.filter(level=self.own_level).order_by("position"))
        left = (dt.date(2025, 6, 27), dt.date(2026, 4, 29), dt.date(2026, 8, 28))
        for seat, on in zip(seats[30:33], left, strict=True):
            seat.ends_on, seat.end_reason = on, Mandate.End.RESIGNED
            seat.save()
            MandateEvent.objects.create(
                mandate=seat, kind=Kind.RESIGNED, on=on, document="常委会接受辞职的决定"
            )
        came = (dt.date(2025, 9, 20), dt.date(2026, 5, 28), dt.date(2026, 9, 18))
        for seat, on in zip(seats[-3:], came, strict=True):
            seat.starts_on, seat.start_reason = on, Mandate.Start.BY_ELECTION
            seat.save()
            MandateEvent.objects.create(
                mandate=seat, kind=Kind.BY_ELECTED, on=on, document="补选结果公告"
            )
        MandateEvent.objects.create(
            mandate=seats[50],
            kind=Kind.SUSPENDED,
            on=dt.date(2026, 7, 6),
            document="暂停执行代表职务的公告",
        )

    def _groups(self, deputies: list[Deputy]) -> None:
        Kind = DeputyGroup.Kind
        groups = [
            DeputyGroup(name=f"{s.short_name}代表小组", kind=Kind.STREET, street=s, position=i)
            for i, s in enumerate(self.streets)
        ]
        names = [f"{name}专业" for name in places.GROUPS] if self.streets else ["一", "二", "三"]
        kind = Kind.PROFESSIONAL if self.streets else Kind.STREET
        groups += [
            DeputyGroup(
                name=f"{name}代表小组" if self.streets else f"第{name}代表小组",
                kind=kind,
                position=50 + i,
            )
            for i, name in enumerate(names)
        ]
        groups = DeputyGroup.objects.bulk_create(groups)
        of_street = {g.street_id: g for g in groups if g.street_id}
        free = [g for g in groups if not g.street_id]
        living = dict(
            Mandate.objects.filter(deputy__in=deputies, ends_on=None).values_list(
                "deputy_id", "street_id"
            )
        )
        seats, counts = [], {}
        for i, deputy in enumerate(d for d in deputies if d.pk in living):
            street = of_street.get(living[deputy.pk])
            chosen = [street] if street else [free[i * len(free) // len(deputies)]]
            if street and self.chance.random() < 0.35:
                chosen.append(self.chance.choice(free))
            for group in chosen:
                n = counts[group.pk] = counts.get(group.pk, 0) + 1
                role = {1: "leader", 2: "deputy_leader", 3: "liaison"}.get(n, "member")
                seats.append(
                    GroupSeat(group=group, deputy=deputy, role=role, starts_on=self.term.starts_on)
                )
        GroupSeat.objects.bulk_create(seats)

    def _committees(self, deputies: list[Deputy]) -> None:
        units = Unit.objects.filter(
            kind__in=[Unit.Kind.SPECIAL_COMMITTEE, Unit.Kind.WORKING_COMMITTEE]
        )
        seats, pool = [], iter(self.chance.sample(deputies, min(len(deputies), 60)))
        for unit in units:
            for i, deputy in enumerate(islice(pool, 7)):
                title = {0: "主任委员", 1: "副主任委员"}.get(i, "委员")
                seats.append(
                    CommitteeSeat(
                        unit=unit, deputy=deputy, title=title, starts_on=self.term.starts_on
                    )
                )
        CommitteeSeat.objects.bulk_create(seats)

    def logins(self) -> None:
        """One account for every role, one for each street, and one for each own deputy."""
        key = self.congress.key
        self._members(
            (f"{key}-{login}", role, next(self.people).name, unit)
            for login, role, unit in self._staff()
        )
        own = Mandate.objects.filter(level=self.own_level, ends_on=None)
        deputies = [m.deputy for m in own.select_related("deputy").order_by("position")]
        members = self._members(
            (f"{key}-d{i:03}", Role.DEPUTY, d.name, None) for i, d in enumerate(deputies, start=1)
        )
        for deputy, member in zip(deputies, members, strict=True):
            deputy.membership = member
            member.user.mobile_index = deputy.phone_index
        Deputy.objects.bulk_update(deputies, ["membership"], batch_size=200)
        User.objects.bulk_update([m.user for m in members], ["mobile_index"], batch_size=200)

    def _staff(self) -> Iterable[tuple[str, str, Unit | None]]:
        units = list(Unit.objects.all())
        named = {u.short_name: u for u in units}
        taken = set()
        for login, role, short in STAFF if self.streets else TOWN_STAFF:
            unit = self.streets[0] if short is None else named.get(short)
            unit = unit or named.get(f"{self.place.letter}{short}")
            taken.add(unit)
            yield login, role, unit
        for i, street in enumerate(self.streets[1:], start=2):
            yield f"street{i}", Role.STREET, street
        kinds = {
            "unit": (Role.HANDLING_UNIT, (Unit.Kind.HANDLING_UNIT,)),
            "committee": (Role.COMMITTEE, COMMITTEES),
        }
        for login, (role, of_kind) in kinds.items():
            others = [u for u in units if u.kind in of_kind and u not in taken]
            for i, unit in enumerate(others, start=2):
                yield f"{login}{i}", role, unit
        for i in range(2, 5 if self.streets else 2):
            yield f"chair{i}", Role.CHAIR, None

    def _members(self, people: Iterable[tuple[str, str, str, Unit | None]]) -> list[Membership]:
        people = list(people)
        password = make_password(DEMO_PASSWORD)
        users = User.objects.bulk_create(
            User(login_name=login, password=password, must_change_password=False)
            for login, *_ in people
        )
        return Membership.objects.bulk_create(
            Membership(user=user, role=role, name=name, unit=unit)
            for user, (_, role, name, unit) in zip(users, people, strict=True)
        )
