"""Units proposed for a suggestion: from its category, what was done before, what is like it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from congress.models import Unit

from ..models import Assignment, LikelyUnit, ProposedTask, Suggestion
from ..rules import GONE
from ..rules.proposing import HISTORY, LIKELY, WISH, Ranked, Voice, rank
from .similar import YEARS, similar

Source, Role, Kind = ProposedTask.Source, Assignment.Role, Unit.Kind
# To whom a suggestion may be handed: any organ that has people to answer, 人大's own included
# (代表法 art. 51 says 有关机关、组织). 代工委 itself keeps the desk and answers nothing.
ASSIGNABLE = (
    Kind.GOVERNMENT_OFFICE, Kind.HANDLING_UNIT, Kind.SPECIAL_COMMITTEE, Kind.WORKING_COMMITTEE,
    Kind.STREET_COMMITTEE, Kind.TOWN_PRESIDIUM,
)  # fmt: skip
ANSWERING = (Role.SOLE, Role.LEAD, Role.SEPARATE)
MOST_OF_HISTORY = 3


@dataclass(frozen=True)
class Candidate:
    """A unit that a suggestion may belong to, and why."""

    unit: Unit
    ranked: Ranked

    @property
    def reason(self) -> str:
        return self.ranked.reason


def assignable_units(on: dt.date | None = None) -> QuerySet[Unit]:
    """The units that exist on a day and may be handed a suggestion."""
    today = on or timezone.localdate()
    rows = Unit.objects.filter(kind__in=ASSIGNABLE)
    rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=today))
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=today)).order_by("position", "pk")


def candidates_of(suggestion: Suggestion, on: dt.date | None = None) -> list[Candidate]:
    """Who may be proposed for a suggestion, likeliest first, each with its reasons; in a constant
    number of queries."""
    voices = [*_wished(suggestion), *_by_category(suggestion, on), *_by_likeness(suggestion, on)]
    ranked = rank(voices)
    units = assignable_units(on).in_bulk([r.unit for r in ranked])
    return [Candidate(units[r.unit], r) for r in ranked if r.unit in units]


def _wished(suggestion: Suggestion) -> list[Voice]:
    rows = suggestion.wishes.order_by("pk").values_list("unit_id", flat=True)
    return [
        Voice(unit, Source.WISH, WISH / (n + 1), "代表希望由其承办") for n, unit in enumerate(rows)
    ]


def _by_category(suggestion: Suggestion, on: dt.date | None) -> list[Voice]:
    if suggestion.category_id is None:
        return []
    category = suggestion.category
    likely = LikelyUnit.objects.filter(category__in=[category.pk, category.parent_id or 0])
    # What is said of the sub-category itself counts more than what is said of the whole.
    found = [
        Voice(
            row.unit_id, Source.LIKELY,
            LIKELY / (row.position + 1) / (1 if row.category_id == category.pk else 2),
            f"“{category.name}”一般由其承办",
        )
        for row in likely
    ]  # fmt: skip
    today = on or timezone.localdate()
    since = today.replace(year=today.year - YEARS, day=min(today.day, 28))
    before = (
        Assignment.objects.filter(
            suggestion__category=category, role__in=ANSWERING, assigned_on__gte=since
        )
        .exclude(state__in=GONE)
        .exclude(suggestion=suggestion)
        .values("unit_id")
        .annotate(times=Count("pk"))
        .order_by("-times", "unit_id")[:MOST_OF_HISTORY]
    )
    rows = list(before)
    total = sum(r["times"] for r in rows)
    found += [
        Voice(
            r["unit_id"], Source.CATEGORY, HISTORY * r["times"] / total,
            f"五年来承办同类建议{r['times']}件",
        )
        for r in rows
    ]  # fmt: skip
    return found


def _by_likeness(suggestion: Suggestion, on: dt.date | None) -> list[Voice]:
    found = []
    for alike in similar(
        suggestion.title, suggestion.requests, exclude=suggestion.pk, limit=3, on=on
    ):
        percent = round(alike.likeness * 100)
        for task in alike.suggestion.assignments.all():
            if task.role == Role.OWNER or task.state in GONE:
                continue
            found.append(
                Voice(
                    task.unit_id, Source.SIMILAR, alike.likeness,
                    f"与{alike.suggestion.number}号《{alike.suggestion.title[:30]}》"
                    f"相似{percent}%，由其{task.get_role_display()}",
                    "joint" if task.role == Role.JOINT else "lead",
                )
            )  # fmt: skip
    return found


def owners_of(units: Iterable[Unit]) -> dict[int, Unit]:
    """The first-level owner (政府办 and the like) of each unit that has one: the office above it,
    otherwise who handed on to it last."""
    units = list(units)
    offices = Unit.objects.filter(
        kind=Kind.GOVERNMENT_OFFICE, pk__in=[u.parent_id for u in units if u.parent_id]
    ).in_bulk()
    found = {u.pk: offices[u.parent_id] for u in units if u.parent_id in offices}
    left = [u.pk for u in units if u.pk not in found]
    rows = Assignment.objects.filter(unit__in=left, parent__isnull=False)
    for task in rows.select_related("parent__unit").order_by("unit", "-pk").distinct("unit"):
        found[task.unit_id] = task.parent.unit
    return found
