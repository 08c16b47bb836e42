"""Tally: a year of 400 deputies and 25,000 facts, beside the same count written by hand in SQL."""

from django.db import connection, transaction

from congress.models import Congress
from congress.tenancy import in_congress
from performance import actions
from performance.models import Period, TallyTotal
from performance.queries.counts import count_facts, holders, own_measures
from performance.queries.trees import rule_tree

from . import years
from .harness import (
    Row,
    at_most,
    compared,
    fresh_statistics,
    memory_added,
    no_more,
    queries,
    seconds,
)

NAME = "Tally: 400 deputies, 25,000 facts, 31 rules"
DEPUTIES, FACTS = 400, 25_000
MOST_SECONDS = 5

# Who was in office when, and what was done meanwhile.
COUNTED = """
WITH period AS (
    SELECT id, version_id, level, starts_on, ends_on FROM performance_period WHERE id = %(period)s
), office AS (
    SELECT m.deputy_id, m.id AS mandate_id, greatest(m.starts_on, p.starts_on) AS since,
        least(m.ends_on, p.ends_on, (SELECT min(e."on") - 1 FROM deputies_mandateevent e
            WHERE e.mandate_id = m.id AND e.kind = 'suspended')) AS until
    FROM deputies_mandate m, period p
    WHERE m.congress_id = %(congress)s AND m.level = p.level AND m.starts_on <= p.ends_on
), counted AS MATERIALIZED (
    SELECT r.deputy_id, i.code, i.counts_as_day, r."on", r.outcome, r.level, r.quantity
    FROM performance_dutyrecord r JOIN performance_dutyitem i ON i.id = r.item_id
    JOIN office o ON o.deputy_id = r.deputy_id AND r."on" BETWEEN o.since AND o.until
    WHERE r.congress_id = %(congress)s AND r.withdrawn_at IS NULL
), grouped AS (
    SELECT deputy_id, code, outcome, level, count(*) AS times, sum(quantity) AS quantity
    FROM counted GROUP BY deputy_id, code, outcome, level
), days AS (
    SELECT deputy_id, count(DISTINCT "on") AS days FROM counted
    WHERE counts_as_day AND outcome NOT IN ('leave', 'absent', 'not_obliged') GROUP BY deputy_id
)"""
# The sums of the items and the days of duty, which every rule is reckoned from.
SUMS = f"""{COUNTED}
SELECT deputy_id, code, outcome, level, times, quantity FROM grouped
UNION ALL SELECT deputy_id, 'days', '', '', days, NULL FROM days
"""
# The book of the four aspects by hand: what a fact of an item is worth, by its outcome or level.
WHOLE = (
    COUNTED
    + """, rule (key, highest, lowest) AS (VALUES
    ('A01', 80, NULL), ('A02', 40, NULL), ('A03', 40, NULL), ('A04', 60, NULL), ('A05', 15, NULL),
    ('A06', NULL, -30), ('B01', 45, NULL), ('B02', 72, NULL), ('B03', 72, NULL), ('B04', 48, NULL),
    ('B05', 80, NULL), ('B06', 72, NULL), ('B07', 48, NULL), ('B08', 20, NULL), ('B09', 45, NULL),
    ('B10', 40, NULL), ('B11', 30, NULL), ('B12', NULL, -40), ('E01', 64, NULL), ('E02', 40, NULL),
    ('E03', 40, NULL), ('E04', 40, NULL), ('E05', 20, NULL), ('E06', 16, NULL), ('O01', 15, NULL)
), worth (key, code, outcomes, level, points) AS (VALUES
    ('A02', 'A02', NULL, NULL, 10), ('A03', 'A03', NULL, NULL, 20), ('A04', 'A04', NULL, NULL, 15),
    ('A05', 'A05', NULL, NULL, 3), ('A06', 'A01', '{leave,late}'::text[], NULL, -1),
    ('A06', 'A01', '{absent}', NULL, -5), ('B01', 'B01', '{present,late,""}', NULL, 15),
    ('B02', 'B02', '{present,late,""}', NULL, 12), ('B03', 'B03', '{present,late,""}', NULL, 12),
    ('B04', 'B04', '{present,late,""}', NULL, 12), ('B05', 'B05', '{present,late,""}', NULL, 8),
    ('B06', 'B06', '{present,late,""}', NULL, 6), ('B07', 'B07', NULL, NULL, 4),
    ('B08', 'B08', NULL, NULL, 20), ('B09', 'B09', NULL, NULL, 15),
    ('B10', 'B10', '{present,late,""}', NULL, 10), ('B11', 'B11', NULL, NULL, 6),
    ('B12', 'B01', '{absent}', NULL, -5), ('B12', 'B02', '{absent}', NULL, -5),
    ('B12', 'B03', '{absent}', NULL, -5), ('B12', 'B04', '{absent}', NULL, -5),
    ('B12', 'B05', '{absent}', NULL, -5), ('B12', 'B10', '{absent}', NULL, -5),
    ('B12', 'E01', '{absent}', NULL, -5), ('E01', 'E01', '{present,late,""}', NULL, 8),
    ('E02', 'E02', NULL, NULL, 20), ('E03', 'E03', NULL, NULL, 5), ('E04', 'E04', NULL, NULL, 5),
    ('E05', 'E05', NULL, 'national', 10), ('E05', 'E05', NULL, 'provincial', 8),
    ('E05', 'E05', NULL, 'city', 6), ('E05', 'E05', NULL, 'county', 4),
    ('E06', 'E06', NULL, NULL, 4),
    ('O01', 'O01', NULL, NULL, 3)
), gained AS (
    SELECT g.deputy_id, w.key, g.times AS measured, g.times * w.points AS points
    FROM grouped g JOIN worth w ON w.code = g.code
        AND (w.outcomes IS NULL OR g.outcome = ANY(w.outcomes))
        AND (w.level IS NULL OR g.level = w.level)
    UNION ALL
    SELECT deputy_id, 'A01', sum(quantity), 10 * trunc(sum(quantity)) FROM grouped
    WHERE code = 'A01' AND outcome IN ('present', 'late') GROUP BY deputy_id
), lines AS (
    SELECT deputy_id, key, left(key, 1) AS aspect, sum(measured) AS measured,
        greatest(least(sum(points), highest), lowest)::numeric(12, 1) AS points
    FROM gained JOIN rule USING (key) GROUP BY deputy_id, key, highest, lowest
), aspects AS (
    SELECT deputy_id, aspect, sum(points) AS points, jsonb_object_agg(key,
        jsonb_build_array(points::text, measured::text, '{}'::jsonb)) AS lines
    FROM lines GROUP BY deputy_id, aspect
), totals AS (
    SELECT deputy_id, sum(points) AS total, jsonb_object_agg(aspect, points::text) AS aspects,
        jsonb_agg(lines) AS lines
    FROM aspects GROUP BY deputy_id
), run AS (
    INSERT INTO performance_tally (congress_id, period_id, number, version_id, facts_until, facts,
        deputies, started_at)
    SELECT %(congress)s, p.id, 1000, p.version_id, now(), (SELECT count(*) FROM counted),
        (SELECT count(*) FROM office), now() FROM period p
    RETURNING id
)
INSERT INTO performance_tallytotal (congress_id, tally_id, deputy_id, mandate_id, total, days,
    in_office_days, aspects, band, gates, lines)
SELECT %(congress)s, run.id, o.deputy_id, o.mandate_id, coalesce(t.total, 0), coalesce(d.days, 0),
    o.until - o.since + 1, coalesce(t.aspects, '{}'),
    CASE WHEN t.total >= 700 THEN '优秀' WHEN t.total >= 500 THEN '良好'
        WHEN t.total >= 300 THEN '合格' ELSE '待提高' END, '[]', coalesce(t.lines, '[]')
FROM run, office o LEFT JOIN totals t USING (deputy_id) LEFT JOIN days d USING (deputy_id)
"""
)


