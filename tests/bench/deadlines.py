"""Reminding over 100,000 open time limits; counting 10,000 anew after the calendar changed."""

import datetime as dt

from django.db import connection, connections, transaction
from django.utils import timezone

from congress import holidays
from congress.models import Congress, Membership, Role, Unit, User
from congress.tenancy import across_congresses, in_congress
from deadlines import actions, queries
from deadlines.models import Deadline
from notices.models import Notice
from tests import cast

from .harness import Row, at_most, compared, fresh_statistics, seconds

NAME = "Time limits: reminders and recounting"
OPEN, COUNTED, UNITS, PEOPLE = 100_000, 10_000, 40, 300
NOW = timezone.make_aware(dt.datetime(2026, 3, 16, 9))  # a Monday
START = dt.date(2026, 1, 12)

FILL = """
INSERT INTO deadlines_deadline (congress_id, kind, subject_type, subject_id, what, link, member_id,
    to_unit_id, start_on, unit, amount, law, due_on, working, is_provisional, lapses,
    remind_before, created_at, next_on)
SELECT %(congress)s, 'bench', 'x', n, '办理' || n || '号建议', '/desk/', m.id, u.id,
    %(start)s + (n %% 60)::int,
    %(unit)s, %(amount)s, '', %(start)s + (61 + n * 37 %% 180)::int, '[]', false, false, '[]',
    now(), %(start)s
FROM generate_series(1, %(rows)s) AS n
LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM congress_membership
    WHERE congress_id = %(congress)s AND role = 'deputy') AS m
    ON n %% 2 = 0 AND m.k = n / 2 %% %(people)s
LEFT JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM congress_unit
    WHERE congress_id = %(congress)s AND kind = 'handling_unit') AS u
    ON n %% 2 = 1 AND u.k = n / 2 %% %(units)s
"""

# The same day's work as one pass of the database: find what is due, say it once to each addressee,
# write down that it was said.
FLOOR = """
WITH due AS (
    SELECT id, member_id, to_unit_id, what, due_on FROM deadlines_deadline
    WHERE congress_id = %(congress)s AND done_at IS NULL AND cancelled_at IS NULL
        AND next_on <= %(today)s
    FOR UPDATE SKIP LOCKED
), told AS (
    INSERT INTO notices_notice (congress_id, to_id, template, title, body, link, created_at,
        dedupe_key, is_urgent, outside)
    SELECT %(congress)s, m.id, 'x', '您有 ' || count(*) || ' 件事项',
        string_agg(what || due_on, '。'), '/', now(), 'floor' || m.id, false, ''
    FROM due JOIN congress_membership m ON m.congress_id = %(congress)s
        AND (m.id = due.member_id OR m.unit_id = due.to_unit_id)
    GROUP BY m.id RETURNING id
)
UPDATE deadlines_deadline d SET reminded_on = %(today)s, next_on = %(today)s + 14
FROM due WHERE d.id = due.id
"""


def measure() -> list[Row]:
    congress = cast.make_congress("bench", "测量区")
    with in_congress(congress):
        people(congress)
    fill(congress, OPEN, "on", 0)
    with in_congress(congress):
        # Every row gets the day of its next reminder, as it would have had from the beginning.
        planned = seconds(actions.replan)
    today = NOW.date()
    with in_congress(congress):
        due = queries.to_remind_of(Deadline.objects.all(), today).count()
    floor = seconds(lambda: undone(congress, floor_pass), times=3)
    value = seconds(lambda: undone(congress, scan), times=3)
    first = seconds(lambda: undone(congress, scan_of_all))
    with in_congress(congress):
        actions.remind(NOW)
    again = seconds(lambda: twice(congress))
    rows = [
        compared(f"Scan of {OPEN:,} open, {due:,} due today", value, "s", floor, most=3),
        at_most(f"Scan of {OPEN:,} open, as a goal in seconds", value, "s", 10),
        at_most(f"Scan after an outage: all {OPEN:,} due", first, "s", 60),
        at_most("Scan when everything was said", again, "s", 1),
        at_most(f"Planning {OPEN:,} anew after the plan changed", planned, "s"),
    ]
    other = cast.make_congress("other", "另一区")
    with in_congress(other):
        people(other)
    fill(other, COUNTED, "wd", 45)
    with in_congress(other):
        staff = cast.member(other, Role.DEPUTY_AFFAIRS)
        actions.recompute(by=staff)
        told = Notice.objects.count()
        taken = seconds(
            lambda: holidays.change_day(
                dt.date(2026, 2, 5), by=staff, is_working=False, name="停工", reason="测量"
            )
        )
        moved = Notice.objects.count() - told
    rows.append(at_most(f"Calendar change: {COUNTED:,} counted anew, {moved} told", taken, "s", 10))
    return rows


def people(congress: Congress) -> None:
    units = Unit.objects.bulk_create(
        Unit(name=f"第{n}局", short_name=f"{n}局", kind="handling_unit") for n in range(UNITS)
    )
    users = User.objects.bulk_create(
        User(login_name=f"{congress.key}-{n}") for n in range(UNITS + PEOPLE)
    )
    roles = [(Role.HANDLING_UNIT, unit) for unit in units] + [(Role.DEPUTY, None)] * PEOPLE
    Membership.objects.bulk_create(
        Membership(user=user, name=f"人{user.pk}", role=role, unit=unit)
        for user, (role, unit) in zip(users, roles, strict=True)
    )


def fill(congress: Congress, rows: int, unit: str, amount: int) -> None:
    values = {"congress": congress.pk, "rows": rows, "unit": unit, "amount": amount,
              "start": START, "people": PEOPLE, "units": UNITS}  # fmt: skip
    with across_congresses() as alias, connections[alias].cursor() as cursor:
        cursor.execute(FILL, values)
    fresh_statistics()


def undone(congress: Congress, work) -> None:
    """Do it and take it back, so that it can be measured again."""
    with in_congress(congress):
        work(congress)
        transaction.set_rollback(True)


def floor_pass(congress: Congress) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, {"congress": congress.pk, "today": NOW.date()})


def scan(congress: Congress) -> None:
    assert actions.remind(NOW) > 100


def scan_of_all(congress: Congress) -> None:
    Deadline.objects.update(next_on=START, due_on=dt.date(2026, 3, 10))
    assert Membership.objects.exists() and actions.remind(NOW) > 100


def twice(congress: Congress) -> None:
    with in_congress(congress):
        assert actions.remind(NOW) == 0
