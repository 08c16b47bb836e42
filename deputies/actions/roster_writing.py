"""Writing a roster's lines, many at a time; what was written is kept for the undoing."""

from collections import defaultdict
from datetime import timedelta
from itertools import chain
from typing import Any

from django.utils import timezone

from congress.models import Membership

from ..imports.columns import SECRET
from ..imports.matching import Checked, Outcome, Row
from ..imports.registry import MADE
from ..models import (
    CommitteeSeat,
    Deputy,
    GroupSeat,
    Mandate,
    MandateEvent,
    RosterBatch,
    RosterRow,
)
from .files import PERSONAL, fill
from .undoing import fingerprints, plain

KEYS = ("name_key", "initials", "id_number_index", "phone_index", "updated_at")
Kind = MandateEvent.Kind


def write_rows(
    batch: RosterBatch, checked: Checked, rows: list[RosterRow], *, by: Membership
) -> tuple[list[RosterRow], dict[str, list[int]]]:
    """Carry out the new and changed lines of a checked roster in a fixed number of queries.
    Gives the rows with what was done, and the ids of new places by kind."""
    pairs = [
        (line, row)
        for line, row in zip(checked.rows, rows, strict=True)
        if line.outcome in (Outcome.NEW, Outcome.CHANGED)
    ]
    for _, row in pairs:
        row.done = {"made": {}, "before": {}}
    made = _places(checked, [line for line, _ in pairs])
    _people(pairs)
    _seats(batch, pairs, by)
    _groups(pairs)
    _committees(pairs)
    stamps = fingerprints({line.deputy.pk for line, _ in pairs})
    for line, row in pairs:
        row.deputy_id = line.deputy.pk
        row.done["stamp"] = stamps[line.deputy.pk]
    return rows, made


def _places(checked: Checked, lines: list[Row]) -> dict[str, list[int]]:
    """Make only the places that a written line names."""
    named = {id(p) for line in lines for p in chain(
        line.new_seat.values(), line.seat_changes.values(), (g for g, _ in line.groups)
    )}  # fmt: skip
    made = {}
    for kind, model in MADE.items():
        new = [p for p in checked.new_places[kind].values() if id(p) in named]
        if new:
            made[kind] = [p.pk for p in model.objects.bulk_create(new)]
    return made


def _people(pairs: list[tuple[Row, RosterRow]]) -> None:
    new: dict[int, tuple[Deputy, RosterRow]] = {}
    changed: dict[int, Deputy] = {}
    fields: dict[int, set[str]] = defaultdict(set)
    for line, row in pairs:
        person = line.person
        if person.deputy is None:
            person.deputy = fill(Deputy(), {k: person.values.get(k, "") for k in PERSONAL})
            new[id(person)] = (person.deputy, row)
        elif line.personal and id(person) not in new:
            deputy = person.deputy
            # Several lines of one person may say the same: the first one's "before" is true.
            keys = [k for k in line.personal if k not in fields[deputy.pk]]
            before = {k: getattr(deputy, k) for k in keys}
            row.done["before"]["personal"] = {k: v for k, v in before.items() if k not in SECRET}
            kept = {k: v for k, v in before.items() if k in SECRET}
            row.secrets_before = plain(kept) if kept else ""
            fill(deputy, {k: line.personal[k] for k in keys})
            deputy.updated_at = timezone.now()
            fields[deputy.pk] |= set(keys)
            changed[deputy.pk] = deputy
    Deputy.objects.bulk_create([d for d, _ in new.values()], batch_size=1000)
    for deputy, row in new.values():
        row.done["made"]["deputy"] = deputy.pk
    if changed:
        columns = set(chain.from_iterable(fields.values())) | set(KEYS)
        Deputy.objects.bulk_update(changed.values(), columns, batch_size=500)


