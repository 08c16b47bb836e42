"""What an edition will say: its rows in order, figures, and how it was counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from congress.tenancy import current_congress
from congress.words import cn_day
from deputies.models import GroupSeat, MandateEvent

from ...models import Publication, TallyTotal
from ...rules import band_of
from ...rules.publications import Result, figures, held_grade, places
from ..counts import place
from ..trees import rule_tree, scale_of
from .corrections import corrections_of
from .explaining import explanation
from .points import exact

ZERO = Decimal(0)
NOBODYS = "未编入"
Column, Partition = Publication.Column, Publication.Partition


@dataclass
class Snapshot:
    """Everything an edition says: rows in order, figures, how it was counted."""

    rows: list[Result]
    figures: dict[str, Any]
    explanation: dict[str, Any]

    def part(self, name: str) -> list[Result]:
        return [row for row in self.rows if row.part == name]


def ranking_is_on() -> bool:
    """Whether this congress has decided to rank its deputies (off by default)."""
    return bool(current_congress().settings.get("ranking"))


def snapshot(publication: Publication) -> Snapshot:
    """The rows of an edition from its tally and the corrections after the lock, in words and
    figures as they stand now. A constant number of queries."""
    version = publication.tally.version
    root, (bands, gates) = rule_tree(version), scale_of(version)
    leaves = [rule for rule in root.walk() if rule.is_leaf]
    totals = list(
        TallyTotal.objects.filter(tally=publication.tally).select_related(
            "deputy", "mandate__delegation", "mandate__constituency", "mandate__deputy"
        )
    )
    changes = corrections_of(publication)
    notes, groups = _notes(publication, totals), _groups(publication)
    unplaced: list[tuple[tuple, dict]] = []
    for row in totals:
        total, aspects = row.total, {k: Decimal(v) for k, v in row.aspects.items()}
        items = {leaf.key: Decimal(row.lines.get(leaf.key, ["0"])[0]) for leaf in leaves}
        days, grade = row.days, row.band
        for change in changes.get(row.deputy_id, ()):
            key, points = change.node.key, change.points
            total, days = total + points, max(0, days + change.days)
            items[key] = items.get(key, ZERO) + points
            aspect = next((leaf.aspect for leaf in leaves if leaf.key == key), "")
            aspects[aspect] = aspects.get(aspect, ZERO) + points
        if row.deputy_id in changes and bands:
            grade = held_grade(band_of(total, bands), row.gates, bands, gates)
        seat = row.mandate
        part, part_place = _part(publication, seat, groups.get(row.deputy_id))
        unplaced.append(
            (
                (part_place, part, place(seat)),
                {
                    "deputy_id": row.deputy_id,
                    "part": part,
                    "name": row.deputy.name,
                    "delegation": seat.delegation.name if seat.delegation else "",
                    "group": groups[row.deputy_id].name if row.deputy_id in groups else "",
                    "constituency": seat.constituency.name if seat.constituency else "",
                    "note": notes.get(row.deputy_id, ""),
                    "total": total,
                    "aspects": {k: exact(v) for k, v in aspects.items()},
                    "items": {k: exact(v) for k, v in items.items() if v},
                    "days": days,
                    "in_office_days": row.in_office_days,
                    "grade": grade,
                },
            )
        )
    rows = _in_order(publication, unplaced)
    parts = list(dict.fromkeys(row.part for row in rows))
    grades, decimals = [b.name for b in bands], max(1, version.decimals)
    return Snapshot(
        rows,
        {
            "all": figures(rows, grades, decimals),
            "parts": [
                [name, figures([r for r in rows if r.part == name], grades, decimals)]
                for name in parts
            ],
        },
        explanation(publication, root, bands, gates),
    )


def _in_order(publication: Publication, unplaced: list[tuple[tuple, dict]]) -> list[Result]:
    by_score = publication.order == Publication.Order.SCORE
    unplaced.sort(key=lambda u: (u[0][0], u[0][1], -u[1]["total"] if by_score else 0, u[0][2]))
    ranks: dict[str, dict[Decimal, int]] = {}
    if Column.RANK in publication.columns:
        scores: dict[str, list[Decimal]] = {}
        for _, row in unplaced:
            scores.setdefault(row["part"], []).append(row["total"])
        ranks = {part: places(found) for part, found in scores.items()}
    numbers = {part: n for n, part in enumerate(dict.fromkeys(r["part"] for _, r in unplaced))}
    return [
        Result(
            **row,
            position=n,
            part_position=numbers[row["part"]] + 1,
            rank=ranks[row["part"]][row["total"]] if ranks else None,
        )
        for n, (_, row) in enumerate(unplaced, start=1)
    ]


def _part(publication: Publication, seat, group) -> tuple[str, tuple]:
    if publication.partition == Partition.DELEGATION:
        where = seat.delegation
    elif publication.partition == Partition.GROUP:
        where = group
    else:
        return f"全体{seat.get_level_display()}", (0, 0)
    if where is None:
        words = "代表团" if publication.partition == Partition.DELEGATION else "代表小组"
        return NOBODYS + words, (2**31, 0)
    return where.name, (where.position, where.pk)


def _groups(publication: Publication) -> dict:
    """The street group each deputy belonged to at the end of the period."""
    period = publication.period
    seats = GroupSeat.objects.filter(starts_on__lte=period.ends_on, group__kind="street").filter(
        Q(ends_on=None) | Q(ends_on__gte=period.starts_on)
    )
    return {
        seat.deputy_id: seat.group for seat in seats.select_related("group").order_by("starts_on")
    }


def _notes(publication: Publication, totals: Iterable[TallyTotal]) -> dict[int, str]:
    """Why somebody was not in office the whole period, in words."""
    period, found = publication.period, {}
    stopped = set(
        MandateEvent.objects.filter(
            kind=MandateEvent.Kind.SUSPENDED, on__lte=period.ends_on
        ).values_list("mandate_id", flat=True)
    )
    whole = (period.ends_on - period.starts_on).days + 1
    for row in totals:
        seat = row.mandate
        if row.in_office_days == whole:
            continue
        said = []
        if seat.starts_on > period.starts_on:
            said.append(f"{cn_day(seat.starts_on)}起任职")
        if seat.ends_on and seat.ends_on < period.ends_on:
            said.append(f"任职至{cn_day(seat.ends_on)}")
        if seat.pk in stopped:
            said.append("其间暂停执行代表职务")
        found[row.deputy_id] = "，".join(said) or f"在任{row.in_office_days}天"
    return found
