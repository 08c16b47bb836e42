"""The ranges an invitation can be made by, each with how many people it means."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from congress.models import Membership, Unit
from deputies.models import CommitteeSeat, Delegation, Deputy, DeputyGroup, GroupSeat, Mandate
from deputies.queries import in_office

from . import access, queries
from .models import Invitation

Source = Invitation.Source


@dataclass(frozen=True)
class Range:
    """One range: how it is asked for (`pick`), its name, the people it means."""

    source: str
    key: str
    name: str
    level: str = ""
    count: int = 0

    @property
    def pick(self) -> str:
        return f"{self.source}:{self.key}"

    def deputies(self, member: Membership, on: dt.date) -> QuerySet[Deputy]:
        """Those in office that day whom the member may ask."""
        return queries.candidates(member, self.source, self.key, on)


def ranges(member: Membership, on: dt.date) -> list[tuple[str, list[Range]]]:
    """Sections of ranges with their numbers at that day; empty ranges are left out. A constant
    number of queries."""
    allowed = access.invitable(member).order_by().values("pk")
    seats = in_office(on).filter(deputy__in=allowed).order_by()
    own = queries.own_level()
    words = dict(Mandate.Level.choices)
    by_level = _counts(seats, "level")
    sections = [
        (
            "全体",
            [Range(Source.ALL, "", f"全体{words[own]}", own, by_level.get(own, 0))],
        ),
        (
            "按代表团",
            _named(Source.DELEGATION, Delegation.objects.all(), _counts(seats, "delegation"), own),
        ),
        (
            "按街道（镇）",
            _named(
                Source.STREET,
                Unit.objects.filter(mandates__isnull=False).distinct(),
                _counts(seats, "street"),
            ),
        ),
        (
            "按代表小组",
            _named(
                Source.GROUP,
                DeputyGroup.objects.all(),
                _counts(_held(GroupSeat, on, seats), "group"),
            ),
        ),
        (
            "按委员会",
            _named(
                Source.COMMITTEE,
                Unit.objects.filter(committee_seats__isnull=False).distinct(),
                _counts(_held(CommitteeSeat, on, seats), "unit"),
            ),
        ),
        (
            "按层级",
            [
                Range(Source.LEVEL, level, name, level, by_level[level])
                for level, name in Mandate.Level.choices
                if level != own and by_level.get(level)
            ],
        ),
    ]
    return [(title, [r for r in rows if r.count]) for title, rows in sections if rows]


def _held(model, on: dt.date, seats: QuerySet[Mandate]) -> QuerySet:
    return (
        model.objects.filter(starts_on__lte=on, deputy__in=seats.values("deputy"))
        .filter(Q(ends_on=None) | Q(ends_on__gte=on))
        .order_by()
    )


def _counts(rows: QuerySet, name: str) -> dict:
    found = rows.values_list(name).annotate(n=Count("deputy", distinct=True))
    return {key: n for key, n in found if key is not None}


def _named(source: str, rows: Iterable, counts: dict, level: str = "") -> list[Range]:
    return [Range(source, str(r.pk), str(r), level, counts.get(r.pk, 0)) for r in rows]


def chosen(member: Membership, picks: Iterable[str], on: dt.date) -> list[Range]:
    """The ranges that `picks` name among those the member is offered; others are left out."""
    offered = {r.pick: r for _, rows in ranges(member, on) for r in rows}
    return [offered[p] for p in dict.fromkeys(picks) if p in offered]
