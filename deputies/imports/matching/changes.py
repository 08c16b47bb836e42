"""What a line would change of its person: the file, the seat, groups and committees."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from congress.models import Term

from ...models import DeputyGroup, GroupSeat, Mandate
from ..columns import SECRET, TITLES
from ..registry import Registry
from .rows import MASKS, PERSONAL, SEAT_PLACES, Row, Wrong

GROUP_ROLES = {r.label: r.value for r in GroupSeat.Role} | {"成员": GroupSeat.Role.MEMBER.value}


@dataclass(frozen=True)
class Changes:
    """What a roster is compared with, and what is taken where it says nothing."""

    registry: Registry
    starts_on: dt.date
    terms: Sequence[Term]
    own_level: str

    def plan(self, row: Row, places: dict[str, Any]) -> None:
        """Write into the row all that it would change. Raises Wrong for what cannot be."""
        self._personal(row)
        self._seat(row, places)
        self._groups(row, places)
        self._committees(row, places)

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
                    raise Wrong(key, "隐藏的号码与登记的不一致，请填完整号码或留空")
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
                raise Wrong(
                    "starts_on" if given else "name",
                    f"已有 {other.starts_on.isoformat()} 起的{label}职务，日期重叠。"
                    "届满或离任请先在代表页面办理",
                )
        if ends and ends < starts:
            raise Wrong("ends_on", "任职止早于任职起，请核对")
        if ends and "end_reason" not in values:
            raise Wrong("ends_on", "写了任职止，还要写离任原因")
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
            raise Wrong("ends_on", "离任请在代表页面办理：要写明日期和依据文件")
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
                raise Wrong("group", f"小组职务“{office}”不认识，请填组长、副组长、联络员或组员")
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
