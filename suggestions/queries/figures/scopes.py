"""What figures are asked of: a sitting's year, a calendar year, a term; and the facts of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from activities.queries import own_level
from congress.models import Sitting, Term
from deputies.queries import in_office

from ...models import Suggestion
from ...rules.figures import Figure, Item, of_deputies, upgraded
from .reading import FOREVER, facts


@dataclass(frozen=True)
class Scope:
    """A sitting's year, a calendar year or a term: from `starts_on` to before `until`."""

    key: str
    name: str
    starts_on: dt.date
    until: dt.date

    @property
    def ends_on(self) -> dt.date:
        return self.until - dt.timedelta(days=1)


def scopes() -> list[Scope]:
    """What figures may be asked of, the newest first: sittings, calendar years, terms. Two
    queries."""
    sittings = list(Sitting.objects.select_related("term").order_by("opens_on", "pk"))
    found = []
    for sitting, following in zip(sittings, [*sittings, None][1:], strict=True):
        until = following.opens_on if following else FOREVER
        name = f"{sitting.term.name}{sitting.name}"
        found.append(Scope(f"s{sitting.pk}", f"{name}年度", sitting.opens_on, until))
    found.reverse()
    years = sorted({s.opens_on.year for s in sittings}, reverse=True)
    found += [
        Scope(f"y{y}", f"{y}年", dt.date(y, 1, 1), dt.date(y + 1, 1, 1)) for y in years
    ]  # fmt: skip
    terms = list(Term.objects.order_by("-starts_on"))
    for n, term in enumerate(terms):
        until = terms[n - 1].starts_on if n else FOREVER
        found.append(Scope(f"t{term.pk}", f"{term.name}以来", term.starts_on, until))
    return found


def scope_of(key: str, known: Sequence[Scope]) -> Scope | None:
    """The scope asked for; by default the sitting's year that runs or ran last."""
    today = timezone.localdate()
    chosen = next((s for s in known if s.key == key), None)
    return chosen or next((s for s in known if s.starts_on <= today), known[0] if known else None)


def scope_before(scope: Scope, known: Sequence[Scope]) -> Scope | None:
    """The scope of the same kind just before."""
    same = [s for s in known if s.key[0] == scope.key[0] and s.starts_on < scope.starts_on]
    return max(same, key=lambda s: s.starts_on, default=None)


def belonging(rows: QuerySet[Suggestion], scope: Scope) -> QuerySet[Suggestion]:
    """The submitted suggestions of a scope.

    Raised at a sitting, an item belongs to that sitting; raised between sittings, to the year in
    which it was assigned, and before that to the one in which it was handed in.
    """
    starts, until = scope.starts_on, scope.until
    at_sitting = Q(raised_in="sitting", sitting__opens_on__gte=starts, sitting__opens_on__lt=until)
    assigned = Q(assigned_on__gte=starts, assigned_on__lt=until)
    handed_in = Q(assigned_on=None, submitted_at__date__gte=starts, submitted_at__date__lt=until)
    registered = Q(
        assigned_on=None, submitted_at=None,
        registered_at__date__gte=starts, registered_at__date__lt=until,
    )  # fmt: skip
    between = Q(raised_in="between") & (assigned | handed_in | registered)
    return rows.exclude(submitted_at=None, registered_at=None).filter(at_sitting | between)


@dataclass
class Year:
    """A scope with its facts, those of the scope before, and the deputies in office."""

    scope: Scope
    on: dt.date
    items: list[Item]
    before: list[Item] = field(default_factory=list)
    deputies: list[int] = field(default_factory=list)

    @property
    def upgraded(self) -> Figure:
        return upgraded(self.before, self.scope.starts_on, min(self.scope.ends_on, self.on))

    @property
    def of_deputies(self) -> dict[str, Figure]:
        return of_deputies(self.items, self.deputies)


def year(
    rows: QuerySet[Suggestion],
    scope: Scope,
    *,
    before: Scope | None = None,
    on: dt.date | None = None,
) -> Year:
    """The facts of a scope out of these rows (access.visible_to), as at a day (today)."""
    on = on or timezone.localdate()
    deputies = in_office(min(on, scope.ends_on), own_level()).order_by("position", "pk")
    return Year(
        scope,
        on,
        facts(belonging(rows, scope), on),
        facts(belonging(rows, before), on) if before else [],
        list(dict.fromkeys(deputies.values_list("deputy_id", flat=True))),
    )
