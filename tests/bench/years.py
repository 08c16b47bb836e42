"""Years of realistic size for the measurements: made by the database itself, in seconds."""

import datetime as dt

from django.db import connections

from congress.models import Congress, Role, Term
from congress.names import initials, pinyin_key
from congress.tenancy import across_congresses, in_congress
from deputies.models import Delegation, Deputy, Mandate, MandateEvent
from performance.models import DutyRecord, Period
from tests import cast
from tests.performance import year

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰志建国文博思远雅婷子涵浩然若水清和启元"


def name(n: int) -> str:
    """An invented name; no two alike below a few thousand."""
    one = GIVEN[(n * 7) % len(GIVEN)]
    two = GIVEN[(n * 13 + n // len(SURNAMES)) % len(GIVEN)] if n % 5 else ""
    return SURNAMES[n % len(SURNAMES)] + one + two


def make(key: str, deputies: int, facts: int, delegations: int = 8) -> tuple[Congress, Period]:
    """A congress with one open year, `deputies` seats and about `facts` facts of every kind."""
    congress = cast.make_congress(key, key)
    with in_congress(congress):
        period = year.period()
        term = Term.objects.get()
        places = [
            Delegation.objects.create(name=f"第{'一二三四五六七八九十'[n]}代表团", position=n)
            for n in range(delegations)
        ]
        people = Deputy.objects.bulk_create(
            Deputy(name=name(n), name_key=pinyin_key(name(n)), initials=initials(name(n)))
            for n in range(deputies)
        )
        seats = Mandate.objects.bulk_create(
            Mandate(
                deputy=person,
                level="county",
                term=term,
                delegation=places[n * delegations // deputies],
                number=f"{n + 1:04}",
                position=n + 1,
                starts_on=dt.date(2025, 7, 1) if n % 97 == 96 else dt.date(2022, 1, 10),
            )
            for n, person in enumerate(people)
        )
        MandateEvent.objects.create(
            mandate=seats[5], kind=MandateEvent.Kind.SUSPENDED, on=dt.date(2025, 11, 1)
        )
    fill(congress, facts)
    return congress, period


FILL = """
INSERT INTO performance_dutyrecord (congress_id, deputy_id, item_id, "on", title, quantity, outcome,
    role, level, attributes, source_kind, source_id, on_behalf, created_at, withdrawn_reason)
SELECT %(congress)s, d.id, i.id, DATE '2025-01-01' + (n * 37 %% 365)::int, i.name,
    CASE WHEN i.code = 'A01' THEN 0.5 * (1 + n %% 3) ELSE 1 END,
    CASE WHEN i.code IN ('A01', 'B01', 'B02', 'B03', 'B04', 'B05', 'B06', 'B10', 'E01')
        THEN (ARRAY['present', 'present', 'present', 'present', 'present', 'late', 'leave',
            'absent'])[1 + (n * 11 / 3) %% 8] ELSE '' END,
    '', CASE WHEN i.code = 'E05' THEN (ARRAY['city', 'county'])[1 + n %% 2] ELSE '' END,
    '{}', 'bench', n::text, false, now(), ''
FROM generate_series(1, %(facts)s) AS n
CROSS JOIN (SELECT count(*) AS many FROM deputies_deputy WHERE congress_id = %(congress)s) AS ds
CROSS JOIN (SELECT count(*) AS many FROM performance_dutyitem WHERE congress_id = %(congress)s)
    AS "is"
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k
    FROM deputies_deputy WHERE congress_id = %(congress)s) AS d
    ON d.k = (n * 31 + n / 7) %% ds.many
JOIN (SELECT id, code, name, row_number() OVER (ORDER BY position, id) - 1 AS k
    FROM performance_dutyitem WHERE congress_id = %(congress)s) AS i
    ON i.k = (n * 7 + n / 23) %% "is".many
"""


def fill(congress: Congress, facts: int) -> None:
    """Write the facts across all deputies, items and days."""
    with across_congresses() as alias, connections[alias].cursor() as cursor:
        cursor.execute(FILL, {"congress": congress.pk, "facts": facts})


def count(congress: Congress) -> int:
    with in_congress(congress):
        return DutyRecord.objects.count()


def keeper(congress: Congress):
    return cast.member(congress, Role.DEPUTY_AFFAIRS)