def _seats(batch: RosterBatch, pairs: list[tuple[Row, RosterRow]], by: Membership) -> None:
    today = timezone.localdate()
    new, moved, fields = [], [], set()
    events: list[tuple[MandateEvent, RosterRow]] = []
    for line, row in pairs:
        if line.new_seat:
            seat = Mandate(deputy=line.person.deputy, **line.new_seat)
            new.append((seat, row))
            by_election = seat.start_reason == Mandate.Start.BY_ELECTION
            kind = Kind.BY_ELECTED if by_election else Kind.ELECTED
            events.append((_event(seat, kind, seat.starts_on, batch, by, ""), row))
        elif line.seat_changes:
            seat = line.seat
            row.done["before"]["seat"] = {"pk": seat.pk} | {
                _column(k): getattr(seat, _column(k)) for k in line.seat_changes
            }
            places = {"constituency", "delegation", "street"} & set(line.seat_changes)
            for key, value in line.seat_changes.items():
                setattr(seat, key, value)
            fields |= set(line.seat_changes)
            moved.append(seat)
            if places:
                said = "；".join(
                    f"{old or '无'}→{new_}" for title, (old, new_) in line.changes.items()
                    if title in _PLACE_TITLES
                )  # fmt: skip
                on = max(today, seat.starts_on)
                events.append((_event(seat, Kind.MOVED, on, batch, by, said), row))
    Mandate.objects.bulk_create([s for s, _ in new], batch_size=1000)
    for seat, row in new:
        row.done["made"]["mandate"] = seat.pk
    if moved:
        Mandate.objects.bulk_update(moved, fields, batch_size=500)
    for event, _ in events:
        event.mandate_id = event.mandate.pk
    MandateEvent.objects.bulk_create([e for e, _ in events], batch_size=1000)
    for event, row in events:
        row.done["made"]["event"] = event.pk


_PLACE_TITLES = {"选区（选举单位）", "代表团", "所在街道（镇）"}


def _column(key: str) -> str:
    return f"{key}_id" if key in ("constituency", "delegation", "street", "term") else key


def _event(seat, kind, on, batch, by, note) -> MandateEvent:
    return MandateEvent(
        mandate=seat,
        kind=kind,
        on=on,
        document=batch.document,
        note=(note or "名册导入")[:300],
        by=by,
    )


def _groups(pairs: list[tuple[Row, RosterRow]]) -> None:
    today = timezone.localdate()
    new, ended, roles = [], [], []
    for line, row in pairs:
        since = line.new_seat["starts_on"] if line.new_seat else today
        for group, role in line.groups:
            new.append(
                (GroupSeat(group=group, deputy=line.person.deputy, role=role, starts_on=since), row)
            )
        for seat in line.group_ends:
            row.done["before"].setdefault("group_ends", []).append(seat.pk)
            seat.ends_on = max(seat.starts_on, since - timedelta(days=1))
            ended.append(seat)
        for seat, role in line.group_roles:
            row.done["before"].setdefault("group_roles", {})[str(seat.pk)] = seat.role
            seat.role = role
            roles.append(seat)
    _change(GroupSeat, ended, ["ends_on"])
    _change(GroupSeat, roles, ["role"])
    _make(GroupSeat, new, "group_seats")


def _committees(pairs: list[tuple[Row, RosterRow]]) -> None:
    today = timezone.localdate()
    new, titles = [], []
    for line, row in pairs:
        since = line.new_seat["starts_on"] if line.new_seat else today
        for unit, title in line.committees:
            seat = CommitteeSeat(
                unit=unit, deputy=line.person.deputy, title=title[:30], starts_on=since
            )
            new.append((seat, row))
        for seat, title in line.committee_titles:
            row.done["before"].setdefault("titles", {})[str(seat.pk)] = seat.title
            seat.title = title[:30]
            titles.append(seat)
    _change(CommitteeSeat, titles, ["title"])
    _make(CommitteeSeat, new, "committee_seats")


def _make(model, new: list[tuple[Any, RosterRow]], word: str) -> None:
    model.objects.bulk_create([s for s, _ in new], batch_size=1000)
    by_row: dict[int, list[int]] = defaultdict(list)
    for seat, row in new:
        by_row[id(row)].append(seat.pk)
        row.done["made"][word] = by_row[id(row)]


def _change(model, rows: list, fields: list[str]) -> None:
    if rows:
        model.objects.bulk_update(rows, fields, batch_size=500)
