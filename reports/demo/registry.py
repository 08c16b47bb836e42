"""The demo's registry: units, deputies of every level, groups, committees, logins."""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import islice

from django.contrib.auth.hashers import make_password

from congress.crypto import blind_index
from congress.models import Congress, Meeting, Membership, Role, Sitting, Term, Unit, User
from congress.names import initials, pinyin_key
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

Level = Mandate.Level
DEMO_PASSWORD = "Renda-2026-demo"

STAFF = (
    ("system", Role.SYSTEM_ADMIN, "系统管理员", ""),
    ("security", Role.SECURITY_ADMIN, "安全管理员", ""),
    ("audit", Role.AUDIT_ADMIN, "审计管理员", ""),
    ("clerk", Role.DEPUTY_AFFAIRS, "代工委工作人员", "代工委"),
    ("chief", Role.DEPUTY_AFFAIRS, "代工委主任", "代工委"),
    ("committee", Role.COMMITTEE, "专委会工作人员", None),
    ("street", Role.STREET, "街道工委工作人员", None),
    ("chair", Role.CHAIR, "常委会副主任", ""),
    ("govoffice", Role.GOVERNMENT_OFFICE, "政府办工作人员", "政府办"),
    ("unit", Role.HANDLING_UNIT, "承办单位工作人员", None),
    ("station", Role.STATION_LIAISON, "站点联络员", ""),
)


def build_frame(congress: Congress, place: str, streets: tuple[str, ...], town: bool) -> None:
    """Term, sittings, meetings and units of the open congress."""
    number = 19 if congress.level == Congress.Level.COUNTY else 18
    term = Term.objects.create(
        number=number,
        name=f"第{'十九' if number == 19 else '十八'}届",
        starts_on=dt.date(2022, 1, 12),
    )
    for sitting, year in enumerate((2022, 2023, 2024, 2025, 2026), start=1):
        opens = dt.date(year, 1, 12)
        Sitting.objects.create(
            term=term,
            number=sitting,
            opens_on=opens,
            closes_on=opens + dt.timedelta(days=3),
            name=f"{place}第{term.name[1:]}人民代表大会第{'一二三四五'[sitting - 1]}次会议",
        )
    for number in range(1, 11):
        Meeting.objects.create(
            kind=Meeting.Kind.STANDING_COMMITTEE,
            number=24 + number,
            title=f"常委会第{24 + number}次会议",
            held_on=dt.date(2026, number, 24),
        )
    Unit.objects.bulk_create(_units(place, streets, town))


def _units(place: str, streets: tuple[str, ...], town: bool) -> Iterator[Unit]:
    Kind = Unit.Kind
    rows = [
        (f"{place}人民代表大会常务委员会办公室", "办公室", Kind.ORGAN),
        (f"{place}人民代表大会常务委员会代表工作委员会", "代工委", Kind.DEPUTY_AFFAIRS),
    ]
    rows += [(f"{place}人民代表大会{name}", short, kind) for name, short, kind in places.COMMITTEES]
    for street in streets:
        if town and not street.endswith("街道"):
            rows.append((f"{street}人民代表大会主席团", street, Kind.TOWN_PRESIDIUM))
        else:
            name = street if street.endswith("街道") else f"{street}街道"
            rows.append((f"{place}人大常委会{name}工作委员会", name, Kind.STREET_COMMITTEE))
    letter = "市" if place.endswith("市") else "区"
    rows.append((f"{place}人民政府办公室", "政府办", Kind.GOVERNMENT_OFFICE))
    rows += [(f"{place}{name}", letter + name[:6], Kind.HANDLING_UNIT) for name in places.HANDLING]
    for position, (name, short, kind) in enumerate(rows):
        yield Unit(kind=kind, name=name, short_name=short, position=position * 10)