def measure() -> list[Row]:
    congress, period = years.make("tally", DEPUTIES, FACTS)
    made = years.count(congress)
    assert made >= FACTS * 0.95, made
    fresh_statistics()
    with in_congress(congress):
        assert results(by_hand, period) == results(by_product, period)
        sums_floor = seconds(lambda: by_hand(period, SUMS), times=5)
        sums = seconds(lambda: sums_by_product(period), times=5)
    floor = seconds(lambda: undone(congress, by_hand, period), times=5)
    value = seconds(lambda: undone(congress, by_product, period), times=5)
    with in_congress(congress):
        few = years.make("few", 8, 80)[1]
    rows = [
        compared("the sums of the items, beside hand-written SQL", sums, "s", sums_floor, 1.5),
        compared("whole tally, beside a whole tally in hand-written SQL", value, "s", floor),
        at_most("whole tally, as a goal in seconds", value, "s", MOST_SECONDS),
    ]
    with in_congress(few.congress):
        least = queries(lambda: by_product(few))
    with in_congress(congress):
        count = queries(lambda: by_product(period))
        rows.append(no_more("tally: queries", count, least, "as many as with 8 deputies"))
        memory = memory_added(lambda: by_product(period))
    rows.append(Row("memory added to the process", memory, "MB"))
    return rows


def by_product(period: Period) -> None:
    actions.tally(period, by=None)


def sums_by_product(period: Period) -> None:
    """What a tally reads before it reckons: holders, item sums, days of duty."""
    root = rule_tree(period.version)
    count_facts(period, holders(period), own_measures(root, []))


def by_hand(period: Period, statement: str = WHOLE) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"congress": period.congress_id, "period": period.pk})
        if cursor.description:
            cursor.fetchall()


def results(work, period: Period) -> list[tuple]:
    """What a tally comes to, deputy by deputy; taken back afterwards."""
    with transaction.atomic():
        work(period)
        fields = ("deputy_id", "mandate_id", "total", "days", "in_office_days", "band")
        rows = TallyTotal.objects.order_by("-tally", "deputy_id").values_list(*fields)
        found = list(rows[:DEPUTIES])
        transaction.set_rollback(True)
    return found


def undone(congress: Congress, work, period: Period) -> None:
    """Do it and take it back, so that it can be done again."""
    with in_congress(congress):
        work(period)
        transaction.set_rollback(True)
