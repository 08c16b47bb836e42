"""Loading the demo: all of it or nothing, the same at every load."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from congress.models import Congress, Membership, Role, Unit
from congress.tenancy import in_congress

from .frame import build_frame
from .places import PLACES, Place
from .registry import DEMO_PASSWORD, STAFF, Registry

STAGES = ("fresh", "mid-year", "year-end")
Say = Callable[[str], Any]


def is_loaded() -> bool:
    """Whether the demo's congresses are there."""
    return Congress.objects.filter(key__in=[p.key for p in PLACES]).exists()


@transaction.atomic
def load(stage: str, say: Say) -> None:
    """Make the demo's congresses and what happened in them until `stage`; `say` is told of
    every part."""
    made: dict[str, Congress] = {}
    for place in PLACES:
        congress = made[place.key] = _create(place, made.get(place.parent))
        with in_congress(congress):
            build_frame(place)
            registry = Registry(congress, place)
            registry.build()
            registry.logins()
        say(f"{place.name}: units, {place.own} deputies, logins")


def _create(place: Place, parent: Congress | None) -> Congress:
    owner = parent.short_name.removesuffix("人大") if parent else ""
    name = f"{owner}{place.name}人民代表大会"
    town = place.level == Congress.Level.TOWNSHIP
    return Congress.objects.create(
        key=place.key,
        level=place.level,
        parent=parent,
        name=name,
        standing_committee_name=name + ("主席团" if town else "常务委员会"),
        short_name=f"{place.name}人大",
    )


def accounts(congress: Congress) -> list[tuple[str, str, str]]:
    """One account of every role of a demo congress: (role with unit, login, password)."""
    found = []
    with in_congress(congress):
        members = Membership.objects.select_related("user", "unit")
        logins = [f"{congress.key}-{login}" for login, _, _ in STAFF] + [f"{congress.key}-d001"]
        known = {m.user.login_name: m for m in members.filter(user__login_name__in=logins)}
        for login in logins:
            if member := known.get(login):
                found.append((_words(member), login, DEMO_PASSWORD))
    return found


def _words(member: Membership) -> str:
    unit: Unit | None = member.unit
    role = Role(member.role).label
    return f"{role}（{unit.short_name}）" if unit and unit.short_name != role else role