class Registry:
    """Builds the people of one congress; remembers what later parts need."""

    def __init__(self, congress: Congress, place: str, seed: int):
        self.congress, self.place, self.seed = congress, place, seed
        self.chance = random.Random(seed)
        self.people = invent(seed, place.rstrip("区市镇"))
        self.term = Term.objects.first()
        self.streets = list(
            Unit.objects.filter(kind__in=[Unit.Kind.STREET_COMMITTEE, Unit.Kind.TOWN_PRESIDIUM])
        )

    def build(self, own: int, others: dict[str, int], council: int) -> None:
        """`own` deputies of the congress's own level, `others` living there by level, and
        `council` street council members."""
        self.delegations = Delegation.objects.bulk_create(
            Delegation(name=name, position=i) for i, name in enumerate(places.DELEGATIONS)
        )
        self.constituencies = Constituency.objects.bulk_create(
            Constituency(
                name=f"第{i + 1}选区",
                position=i,
                seats=2 + i % 3,
                street=self.streets[i % len(self.streets)] if self.streets else None,
            )
            for i in range(max(8, own // 3))
        )
        own_level = (
            Level.TOWNSHIP if self.congress.level == Congress.Level.TOWNSHIP else Level.COUNTY
        )
        deputies = self._seats(own, own_level)
        for level, count in others.items():
            self._seats(count, level)
        if council:
            self._seats(council, Level.STREET_COUNCIL)
        self._events(own_level)
        self._groups(deputies)
        self._committees(deputies)

    def _seats(self, count: int, level: str) -> list[Deputy]:
        """Deputies with one seat each, spread over streets and delegations."""
        people = list(islice(self.people, count))
        deputies = Deputy.objects.bulk_create(self._deputy(p) for p in people)
        own = level in (Level.COUNTY, Level.TOWNSHIP)
        letter = {
            "national": "全",
            "provincial": "省",
            "city": "市",
            "county": "区",
            "township": "镇",
            "street_council": "议",
        }[level]
        mandates = []
        for i, deputy in enumerate(deputies):
            place = self.constituencies[i % len(self.constituencies)]
            mandates.append(
                Mandate(
                    deputy=deputy,
                    level=level,
                    term=self.term if own else None,
                    constituency=place if own else None,
                    delegation=self.delegations[i * len(self.delegations) // count]
                    if own
                    else None,
                    street=self.streets[i * len(self.streets) // count] if self.streets else None,
                    number=f"{letter}19{i + 1:04}",
                    position=i + 1,
                    starts_on=self.term.starts_on,
                )
            )
        mandates = Mandate.objects.bulk_create(mandates)
        MandateEvent.objects.bulk_create(
            MandateEvent(
                mandate=m,
                kind=MandateEvent.Kind.ELECTED,
                on=m.starts_on,
                document="换届选举结果公告",
            )
            for m in mandates
        )
        return deputies

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

    def _events(self, level: str) -> None:
        """What happens in a term: a resignation, a by-election in its place, a suspension."""
        Kind = MandateEvent.Kind
        seats = list(Mandate.objects.filter(level=level).order_by("position"))
        if len(seats) < 40:
            return
        for seat, on in zip(
            seats[30:33],
            (dt.date(2025, 6, 27), dt.date(2026, 4, 29), dt.date(2026, 8, 28)),
            strict=True,
        ):
            seat.ends_on, seat.end_reason = on, Mandate.End.RESIGNED
            seat.save()
            MandateEvent.objects.create(
                mandate=seat, kind=Kind.RESIGNED, on=on, document="常委会接受辞职的决定"
            )
        for seat, on in zip(
            seats[-3:],
            (dt.date(2025, 9, 20), dt.date(2026, 5, 28), dt.date(2026, 9, 18)),
            strict=True,
        ):
            MandateEvent.objects.filter(mandate=seat)
            seat.starts_on, seat.start_reason = on, Mandate.Start.BY_ELECTION
            seat.save()
            MandateEvent.objects.create(
                mandate=seat, kind=Kind.BY_ELECTED, on=on, document="补选结果公告"
            )
        held = seats[50]
        MandateEvent.objects.create(
            mandate=held,
            kind=Kind.SUSPENDED,
            on=dt.date(2026, 7, 6),
            document="暂停执行代表职务的公告",
        )

    def _groups(self, deputies: list[Deputy]) -> None:
        groups = [
            DeputyGroup(
                name=f"{s.short_name}代表小组", kind=DeputyGroup.Kind.STREET, street=s, position=i
            )
            for i, s in enumerate(self.streets)
        ]
        groups += [
            DeputyGroup(
                name=f"{name}专业代表小组", kind=DeputyGroup.Kind.PROFESSIONAL, position=50 + i
            )
            for i, name in enumerate(places.GROUPS)
        ]
        groups = DeputyGroup.objects.bulk_create(groups)
        of_street = {g.street_id: g for g in groups if g.street_id}
        seats, counts = [], {}
        street_of = dict(
            Mandate.objects.filter(deputy__in=deputies, ends_on=None).values_list(
                "deputy_id", "street_id"
            )
        )
        professional = [g for g in groups if not g.street_id]
        for deputy in deputies:
            chosen = (
                [of_street[street_of[deputy.pk]]] if street_of.get(deputy.pk) in of_street else []
            )
            if self.chance.random() < 0.35:
                chosen.append(self.chance.choice(professional))
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
        """One account for every role, one for each street, and every own deputy's."""
        units = {u.short_name: u for u in Unit.objects.all()}
        kinds = {
            Role.COMMITTEE: Unit.Kind.SPECIAL_COMMITTEE,
            Role.HANDLING_UNIT: Unit.Kind.HANDLING_UNIT,
        }
        staff = []
        for login, role, _title, short in STAFF:
            if role == Role.STREET:
                unit = self.streets[0] if self.streets else None
            elif role in kinds:
                unit = next(u for u in units.values() if u.kind == kinds[role])
            else:
                unit = units.get(short)
            if role == Role.STREET and unit is None:
                continue
            staff.append((login, role, next(self.people).name, unit))
        for i, street in enumerate(self.streets[1:], start=2):
            staff.append((f"street{i}", Role.STREET, next(self.people).name, street))
        self._members(
            (f"{self.congress.key}-{login}", role, name, unit) for login, role, name, unit in staff
        )
        own = (
            Mandate.objects.filter(level__in=[Level.COUNTY, Level.TOWNSHIP])
            .select_related("deputy")
            .order_by("position")
        )
        deputies = [m.deputy for m in own]
        members = self._members(
            (f"{self.congress.key}-d{i:03}", Role.DEPUTY, d.name, None)
            for i, d in enumerate(deputies, start=1)
        )
        for deputy, member in zip(deputies, members, strict=True):
            deputy.membership = member
        Deputy.objects.bulk_update(deputies, ["membership"], batch_size=200)

    def _members(self, people) -> list[Membership]:
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
