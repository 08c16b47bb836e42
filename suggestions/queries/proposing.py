"""Units proposed for a suggestion: from its category, what was done before, what is like it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from congress.models import Unit

from ..models import Assignment, LikelyUnit, ProposedTask, Suggestion, WishedUnit
from ..rules import GONE
from ..rules.proposing import HISTORY, LIKELY, WISH, Ranked, Voice, rank
from .similar import YEARS, Alike, similar, similar_to_each

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
    alike = similar(suggestion.title, suggestion.requests, exclude=suggestion.pk, limit=3, on=on)
    return _candidates([suggestion], {suggestion.pk: alike}, on)[suggestion.pk]


def candidates_for(
    suggestions: Iterable[Suggestion], on: dt.date | None = None
) -> dict[int, list[Candidate]]:
    """The same for many at once, by their ids; the number of queries does not grow with them."""
    rows = list(suggestions)
    return _candidates(rows, similar_to_each(rows, limit=3, on=on), on)


def _candidates(
    rows: Sequence[Suggestion], alike: Mapping[int, list[Alike]], on: dt.date | None
) -> dict[int, list[Candidate]]:
    wished, by_category = _wished(rows), _by_category(rows, on)
    ranked = {
        row.pk: rank([*wished[row.pk], *by_category[row.pk], *_by_likeness(alike[row.pk])])
        for row in rows
    }
    wanted = {r.unit for found in ranked.values() for r in found}
    units = assignable_units(on).in_bulk(wanted)
    return {
        pk: [Candidate(units[r.unit], r) for r in found if r.unit in units]
        for pk, found in ranked.items()
    }


def _wished(rows: Sequence[Suggestion]) -> dict[int, list[Voice]]:
    found: dict[int, list[Voice]] = {row.pk: [] for row in rows}
    wishes = WishedUnit.objects.filter(suggestion__in=list(found)).order_by("pk")
    for pk, unit in wishes.values_list("suggestion_id", "unit_id"):
        weight = WISH / (len(found[pk]) + 1)
        found[pk].append(Voice(unit, Source.WISH, weight, "代表希望由其承办"))
    return found


def _by_category(rows: Sequence[Suggestion], on: dt.date | None) -> dict[int, list[Voice]]:
    categories = {row.category_id: row.category for row in rows if row.category_id}
    asked = {*categories, *(c.parent_id for c in categories.values() if c.parent_id)}
    likely: dict[int, list[LikelyUnit]] = {}
    for row in LikelyUnit.objects.filter(category__in=asked):
        likely.setdefault(row.category_id, []).append(row)
    before, own = _handled_before(rows, set(categories), on)
    found: dict[int, list[Voice]] = {}
    for row in rows:
        category, voices = categories.get(row.category_id), found.setdefault(row.pk, [])
        if category is None:
            continue
        # What is said of the sub-category itself counts more than what is said of the whole.
        voices += [
            Voice(
                x.unit_id, Source.LIKELY,
                LIKELY / (x.position + 1) / (1 if x.category_id == category.pk else 2),
                f"“{category.name}”一般由其承办",
            )
            for x in [*likely.get(category.pk, ()), *likely.get(category.parent_id, ())]
        ]  # fmt: skip
        times = before.get(category.pk, Counter()) - own.get(row.pk, Counter())
        most = sorted(times, key=lambda unit: (-times[unit], unit))[:MOST_OF_HISTORY]
        total = sum(times[unit] for unit in most)
        voices += [
            Voice(
                unit, Source.CATEGORY, HISTORY * times[unit] / total,
                f"五年来承办同类建议{times[unit]}件",
            )
            for unit in most
        ]  # fmt: skip
    return found


def _handled_before(
    rows: Sequence[Suggestion], categories: set[int], on: dt.date | None
) -> tuple[dict[int, Counter], dict[int, Counter]]:
    """How often units answered for suggestions of these categories within five years, by category;
    and what of it is these suggestions' own, which tells nothing, by suggestion."""
    today = on or timezone.localdate()
    since = today.replace(year=today.year - YEARS, day=min(today.day, 28))
    done = Assignment.objects.filter(role__in=ANSWERING, assigned_on__gte=since)
    done = done.exclude(state__in=GONE).order_by()
    before: dict[int, Counter] = {}
    counted = done.filter(suggestion__category__in=categories)
    for category, unit, times in counted.values_list("suggestion__category", "unit").annotate(
        times=Count("pk")
    ):
        before.setdefault(category, Counter())[unit] = times
    own: dict[int, Counter] = {}
    for pk, unit in done.filter(suggestion__in=[r.pk for r in rows]).values_list(
        "suggestion_id", "unit_id"
    ):
        own.setdefault(pk, Counter())[unit] += 1
    return before, own


def _by_likeness(near: Iterable[Alike]) -> list[Voice]:
    found = []
    for alike in near:
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
