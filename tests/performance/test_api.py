"""Duty performance for programs: own facts, own account, reports and objections."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.models import Membership, Role, Unit
from congress.tenancy import in_congress
from deputies.models import Mandate
from performance import actions
from performance.models import DutyRecord, SelfReport
from tests import cast
from tests.performance import year
from tests.programs import Program

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
NEW = {"item": "E03", "on": "2025-05-20", "title": "到湖滨社区参加志愿服务"}


@pytest.fixture
def seats(binhai):
    """Four deputies, two of them of 东湖街道; the first is the cast's 代表甲."""
    with in_congress(binhai):
        actions.ship_items()
        found = year.seats(4)
        east = Unit.objects.get(short_name="东湖街道")
        Mandate.objects.filter(pk__in=[s.pk for s in found[:2]]).update(street=east)
        deputy = found[0].deputy
        deputy.membership = Membership.objects.filter(role=Role.DEPUTY).order_by("pk").first()
        deputy.save()
        year.facts(found, 5)
        return found


@pytest.fixture
def counted(binhai, seats):
    """The year, tallied."""
    with in_congress(binhai):
        period = year.period()
        actions.tally(period, by=None)
        return period


def program(congress, role=Role.DEPUTY) -> Program:
    return Program(cast.member(congress, role))


def rows(answer) -> list[dict]:
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def whose(answer) -> set[str]:
    return {row["name"] for row in rows(answer)}


def test_each_role_reads_the_facts_of_its_own_deputies(binhai, seats):
    everybody = [s.deputy.name for s in seats]
    facts = "performance/facts/"
    assert whose(program(binhai).get(facts)) == {everybody[0]}
    assert whose(program(binhai, Role.STREET).get(facts)) == set(everybody[:2])
    assert whose(program(binhai, Role.DEPUTY_AFFAIRS).get(facts)) == set(everybody)
    assert program(binhai, Role.HANDLING_UNIT).get(facts).status_code == 403
    other = {"deputy": seats[2].deputy_id}
    assert rows(program(binhai).get(facts, other)) == []


def test_facts_are_filtered_and_what_was_taken_back_says_why(binhai, seats):
    deputy = program(binhai)
    with in_congress(binhai):
        mine = list(DutyRecord.objects.filter(deputy=seats[0].deputy).order_by("on"))
        actions.withdraw([mine[0]], by=year.keeper(), reason="重复录入")
    taken = rows(deputy.get("performance/facts/", {"withdrawn": "true"}))
    assert [(f["id"], f["withdrawn_reason"]) for f in taken] == [(mine[0].pk, "重复录入")]
    assert len(rows(deputy.get("performance/facts/", {"withdrawn": "false"}))) == len(mine) - 1
    since = {"since": mine[-1].on.isoformat()}
    assert [f["on"] for f in rows(deputy.get("performance/facts/", since))] == [since["since"]]
    assert deputy.get("performance/facts/", {"since": "去年"}).status_code == 400


def test_a_deputy_reports_a_duty_and_drops_it(binhai, seats):
    deputy = program(binhai)
    sent = deputy.post("performance/reports/", NEW)
    assert sent.status_code == 201, sent.content
    told = sent.json()
    assert (told["state"], told["name"], told["on_behalf"]) == (
        "submitted",
        seats[0].deputy.name,
        False,
    )
    one = f"performance/reports/{told['id']}/"
    assert deputy.get(one).json() == rows(deputy.get("performance/reports/"))[0]
    assert deputy.post(f"{one}drop/").json()["state"] == "dropped"
    assert deputy.post(f"{one}drop/").status_code == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"item": "none"}, 400),
        ({"quantity": "0"}, 400),
        ({"quantity": "无"}, 400),
        ({"title": ""}, 400),
        ({"title": "长" * 161}, 400),
        ({"on": "五月"}, 400),
        ({"level": "galactic"}, 400),
        ({"on": "2099-01-01"}, 409),
        ({"on": "2001-01-01"}, 409),
    ],
)
def test_a_report_that_cannot_be_is_refused_and_not_kept(binhai, seats, change, status):
    answer = program(binhai).post("performance/reports/", NEW | change)
    assert answer.status_code == status, answer.content
    with in_congress(binhai):
        assert not SelfReport.objects.exists()


def test_staff_enter_for_their_own_deputies_only(binhai, seats):
    street = program(binhai, Role.STREET)
    assert street.post("performance/reports/", NEW).status_code == 400
    own = street.post("performance/reports/", NEW | {"deputy": seats[1].deputy_id})
    assert (own.status_code, own.json()["on_behalf"]) == (201, True)
    other = NEW | {"deputy": seats[2].deputy_id}
    assert street.post("performance/reports/", other).status_code == 404
    assert program(binhai, Role.CHAIR).post("performance/reports/", other).status_code == 403
    # A deputy reports for nobody else, whatever is sent.
    mine = program(binhai).post("performance/reports/", other)
    assert mine.json()["deputy"] == seats[0].deputy_id


