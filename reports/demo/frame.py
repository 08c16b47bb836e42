"""The demo's frame: sittings, meetings and units of one congress."""

import datetime as dt
from collections.abc import Iterator

from congress.holidays import work_calendar
from congress.models import Congress, Meeting, Sitting, Term, Unit
from congress.rules import is_working_day
from congress.words import cn_number
from notices.models import Channel, Way

from . import places
from .places import Place

Kind = Unit.Kind
STARTS_ON = dt.date(2022, 1, 12)
YEARS = (2022, 2023, 2024, 2025, 2026)


def build_frame(place: Place) -> None:
    """Term, sittings, meetings and units of the open congress; mail and SMS on trial, so that the
    outbox shows what would have been sent."""
    term = Term.objects.get()
    days = 3 if place.level == Congress.Level.COUNTY else 0
    for number, year in enumerate(YEARS, start=1):
        opens = dt.date(year, 1, 12)
        Sitting.objects.create(
            term=term,
            number=number,
            opens_on=opens,
            closes_on=opens + dt.timedelta(days=days),
            name=f"第{cn_number(number)}次会议",
        )
    Meeting.objects.bulk_create(_meetings(bool(days)))
    Unit.objects.bulk_create(_units(place))
    Channel.objects.bulk_create(Channel(kind=way, mode=Channel.Mode.TRIAL) for way in Way)


def _meetings(county: bool) -> Iterator[Meeting]:
    """Two years of meetings and this one's until October, numbered on through the term."""
    kind = Meeting.Kind
    own, word = (kind.STANDING_COMMITTEE, "常委会") if county else (kind.PRESIDIUM, "主席团")
    number, calendar = 10, work_calendar()

    def held(day: dt.date) -> dt.date:
        while not is_working_day(day, calendar):
            day -= dt.timedelta(days=1)
        return day

    for year in YEARS[2:]:
        for month in range(1, 11, 1 if county else 3):
            number += 1
            title = f"{word}第{cn_number(number)}次会议"
            yield Meeting(
                kind=own, number=number, title=title, held_on=held(dt.date(year, month, 24))
            )
            if county:
                title = f"主任会议第{cn_number(number)}次会议"
                held_on = held(dt.date(year, month, 18))
                yield Meeting(kind=kind.CHAIRPERSONS, number=number, title=title, held_on=held_on)


def _units(place: Place) -> Iterator[Unit]:
    rows = _town_units(place) if place.level == Congress.Level.TOWNSHIP else _county_units(place)
    for position, (name, short, kind) in enumerate(rows, start=1):
        yield Unit(kind=kind, name=name, short_name=short, position=position * 10)


def _county_units(place: Place) -> Iterator[tuple[str, str, str]]:
    standing = f"{place.name}人民代表大会常务委员会"
    yield f"{standing}办公室", "办公室", Kind.ORGAN
    yield f"{standing}代表工作委员会", "代工委", Kind.DEPUTY_AFFAIRS
    for name, short, kind in places.COMMITTEES:
        yield f"{place.name}人民代表大会{name}", short, kind
    for street in place.streets:
        if street.endswith("街道"):
            yield f"{standing}{street}工作委员会", street, Kind.STREET_COMMITTEE
        else:
            yield f"{place.name}{street}人民代表大会主席团", street, Kind.TOWN_PRESIDIUM
    yield f"{place.name}人民政府办公室", "政府办", Kind.GOVERNMENT_OFFICE
    for name, short in places.HANDLING:
        yield f"{place.name}{name}", place.letter + short, Kind.HANDLING_UNIT


def _town_units(place: Place) -> Iterator[tuple[str, str, str]]:
    yield f"{place.name}人民代表大会办公室", "人大办", Kind.DEPUTY_AFFAIRS
    yield f"{place.name}人民政府办公室", "政府办", Kind.GOVERNMENT_OFFICE
    for name, short in places.TOWN_HANDLING:
        yield f"{place.name}{name}", short, Kind.HANDLING_UNIT
