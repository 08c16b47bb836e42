"""Published editions for programs: those one may read, only what was published, the seal."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.models import Membership, Role
from congress.tenancy import in_congress
from performance import actions
from performance.models import RuleNode
from tests.performance import year
from tests.performance.test_publications import draft, publish

from .test_api import program, rows

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
LIST = "performance/publications/"


@pytest.fixture
def editions(binhai):
    """One edition for everybody, one for the house alone; the first deputy is 代表甲's."""
    with in_congress(binhai):
        period = year.period()
        seats = year.seats(6, 2)
        mine = seats[0].deputy
        mine.membership = Membership.objects.filter(role=Role.DEPUTY).order_by("pk").first()
        mine.save()
        year.facts(seats)
        actions.tally(period, by=year.keeper())
        drafts = [
            draft(period, columns=["total", "days"]),
            draft(period, audience="internal", columns=["total", "aspects", "items", "grade"]),
        ]
        return [publish(row) for row in drafts]


def test_each_role_lists_what_was_published_for_it(binhai, editions):
    def listed(role):
        return {row["audience"] for row in rows(program(binhai, role).get(LIST))}

    assert listed(Role.DEPUTY) == listed(Role.STREET) == {"public"}
    assert listed(Role.CHAIR) == listed(Role.DEPUTY_AFFAIRS) == {"public", "internal"}
    assert program(binhai, Role.HANDLING_UNIT).get(LIST).status_code == 403
    assert len(rows(program(binhai, Role.CHAIR).get(LIST, {"audience": "internal"}))) == 1


def test_a_draft_is_not_listed_even_to_those_who_make_it(binhai, editions):
    with in_congress(binhai):
        later = actions.correct_publication(editions[0], by=year.keeper(), reason="漏记一条")
    keeper = program(binhai, Role.DEPUTY_AFFAIRS)
    assert str(later.public_id) not in {row["public_id"] for row in rows(keeper.get(LIST))}
    assert keeper.get(f"{LIST}{later.public_id}/").status_code == 404


def test_one_edition_says_how_it_was_counted_and_bears_its_seal(binhai, editions):
    row = editions[0]
    answer = program(binhai).get(f"{LIST}{row.public_id}/").json()
    assert answer["manifest"] == row.manifest and answer["deputies"] == 6
    assert answer["corrects"] is None and answer["newer"] is None
    assert {"key": "B06", "name": "到家站点接待选民"}.items() <= next(
        rule for rule in answer["rules"] if rule["key"] == "B06"
    ).items()
    with in_congress(binhai):
        mine = row.rows.get(deputy__membership__role=Role.DEPUTY)
    assert answer["mine"] == {"总分": f"{mine.total:.1f}", "履职天数": str(mine.days)}
    assert program(binhai, Role.CHAIR).get(f"{LIST}{row.public_id}/").json()["mine"] is None


def test_rows_are_the_frozen_ones_and_only_the_published_columns(binhai, editions):
    public, internal = editions
    found = rows(program(binhai).get(f"{LIST}{public.public_id}/rows/"))
    with in_congress(binhai):
        frozen = [(r.position, r.name, str(r.total), r.days) for r in public.rows.all()]
    assert [(r["position"], r["name"], r["total"], r["days"]) for r in found] == frozen
    assert not {"grade", "aspects", "items", "rank"} & set(found[0])
    inside = rows(program(binhai, Role.CHAIR).get(f"{LIST}{internal.public_id}/rows/"))
    assert {"grade", "aspects", "items", "total"} <= set(inside[0]) and "days" not in inside[0]
    one = {"part": "第1代表团"}
    assert len(rows(program(binhai).get(f"{LIST}{public.public_id}/rows/", one))) == 3


def test_what_one_may_not_read_is_not_there(binhai, shanyang, editions):
    public, internal = editions
    for path in (f"{LIST}{internal.public_id}/", f"{LIST}{internal.public_id}/rows/"):
        assert program(binhai).get(path).status_code == 404
    neighbour = program(shanyang, Role.DEPUTY_AFFAIRS)
    assert rows(neighbour.get(LIST)) == []
    for path in (f"{LIST}{public.public_id}/", f"{LIST}{public.public_id}/rows/"):
        assert neighbour.get(path).status_code == 404


def test_a_later_edition_is_named_by_the_one_before(binhai, editions):
    with in_congress(binhai):
        first = editions[0]
        later = actions.correct_publication(first, by=year.keeper(), reason="漏记一条")
        row = first.rows.first()
        actions.enter_correction(
            later, by=year.keeper(), deputy=row.deputy, points=6, reason="漏记",
            node=RuleNode.objects.get(version=first.tally.version, key="B06"),
        )  # fmt: skip
        later = publish(later)
    assert program(binhai).get(f"{LIST}{first.public_id}/").json()["newer"] == str(later.public_id)
    answer = program(binhai).get(f"{LIST}{later.public_id}/").json()
    assert answer["corrects"] == str(first.public_id) and answer["reason"] == "漏记一条"


def test_rows_take_the_same_number_of_queries_however_many(binhai, editions):
    client = program(binhai)

    def queries(size):
        with CaptureQueriesContext(
            connection,
        ) as taken:
            rows(client.get(f"{LIST}{editions[0].public_id}/rows/", {"size": size}))
        return len(taken)

    assert queries(1) == queries(6)
