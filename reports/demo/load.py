"""Loading the demo: the same at every load."""

import multiprocessing
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connections

from congress import outbox
from congress.actions import create_congress
from congress.models import Congress, Job, Membership, Role, Unit
from congress.tenancy import in_congress

from .frame import STARTS_ON, build_frame
from .places import PLACES, Place
from .registry import DEMO_PASSWORD, STAFF, Registry
from .year import Story

STAGES = ("fresh", "mid-year", "year-end")
Say = Callable[[str], Any]


def is_loaded() -> bool:
    """Whether the demo's congresses are there, with everything in them."""
    keys = [p.key for p in PLACES]
    return Congress.objects.filter(key__in=keys, settings__has_key="demo").count() == len(keys)


def load(stage: str, say: Say, side_by_side: bool = False) -> None:
    """Make the demo's congresses and what happened in them until `stage`; `say` is told of
    every part. Each part is a transaction; the demo counts as loaded with the last of them.

    `side_by_side`: the largest place and the others in a process each, for a command that runs
    alone; not inside a transaction. Raises RuntimeError when one of them failed.
    """
    made: dict[str, Congress] = {}
    for place in PLACES:
        congress = made[place.key] = _create(place, made.get(place.parent))
        with in_congress(congress):
            build_frame(place)
            registry = Registry(congress, place)
            registry.build()
            registry.logins()
        say(f"{place.name}: units, {place.own} deputies, logins")
    told: list[list[Callable[[], None]]] = [[], []]  # the largest place, and all others
    for place in PLACES:
        congress = made[place.key]
        if stage == "fresh":
            with in_congress(congress):
                Story(congress, place, stage).papers.begin()
        else:
            part = partial(_tell, congress, place, stage, say)
            told[place.key != PLACES[0].key].append(part)
    _carry_out(told, side_by_side)
    Congress.objects.filter(pk__in=[c.pk for c in made.values()]).update(settings={"demo": stage})


def _tell(congress: Congress, place: Place, stage: str, say: Say) -> None:
    with in_congress(congress):
        chapters = Story(congress, place, stage).chapters(say)
        waiting = list(chapters)
    for chapter in waiting:
        with in_congress(congress):
            chapter()
        finish_jobs(congress)


def _carry_out(groups: list[list[Callable[[], None]]], side_by_side: bool) -> None:
    """The parts of each group in their order."""

    def one(parts: list[Callable[[], None]]) -> None:
        for part in parts:
            part()

    if not side_by_side:
        return one([part for group in groups for part in group])
    connections.close_all()  # a connection is never shared by two processes
    forked = multiprocessing.get_context("fork")
    started = [forked.Process(target=one, args=(group,)) for group in groups if group]
    for process in started:
        process.start()
    for process in started:
        process.join()
    if any(process.exitcode for process in started):
        raise RuntimeError("a part of the demo could not be loaded; see above")


def finish_jobs(congress: Congress) -> None:
    """Carry out what a part has begun in the background."""
    with in_congress(congress):
        waiting = Job.objects.filter(done_at=None, failed_at=None).order_by("pk")
        ids = list(waiting.values_list("pk", flat=True))
    for pk in ids:
        outbox.run(congress.pk, pk)


def _create(place: Place, parent: Congress | None) -> Congress:
    owner = parent.short_name.removesuffix("人大") if parent else ""
    name = f"{owner}{place.name}人民代表大会"
    town = place.level == Congress.Level.TOWNSHIP
    return create_congress(
        key=place.key,
        level=place.level,
        parent=parent,
        name=name,
        standing_committee_name=name + ("主席团" if town else "常务委员会"),
        short_name=f"{place.name}人大",
        term_number=place.term,
        term_starts_on=STARTS_ON,
        with_units=False,
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
