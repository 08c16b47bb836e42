"""The cast: two congresses with the same people in the same roles.

`make_congress("binhai", "滨海区")` gives a Congress; inside it `member(congress, Role.STREET)`
finds the person of a role. Streets: 东湖街道 (the street member's own) and 西园街道.
"""

import datetime as dt

from django.contrib.auth.hashers import make_password

from congress.models import Congress, Membership, Role, Term, Unit, User
from congress.tenancy import in_congress

PASSWORD = "Binhai-2026-abc"
PEOPLE = {
    Role.SYSTEM_ADMIN: "许系统",
    Role.SECURITY_ADMIN: "安全明",
    Role.AUDIT_ADMIN: "申计清",
    Role.DEPUTY_AFFAIRS: "代玉珍",
    Role.COMMITTEE: "钟委员",
    Role.STREET: "街东湖",
    Role.CHAIR: "朱仁民",
    Role.GOVERNMENT_OFFICE: "郑府办",
    Role.HANDLING_UNIT: "程办理",
    Role.STATION_LIAISON: "连络生",
    Role.DEPUTY: "代表甲",
}
UNITS = (
    ("代表工作委员会", "代工委", Unit.Kind.DEPUTY_AFFAIRS),
    ("东湖街道工作委员会", "东湖街道", Unit.Kind.STREET_COMMITTEE),
    ("西园街道工作委员会", "西园街道", Unit.Kind.STREET_COMMITTEE),
    ("财政经济委员会", "财经委", Unit.Kind.SPECIAL_COMMITTEE),
    ("人民政府办公室", "政府办", Unit.Kind.GOVERNMENT_OFFICE),
    ("住房和城乡建设局", "住建局", Unit.Kind.HANDLING_UNIT),
)
UNIT_OF_ROLE = {
    Role.DEPUTY_AFFAIRS: "代工委",
    Role.STREET: "东湖街道",
    Role.COMMITTEE: "财经委",
    Role.GOVERNMENT_OFFICE: "政府办",
    Role.HANDLING_UNIT: "住建局",
}


def make_congress(key: str, place: str) -> Congress:
    """A congress with units, one term and one person per role (login `<key>-<role>`)."""
    congress = Congress.objects.create(
        key=key,
        level=Congress.Level.COUNTY,
        name=f"{place}人民代表大会",
        standing_committee_name=f"{place}人民代表大会常务委员会",
        short_name=f"{place}人大",
    )
    with in_congress(congress):
        Term.objects.create(number=19, name="第十九届", starts_on=dt.date(2022, 1, 10))
        units = Unit.objects.bulk_create(
            Unit(name=place + name, short_name=short, kind=kind, position=position)
            for position, (name, short, kind) in enumerate(UNITS)
        )
        of_name = {unit.short_name: unit for unit in units}
        # A second pair of eyes: two people are needed wherever one may not confirm alone.
        people = [(role, name, role.value) for role, name in PEOPLE.items()]
        people.append((Role.DEPUTY_AFFAIRS, "副主任", "deputy_affairs2"))
        password = make_password(PASSWORD)
        users = User.objects.bulk_create(
            User(login_name=f"{key}-{login}", password=password, must_change_password=False)
            for _, _, login in people
        )
        Membership.objects.bulk_create(
            Membership(user=user, name=name, role=role, unit=of_name.get(UNIT_OF_ROLE.get(role)))
            for user, (role, name, _) in zip(users, people, strict=True)
        )
    return congress


def add_member(congress: Congress, role: Role, name: str, login: str = "", unit: str = ""):
    """One more person of a role in the open congress."""
    user = User.objects.create_user(
        f"{congress.key}-{login or role.value}", PASSWORD, must_change_password=False
    )
    short = unit or UNIT_OF_ROLE.get(role)
    return Membership.objects.create(
        user=user, name=name, role=role, unit=Unit.objects.get(short_name=short) if short else None
    )


def member(congress: Congress, role: Role) -> Membership:
    """The person of a role (the first of them)."""
    with in_congress(congress):
        return (
            Membership.objects.select_related("user", "unit", "congress")
            .filter(role=role)
            .order_by("pk")
            .first()
        )


def second(congress: Congress) -> Membership:
    """The second person of 代工委."""
    with in_congress(congress):
        return (
            Membership.objects.select_related("user", "unit", "congress")
            .filter(role=Role.DEPUTY_AFFAIRS)
            .order_by("pk")[1]
        )
