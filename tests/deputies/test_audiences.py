"""What deputies, everybody and programs see of the registry, and what they never see."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.actions import make_token
from congress.models import LogEntry, Role, Unit
from congress.tenancy import in_congress
from deputies import actions
from deputies.models import Deputy, DeputyGroup, Mandate
from tests import cast
from tests.performance import year

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
SECRETS = {"phone": "13812345678", "id_number": "320102197503060018", "born": "1975-03-06",
           "party": "九三学社社员", "education": "研究生"}  # fmt: skip


@pytest.fixture
def seats(binhai):
    """Six deputies; the first is the one who signs in, with all that is kept of a person."""
    with in_congress(binhai):
        found = year.seats(6)
        keeper = cast.member(binhai, Role.DEPUTY_AFFAIRS)
        street = Unit.objects.get(short_name="东湖街道")
        Mandate.objects.filter(pk__in=[s.pk for s in found[:3]]).update(street=street)
        actions.correct(found[0].deputy, by=keeper, gender="女", ethnicity="回族",
                        occupation="滨海区第一小学校长", **SECRETS)  # fmt: skip
        Deputy.objects.filter(pk=found[0].deputy_id).update(
            membership=cast.member(binhai, Role.DEPUTY)
        )
        group = actions.arrange(DeputyGroup(), by=keeper, name="东湖代表小组", street=street)
        actions.join_group(group, found[0].deputy, by=keeper, on=dt.date(2022, 2, 1))
        actions.join_group(group, found[1].deputy, by=keeper, on=dt.date(2022, 2, 1), role="leader")
        return found


@pytest.fixture
def phone(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY))


@pytest.fixture
def program(binhai, stranger_at):
    """`program(role)`: a client with a token of that role's membership."""

    def sign_in(role, congress=binhai):
        client = stranger_at(congress)
        with in_congress(congress):
            officer = cast.member(congress, Role.SECURITY_ADMIN)
            _, secret = make_token(cast.member(congress, role), by=officer, label="测试")
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client

    return sign_in


JSON = {"content_type": "application/json"}


