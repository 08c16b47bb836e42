"""What a tally counts: who was in office on which days, and their facts, grouped in one statement.

One statement sees one moment: a fact written meanwhile is in all of its figures or in none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connections

from congress.tenancy import current_congress
from deputies.models import Mandate
from deputies.queries import identities, in_office_between, spells
from deputies.rules import Spell, days_in_office

from ..models import DutyItem, ManualAward, Period
from ..rules import Facts, Gate, Measure, Rule
from ..rules.evaluate import FactGroup

# An absence, a leave, a day without obligation: a fact, and no day of duty.
NO_DUTY_DAY = ("leave", "absent", "not_obliged")


# What a reckoning has no business with; to decrypt it would take a quarter of the time.
UNREAD = ("id_number", "phone", "notes", "created_at", "updated_at")


@dataclass
class Holder:
    """A deputy in office at some day of a period; the seat is the latest one."""

    mandate: Mandate
    spells: list[Spell]
    days: int
    duty_days: int = 0
    facts: Facts = field(default_factory=Facts)


def holders(period: Period) -> dict[int, Holder]:
    """Everybody with at least one day in office in the period, by deputy id, in roster order.

    A deputy with two seats one after the other is one holder; days on which a seat was suspended
    are not days in office. Three queries.
    """
    seats = list(
        in_office_between(period.starts_on, period.ends_on, period.level)
        .select_related("deputy", "delegation")
        .defer(*(f"deputy__{name}" for name in UNREAD))
        .order_by("starts_on", "pk")
    )
    held = spells(seats)
    found: dict[int, Holder] = {}
    for seat in seats:
        mine = [*found[seat.deputy_id].spells, *held[seat.pk]] if seat.deputy_id in found else None
        found[seat.deputy_id] = Holder(seat, merged(mine or held[seat.pk]), 0)
    known = identities(period.starts_on, period.ends_on)
    for pk, holder in found.items():
        holder.days = days_in_office(holder.spells, period.starts_on, period.ends_on)
        holder.facts.identities = frozenset({"deputy"} | known.get(pk, set()))
    order = sorted(
        (pk for pk, holder in found.items() if holder.days), key=lambda pk: place(found[pk].mandate)
    )
    return {pk: found[pk] for pk in order}


def place(seat: Mandate) -> tuple:
    """Roster order: delegation, number in the roster, then the sound of the name."""
    first = (seat.delegation.position, seat.delegation_id) if seat.delegation else (2**31, 0)
    return (*first, seat.position, seat.deputy.name_key, seat.pk)


def merged(found: Iterable[Spell]) -> list[Spell]:
    """Spells without overlap, so that no day counts twice."""
    joined: list[Spell] = []
    for spell in sorted(found, key=lambda s: s.since):
        last = joined[-1] if joined else None
        if last is None or last.until is not None and spell.since > last.until:
            joined.append(spell)
        elif last.until is not None and (spell.until is None or spell.until > last.until):
            joined[-1] = Spell(last.since, spell.until)
    return joined


def own_measures(root: Rule, gates: Iterable[Gate]) -> dict[str, Measure]:
    """The measures that cannot be added up from groups, by the key of their rule or gate."""
    leaves = {rule.key: rule.measure for rule in root.walk() if rule.is_leaf}
    found = {**leaves, **{gate.key: gate.measure for gate in gates}}
    return {key: measure for key, measure in found.items() if measure.needs_own_query}


def count_facts(period: Period, held: dict[int, Holder], own: dict[str, Measure]) -> int:
    """Fill each holder's facts and days of duty; gives how many facts counted. Three queries,
    whatever the numbers. Awards that were not withdrawn are filled in too."""
    items = {pk: (code, day) for pk, code, day in DutyItem.objects.values_list(*_ITEM)}
    sql, values = _statement(period, held, own, items)
    total = 0
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, values)
        for kind, deputy, item, outcome, role, level, count, quantity in cursor.fetchall():
            holder = held[deputy]
            if kind == "":
                code = items[item][0]
                holder.facts.add(FactGroup(code, outcome, role, level, count, quantity))
                total += count
            elif kind == "days":
                holder.duty_days = count
            else:
                holder.facts.own[kind.removeprefix("own:")] = Decimal(count)
    if period.pk is None:  # days on trial: nothing was awarded for them
        return total
    awards = ManualAward.objects.filter(period=period, withdrawn_at=None)
    for deputy, key, points in awards.values_list("deputy_id", "node__key", "points"):
        if deputy in held:
            given = held[deputy].facts.awards
            given[key] = given.get(key, Decimal(0)) + points
    return total


_ITEM = ("pk", "code", "counts_as_day")
_COUNTED = """
WITH office AS (
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[]) AS o(deputy_id, since, until)
), counted AS MATERIALIZED (
    SELECT r.deputy_id, r.item_id, r.outcome, r.role, r.level, r."on", r.quantity{object}
    FROM performance_dutyrecord r
    JOIN office o ON o.deputy_id = r.deputy_id AND r."on" BETWEEN o.since AND o.until
    WHERE r.congress_id = %s AND r.withdrawn_at IS NULL AND r."on" BETWEEN %s AND %s
)
SELECT '', deputy_id, item_id, outcome, role, level, count(*), sum(quantity)
FROM counted GROUP BY deputy_id, item_id, outcome, role, level
UNION ALL
SELECT 'days', deputy_id, NULL, '', '', '', count(*), NULL
FROM (
    SELECT DISTINCT deputy_id, "on" FROM counted
    WHERE item_id = ANY(%s) AND outcome <> ALL(%s)
) AS duty_days GROUP BY deputy_id
"""
_OWN = """
UNION ALL
SELECT %s, deputy_id, NULL, '', '', '', count(DISTINCT {of}), NULL
FROM counted WHERE item_id = ANY(%s){filters} GROUP BY deputy_id
"""
_OBJECT = """,
        coalesce(r.attributes ->> 'object', r.source_kind || '/' || r.source_id) AS object"""


def _statement(
    period: Period,
    held: dict[int, Holder],
    own: dict[str, Measure],
    items: dict[int, tuple[str, bool]],
) -> tuple[str, list]:
    """The one statement of a tally and its values."""
    office = [
        (pk, max(s.since, period.starts_on), min(s.until or period.ends_on, period.ends_on))
        for pk, holder in held.items()
        for s in holder.spells
    ]
    columns: Sequence[list] = [[row[n] for row in office] for n in range(3)]
    by_objects = any(m.aggregate == "distinct_objects" for m in own.values())
    sql = _COUNTED.replace("{object}", _OBJECT if by_objects else "")
    values: list = [
        *columns,
        current_congress().pk,
        period.starts_on,
        period.ends_on,
        [pk for pk, (_, day) in items.items() if day],
        list(NO_DUTY_DAY),
    ]
    for key, measure in own.items():
        of = '"on"' if measure.aggregate == "distinct_days" else "object"
        filters = "".join(f" AND {name} = ANY(%s)" for name, _ in measure.filters)
        sql += _OWN.format(of=of, filters=filters)
        wanted = [pk for pk, (code, _) in items.items() if code in measure.items]
        values += [f"own:{key}", wanted, *[list(allowed) for _, allowed in measure.filters]]
    return sql, values