def test_a_deputy_reads_the_own_account_and_no_other(binhai, seats, counted):
    deputy, keeper = program(binhai), program(binhai, Role.DEPUTY_AFFAIRS)
    year_of = f"performance/periods/{counted.pk}/"
    assert [p["name"] for p in rows(deputy.get("performance/periods/"))] == [counted.name]
    mine = deputy.get(f"{year_of}account/").json()
    assert mine["deputy"] == seats[0].deputy_id and mine["lines"]
    top = [line for line in mine["lines"] if line["depth"] == 0]
    assert sum(float(line["points"]) for line in top) == pytest.approx(float(mine["total"]))
    assert all(line["sentence"] for line in mine["lines"])
    assert whose(deputy.get(f"{year_of}totals/")) == {seats[0].deputy.name}
    assert deputy.get(f"{year_of}totals/{seats[1].deputy_id}/").status_code == 404
    assert len(rows(keeper.get(f"{year_of}totals/"))) == 4
    tallied = keeper.get(f"{year_of}totals/{seats[0].deputy_id}/").json()
    assert mine["is_reckoned"] and not tallied["is_reckoned"] and tallied["counted_until"]
    assert (tallied["total"], tallied["lines"]) == (mine["total"], mine["lines"])
    assert keeper.get(f"{year_of}account/").status_code == 403


def test_before_the_first_tally_the_account_is_reckoned_from_the_facts(binhai, seats):
    with in_congress(binhai):
        period = year.period()
    deputy = program(binhai)
    assert rows(deputy.get(f"performance/periods/{period.pk}/totals/")) == []
    before = float(deputy.get(f"performance/periods/{period.pk}/account/").json()["total"])
    with in_congress(binhai):
        year.fact(seats[0].deputy, "E03", dt.date(2025, 11, 11))
    after = deputy.get(f"performance/periods/{period.pk}/account/").json()
    assert float(after["total"]) > before
    assert deputy.get("performance/periods/999999/totals/").status_code == 404


def test_a_deputy_objects_to_an_own_fact(binhai, seats, counted):
    deputy = program(binhai)
    with in_congress(binhai):
        mine = DutyRecord.objects.filter(deputy=seats[0].deputy).first()
        other = DutyRecord.objects.filter(deputy=seats[1].deputy).first()
    wrong = {"period": counted.pk, "kind": "wrong", "text": "那天没有到会", "record": mine.pk}
    sent = deputy.post("performance/objections/", wrong)
    assert (sent.status_code, sent.json()["state"]) == (201, "open")
    assert deputy.post("performance/objections/", wrong).status_code == 409
    assert deputy.post("performance/objections/", wrong | {"record": other.pk}).status_code == 404
    missing = {"period": counted.pk, "kind": "missing", "text": "漏了志愿服务", "item": "E03"}
    assert deputy.post("performance/objections/", missing).json()["item"] == "E03"
    assert len(rows(deputy.get("performance/objections/", {"state": "open"}))) == 2
    keeper = program(binhai, Role.DEPUTY_AFFAIRS)
    assert keeper.post("performance/objections/", missing).status_code == 403
    assert len(rows(keeper.get("performance/objections/"))) == 2


PATHS = ("items/", "facts/", "reports/", "periods/", "objections/")


def test_a_stranger_and_a_session_without_token_are_asked_for_one(
    binhai, counted, client_of, stranger_at
):
    account = f"periods/{counted.pk}/account/"
    for client in (stranger_at(binhai), client_of(cast.member(binhai, Role.DEPUTY))):
        for path in (*PATHS, account):
            assert client.get(f"/api/v1/performance/{path}").status_code == 401


def test_the_neighbour_finds_nothing(binhai, shanyang, seats, counted):
    report = program(binhai).post("performance/reports/", NEW).json()["id"]
    with in_congress(binhai):
        fact = DutyRecord.objects.first().pk
    for role in (Role.DEPUTY_AFFAIRS, Role.DEPUTY):
        neighbour = program(shanyang, role)
        for path in PATHS[1:]:
            assert rows(neighbour.get(f"performance/{path}")) == []
        assert neighbour.get(f"performance/reports/{report}/").status_code == 404
        year_of = f"performance/periods/{counted.pk}/"
        assert neighbour.get(f"{year_of}totals/").status_code == 404
        assert neighbour.get(f"{year_of}totals/{seats[0].deputy_id}/").status_code == 404
    with in_congress(shanyang):
        actions.ship_items()
    drop = program(shanyang).post(f"performance/reports/{report}/drop/")
    assert drop.status_code == 404
    entered = program(shanyang, Role.DEPUTY_AFFAIRS).post(
        "performance/reports/", NEW | {"deputy": seats[0].deputy_id}
    )
    assert entered.status_code == 404
    wrong = {"period": counted.pk, "kind": "wrong", "text": "不对", "record": fact}
    assert program(shanyang).post("performance/objections/", wrong).status_code == 404


def test_lists_ask_the_same_however_long(binhai, seats, counted):
    keeper = program(binhai, Role.DEPUTY_AFFAIRS)
    paths = [f"performance/{p}" for p in ("facts/", "reports/", "objections/")]
    paths.append(f"performance/periods/{counted.pk}/totals/")

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as sent:
                assert rows(keeper.get(path)), path
            counts.append(len(sent))
        return counts

    def more(each: int, since: int) -> None:
        for n in range(since, since + each):
            on = dt.date(2025, 3, 1) + dt.timedelta(days=n)
            program_of.post("performance/reports/", NEW | {"on": on.isoformat()})
            missing = {"period": counted.pk, "kind": "missing", "text": f"漏{n}", "item": "E03"}
            program_of.post("performance/objections/", missing)

    program_of = program(binhai)
    more(1, 0)
    few = asked()
    more(12, 1)
    with in_congress(binhai):
        newer = [year.seat(f"新代表{n}", 100 + n) for n in range(12)]
        year.facts(newer, 3)
        actions.tally(counted, by=None)
    assert asked() == few
