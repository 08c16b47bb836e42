"""Lists: of a congress alone, and of the same among 300 that each hold as much."""

from django.db import connections
from django.db.models import Model

from congress.models import Congress, Term
from congress.tenancy import across_congresses, in_congress
from deputies.models import Deputy, Mandate
from performance.models import DutyItem, DutyRecord

from . import years
from .harness import Row, at_most, compared, fresh_statistics, no_more, queries
from .web import Visitor, answer_times, p50_p95, serving

NAME = "Lists: of one congress among 300 with 200 deputies and 1,000 facts each"
CONGRESSES, DEPUTIES, FACTS = 300, 200, 1000
CLIENTS, TIMES = 4, 30
PAGE_MS, GROWTH = 300, 1.2

# The neighbours hold what the congress holds: its own rows again, deputy by deputy.
NEIGHBOURS = """
WITH made AS (
    INSERT INTO congress_congress (key, name, standing_committee_name, short_name, {congress})
    SELECT 'n' || n, '第' || n || '区人民代表大会', '第' || n || '区人大常委会',
        '第' || n || '区人大', {congress}
    FROM congress_congress c, generate_series(2, %(congresses)s) AS n WHERE c.id = %(like)s
    RETURNING id
), term AS (
    INSERT INTO congress_term (congress_id, {term})
    SELECT made.id, {term} FROM congress_term t, made WHERE t.congress_id = %(like)s
    RETURNING id, congress_id
), item AS (
    INSERT INTO performance_dutyitem (congress_id, {dutyitem})
    SELECT made.id, {dutyitem} FROM performance_dutyitem i, made
    WHERE i.congress_id = %(like)s AND i.code = 'E02' RETURNING id, congress_id
), deputy AS (
    INSERT INTO deputies_deputy (congress_id, {deputy})
    SELECT made.id, {deputy} FROM deputies_deputy d, made WHERE d.congress_id = %(like)s
    RETURNING id, congress_id
), seated AS (
    SELECT id, congress_id, row_number() OVER (PARTITION BY congress_id ORDER BY id) AS k
    FROM deputy
), mandate AS (
    INSERT INTO deputies_mandate (congress_id, deputy_id, term_id, {mandate})
    SELECT s.congress_id, s.id, t.id, {mandate}
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS k FROM deputies_mandate
        WHERE congress_id = %(like)s) AS m
    JOIN seated s USING (k) JOIN term t ON t.congress_id = s.congress_id
)
INSERT INTO performance_dutyrecord (congress_id, deputy_id, item_id, {dutyrecord})
SELECT s.congress_id, s.id, i.id, {dutyrecord}
FROM (SELECT *, row_number() OVER (ORDER BY id) %% %(deputies)s + 1 AS k
    FROM performance_dutyrecord WHERE congress_id = %(like)s) AS r
JOIN seated s USING (k) JOIN item i ON i.congress_id = s.congress_id
"""


def measure() -> list[Row]:
    congress, _ = years.make("lists", DEPUTIES, FACTS)
    fresh_statistics()
    with in_congress(congress):
        clerk = Visitor(congress, years.keeper(congress))
    pages = {
        "staff: deputies": (clerk, "/admin/deputies/deputy/"),
        "staff: deputies, searched": (clerk, "/admin/deputies/deputy/?q=%E7%8E%8B"),
        "staff: duty facts": (clerk, "/admin/performance/dutyrecord/"),
        "staff: duty facts, searched": (clerk, "/admin/performance/dutyrecord/?q=%E7%8E%8B"),
        "public: deputies": (Visitor(congress), "/deputies/"),
    }
    with serving() as port:
        alone = {name: taken(port, *page) for name, page in pages.items()}
        total = neighbours(congress)
        rows = []
        for name, page in pages.items():
            count, before, _ = alone[name]
            again, p50, p95 = taken(port, *page)
            rows += [
                no_more(f"{name}: queries", again, count, "as many as alone"),
                compared(f"{name}: p50 beside alone", p50, "ms", before, GROWTH),
                at_most(f"{name}: p95", p95, "ms", PAGE_MS),
            ]
    rows.append(Row("duty facts in all congresses", total, ""))
    return rows


def taken(port: int, visitor: Visitor, path: str) -> tuple[int, float, float]:
    """Queries, p50 and p95 of a page."""
    assert visitor.client.get(path).status_code == 200, path
    count = queries(lambda: visitor.client.get(path))
    return (count, *p50_p95(answer_times(port, visitor, path, CLIENTS, TIMES)))


def neighbours(like: Congress) -> int:
    """Fill the other congresses, by the database itself; gives how many facts there are."""
    with across_congresses() as alias, connections[alias].cursor() as cursor:
        sql = NEIGHBOURS.format(
            congress=copied(Congress, "key", "name", "standing_committee_name", "short_name"),
            **{model._meta.model_name: copied(model)
               for model in (Term, DutyItem, Deputy, Mandate, DutyRecord)},
        )  # fmt: skip
        cursor.execute(sql, {"like": like.pk, "congresses": CONGRESSES, "deputies": DEPUTIES})
    fresh_statistics()
    with across_congresses() as alias:
        return DutyRecord.objects.using(alias).count()


def copied(model: type[Model], *own: str) -> str:
    """The columns a neighbour's rows have alike: no links, and nothing that is used once."""
    fields = [f for f in model._meta.concrete_fields if not (f.is_relation or f.unique)]
    return ", ".join(f'"{f.column}"' for f in fields if f.column not in own)