def words(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


# -- The deputy -------------------------------------------------------------------------------


def test_a_deputy_sees_the_own_entry_with_the_numbers_hidden(phone, seats):
    shown = words(phone.get("/me/profile/"))
    assert "东湖代表小组" in shown and f"组长：{seats[1].deputy.name}" in shown
    assert "138****5678" in shown and SECRETS["phone"] not in shown
    assert SECRETS["id_number"] not in shown


def test_a_deputy_looks_colleagues_up_and_sees_nothing_private(phone, seats):
    shown = words(phone.get("/me/colleagues/"))
    assert all(s.deputy.name in shown for s in seats)
    assert "东湖代表小组（组长）" in shown
    for name in ("phone", "id_number", "born", "party", "education"):
        assert SECRETS[name] not in shown
    other = words(phone.get("/me/colleagues/", {"q": seats[4].deputy.name}))
    assert seats[4].deputy.name in other and seats[5].deputy.name not in other


def test_without_an_office_there_are_no_colleagues(phone, binhai, seats):
    with in_congress(binhai):
        Mandate.objects.filter(pk=seats[0].pk).update(
            ends_on=dt.date(2025, 1, 1), end_reason="resigned"
        )
    shown = words(phone.get("/me/colleagues/"))
    assert seats[1].deputy.name not in shown


def test_a_street_councillor_sees_those_of_the_own_street_alone(phone, binhai, seats):
    with in_congress(binhai):
        east, west = Unit.objects.filter(short_name__in=["东湖街道", "西园街道"])
        Mandate.objects.filter(pk__in=[s.pk for s in seats]).update(level="street_council")
        Mandate.objects.filter(pk__in=[s.pk for s in seats[:2]]).update(street=east)
        Mandate.objects.filter(pk__in=[s.pk for s in seats[2:]]).update(street=west)
    shown = words(phone.get("/me/colleagues/"))
    assert seats[1].deputy.name in shown and seats[2].deputy.name not in shown


# -- Everybody --------------------------------------------------------------------------------


def test_everybody_reads_who_represents_them_and_nothing_private(stranger_at, binhai, seats):
    client = stranger_at(binhai)
    name = f"{seats[0].deputy.name}（女，回族）"
    assert name in words(client.get("/deputies/"))
    shown = words(client.get(f"/deputies/{seats[0].deputy.public_id}/"))
    assert name in shown and "滨海区第一小学校长" in shown and "东湖代表小组" in shown
    for secret in SECRETS.values():
        assert secret not in shown
    assert "138****" not in shown


def test_who_is_suspended_or_gone_is_in_no_public_list(stranger_at, binhai, seats):
    with in_congress(binhai):
        keeper = cast.member(binhai, Role.DEPUTY_AFFAIRS)
        actions.suspend(seats[1], by=keeper, on=dt.date(2025, 1, 1), document="决定1号")
        actions.resign(seats[2], by=keeper, on=dt.date(2025, 1, 1), document="公告1号")
        actions.suspend(seats[3], by=keeper, on=dt.date(2025, 1, 1), document="决定2号")
        actions.resume(seats[3], by=keeper, on=dt.date(2025, 2, 1), document="决定3号")
        city = year.seat("市代表", 20, level="city")
    client = stranger_at(binhai)
    shown = words(client.get("/deputies/"))
    assert seats[3].deputy.name in shown
    for gone in (seats[1], seats[2], city):
        assert gone.deputy.name not in shown
        assert client.get(f"/deputies/{gone.deputy.public_id}/").status_code == 404


def test_the_neighbours_address_shows_nothing(stranger_at, shanyang, seats):
    client = stranger_at(shanyang)
    assert client.get(f"/deputies/{seats[0].deputy.public_id}/").status_code == 404
    assert seats[0].deputy.name not in words(client.get("/deputies/"))


@pytest.mark.parametrize("path", ["/deputies/", "/me/colleagues/", "/api/v1/mandates/"])
def test_lists_ask_the_same_however_long(path, program, phone, binhai, seats):
    client = program(Role.CHAIR) if "api" in path else phone
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    with in_congress(binhai):
        for n in range(20):
            year.seat(f"新代表{n}", 100 + n, seats[0].delegation)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


# -- Programs ---------------------------------------------------------------------------------


def test_a_program_reads_seats_as_at_a_day(program, binhai, seats):
    with in_congress(binhai):
        Mandate.objects.filter(pk=seats[0].pk).update(
            ends_on=dt.date(2025, 6, 30), end_reason="resigned"
        )
    client = program(Role.DEPUTY_AFFAIRS)
    assert client.get("/api/v1/mandates/").json()["count"] == 5
    assert client.get("/api/v1/mandates/", {"on": "2025-06-30"}).json()["count"] == 6
    assert client.get("/api/v1/mandates/", {"on": "昨天"}).status_code == 400


def test_a_program_sees_masked_numbers_and_gets_clear_ones_for_a_reason(program, binhai, seats):
    client, pk = program(Role.DEPUTY_AFFAIRS), seats[0].deputy_id
    row = client.get(f"/api/v1/deputies/{pk}/").json()
    assert (row["phone"], row["name"]) == ("138****5678", seats[0].deputy.name)
    assert row["belongings"] == ["东湖代表小组"]
    assert (
        client.post(f"/api/v1/deputies/{pk}/reveal/", {"reason": "看"}, **JSON).status_code == 400
    )
    shown = client.post(f"/api/v1/deputies/{pk}/reveal/", {"reason": "核对选民登记"}, **JSON)
    assert shown.json()["phone"] == SECRETS["phone"]
    with in_congress(binhai):
        assert LogEntry.objects.filter(step="deputies.reveal", note="核对选民登记").exists()


def test_a_program_registers_corrects_and_ends(program, binhai, seats):
    client = program(Role.DEPUTY_AFFAIRS)
    given = {"name": "欧阳若兰", "level": "county", "start_reason": "by_election",
             "starts_on": "2026-02-01", "document": "公告〔2026〕1号"}  # fmt: skip
    made = client.post("/api/v1/deputies/", given, **JSON)
    assert made.status_code == 201, made.content
    pk, seat = made.json()["id"], made.json()["mandates"][0]["id"]
    fixed = client.patch(f"/api/v1/deputies/{pk}/", {"occupation": "渔民"}, **JSON)
    assert (fixed.json()["occupation"], fixed.json()["name"]) == ("渔民", "欧阳若兰")
    end = f"/api/v1/mandates/{seat}/resign/"
    assert client.post(end, {"on": "2026-03-01"}, **JSON).status_code == 400
    done = client.post(end, {"on": "2026-03-01", "document": "公告〔2026〕2号"}, **JSON)
    assert done.json()["ends_on"] == "2026-03-01"
    again = client.post(end, {"on": "2026-03-01", "document": "公告〔2026〕2号"}, **JSON)
    assert again.status_code == 409 and "已经结束" in again.json()["detail"]


def test_programs_of_others_get_no_further_than_their_people(program, shanyang, seats):
    pk, seat = seats[0].deputy_id, seats[0].pk
    street = program(Role.STREET)
    assert street.get("/api/v1/mandates/").json()["count"] == 3
    assert street.get(f"/api/v1/deputies/{seats[5].deputy_id}/").status_code == 404
    assert street.post(f"/api/v1/mandates/{seat}/resign/", {}, **JSON).status_code == 403
    own = program(Role.DEPUTY)
    assert own.get("/api/v1/deputies/me/").json()["id"] == pk
    assert own.get("/api/v1/mandates/").status_code == 403
    stranger = program(Role.DEPUTY_AFFAIRS, shanyang)
    assert stranger.get("/api/v1/mandates/").json()["count"] == 0
    assert stranger.get(f"/api/v1/deputies/{pk}/").status_code == 404
    assert stranger.post(f"/api/v1/mandates/{seat}/resign/", {}, **JSON).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (["occupation"], 400),
        ("渔民", 400),
        ({"occupation": ["渔民"]}, 400),
        ({"born": "1975.13"}, 400),
        ({"born": 1975}, 200),
        ({"occupation": None}, 200),
    ],
)
def test_what_a_program_sends_in_a_strange_shape_is_answered_not_broken(
    program, seats, sent, status
):
    client, pk = program(Role.DEPUTY_AFFAIRS), seats[0].deputy_id
    answer = client.patch(f"/api/v1/deputies/{pk}/", json.dumps(sent), **JSON)
    assert answer.status_code == status, answer.content
    for path in ("deputies/", f"deputies/{pk}/reveal/", f"mandates/{seats[0].pk}/move/"):
        broken = client.post(f"/api/v1/{path}", json.dumps({"on": 20260301}), **JSON)
        assert broken.status_code == 400
        assert client.post(f"/api/v1/{path}", "[1]", **JSON).status_code == 400
