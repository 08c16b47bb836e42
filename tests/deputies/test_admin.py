"""The registry at the staff's desk: who sees whom, as at which day, what is hidden."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.crypto import blind_index
from congress.models import LogEntry, Role, Unit
from congress.tenancy import in_congress
from deputies.models import Deputy, Mandate
from tests import cast
from tests.performance import year

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
LIST = "/admin/deputies/deputy/"


@pytest.fixture
def seats(binhai):
    with in_congress(binhai):
        found = year.seats(6)
        east = Unit.objects.get(short_name="东湖街道")
        Mandate.objects.filter(pk__in=[s.pk for s in found[:3]]).update(street=east)
        return found


@pytest.fixture
def clerk(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


def words(response) -> str:
    return response.content.decode()


def page(name: str, *args) -> str:
    return reverse(f"admin:{name}", args=args)


def test_the_list_is_as_at_a_day(clerk, binhai, seats):
    with in_congress(binhai):
        Mandate.objects.filter(pk=seats[0].pk).update(
            ends_on=dt.date(2025, 6, 30), end_reason="resigned"
        )
    name = seats[0].deputy.name
    assert name not in words(clerk.get(LIST))
    assert name in words(clerk.get(LIST, {"on": "2025-06-30"}))
    left = words(clerk.get(LIST, {"left": "on"}))
    assert name in left and seats[1].deputy.name not in left


def streets_offered(client, address: str, asked: dict | None = None) -> list[str]:
    shown = words(client.get(address, asked))
    choice = re.search(r'<select name="street".*?</select>', shown, re.S)
    return re.findall(r"<option[^>]*>\s*(\S+?)\s*</option>", choice.group())[1:]


@pytest.mark.parametrize(
    "address",
    [LIST, "/admin/performance/dutyrecord/", "/admin/deputies/deputygroup/add/"],
)
def test_a_closed_street_is_offered_no_more(clerk, binhai, seats, address):
    with in_congress(binhai):
        Unit.objects.create(
            kind=Unit.Kind.STREET_COMMITTEE, name="已撤销的街道工委", short_name="撤销街道",
            valid_to=dt.date(2020, 1, 1),
        )  # fmt: skip
    offered = streets_offered(clerk, address)
    assert "东湖街道" in offered and "撤销街道" not in offered


def test_a_closed_street_stays_while_rows_that_are_shown_belong_to_it(clerk, binhai, seats):
    with in_congress(binhai):
        Unit.objects.filter(short_name="东湖街道").update(valid_to=dt.date(2024, 1, 1))
    assert "东湖街道" in streets_offered(clerk, LIST)
    with in_congress(binhai):
        Mandate.objects.filter(street__short_name="东湖街道").update(
            ends_on=dt.date(2024, 1, 1), end_reason="resigned"
        )
    assert "东湖街道" not in streets_offered(clerk, LIST)
    assert "东湖街道" in streets_offered(clerk, LIST, {"on": "2023-06-30"})
    assert "东湖街道" in streets_offered(clerk, LIST, {"left": "on"})


def test_a_street_sees_its_own_and_others_are_told_there_is_nothing(binhai, seats, client_of):
    street = client_of(cast.member(binhai, Role.STREET))
    shown = words(street.get(LIST))
    assert seats[0].deputy.name in shown and seats[5].deputy.name not in shown
    assert street.get(page("deputies_deputy_change", seats[5].deputy_id)).status_code == 404
    assert street.get(page("deputies_correct", seats[0].deputy_id)).status_code == 403


def test_the_neighbour_finds_nothing(shanyang, seats, client_of):
    stranger = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    pk, seat = seats[0].deputy_id, seats[0].pk
    for address in (
        page("deputies_deputy_change", pk), page("deputies_correct", pk),
        page("deputies_reveal", pk), page("deputies_login", pk),
        page("deputies_seat_event", seat, "resign"),
    ):  # fmt: skip
        assert stranger.get(address).status_code == 404
    assert seats[0].deputy.name not in words(stranger.get(LIST))


def test_hidden_numbers_are_shown_for_a_reason_that_is_kept(clerk, binhai, seats):
    pk = seats[0].deputy_id
    clerk.post(page("deputies_correct", pk), {"name": seats[0].deputy.name, "phone": "13812345678"})
    shown = words(clerk.get(page("deputies_deputy_change", pk)))
    assert "138****5678" in shown and "13812345678" not in shown
    refused = clerk.post(page("deputies_reveal", pk), {"reason": "看"})
    assert refused.status_code == 422 and "13812345678" not in words(refused)
    shown = clerk.post(page("deputies_reveal", pk), {"reason": "核对补选登记表"})
    assert "13812345678" in words(shown) and "no-store" in shown["Cache-Control"]
    with in_congress(binhai):
        assert LogEntry.objects.filter(step="deputies.reveal", note="核对补选登记表").exists()
    # Correcting something else leaves the number as it is.
    clerk.post(page("deputies_correct", pk), {"name": seats[0].deputy.name, "party": "中共党员"})
    with in_congress(binhai):
        assert Deputy.objects.get(pk=pk).phone == "13812345678"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"id_number": "320102197503060120"}, "校验位不对"),
        ({"born": "1975.13"}, "1975-03"),
        ({"phone": "1381234"}, "11 位"),
        ({"name": ""}, "姓名"),
    ],
)
def test_a_wrong_value_is_said_and_nothing_is_written(clerk, binhai, seats, values, said):
    pk = seats[0].deputy_id
    sent = clerk.post(page("deputies_correct", pk), {"name": "改名"} | values)
    assert sent.status_code == 422 and said in words(sent)
    with in_congress(binhai):
        assert Deputy.objects.get(pk=pk).name != "改名"


def test_a_seat_ends_with_its_day_and_document(clerk, binhai, seats):
    address = page("deputies_seat_event", seats[0].pk, "resign")
    assert clerk.post(address, {"on": "2026-03-01"}).status_code == 422
    clerk.post(address, {"on": "２０２６.3.1", "document": "常委会公告〔2026〕3号"})
    with in_congress(binhai):
        seats[0].refresh_from_db()
        assert (seats[0].ends_on, seats[0].end_reason) == (dt.date(2026, 3, 1), "resigned")
    again = clerk.post(address, {"on": "2026-03-02", "document": "常委会公告〔2026〕4号"})
    assert again.status_code == 409


def test_a_deputy_is_registered_by_hand_and_gets_a_login(clerk, binhai, seats):
    sent = clerk.post(
        page("deputies_deputy_add"),
        {
            "name": "欧阳　若兰", "level": "county", "start_reason": "by_election",
            "starts_on": "2026-02-01", "document": "补选公告〔2026〕1号", "phone": "13912345678",
        },
    )  # fmt: skip
    assert sent.status_code == 302
    with in_congress(binhai):
        row = Deputy.objects.get(name="欧阳若兰")
        assert row.mandates.get().events.get().document == "补选公告〔2026〕1号"
    assert "密码只显示一次" in words(clerk.get(page("deputies_login", row.pk)))
    sent = clerk.post(page("deputies_login", row.pk))
    shown = clerk.get(sent["Location"])
    assert "初始密码" in words(shown) and f"binhai-d{row.pk}" in words(shown)
    assert "no-store" in shown["Cache-Control"]
    assert "已经显示过了" in words(clerk.get(sent["Location"]))
    with in_congress(binhai):
        row.refresh_from_db()
        user = row.membership.user
        assert (row.membership.role, row.membership.name) == ("deputy", "欧阳若兰")
        assert user.must_change_password and user.mobile_index == blind_index("13912345678")
    assert "已经开通登录" in words(clerk.get(page("deputies_login", row.pk)))


def test_a_mobile_number_of_somebody_else_does_not_sign_the_deputy_in(clerk, binhai, seats):
    with in_congress(binhai):
        first, second = seats[0].deputy, seats[1].deputy
        for row in (first, second):
            row.phone, row.phone_index = "13912345678", blind_index("13912345678")
            row.save()
    for row in (first, second):
        sent = clerk.post(page("deputies_login", row.pk))
        assert "初始密码" in words(clerk.get(sent["Location"]))
    with in_congress(binhai):
        indexes = [
            Deputy.objects.get(pk=r.pk).membership.user.mobile_index for r in (first, second)
        ]
    assert indexes == [blind_index("13912345678"), None]


def test_the_list_is_exported_as_it_is_filtered(clerk, seats):
    sent = clerk.get(LIST, {"q": seats[0].deputy.name, "export": "1"})
    assert sent["Content-Type"].endswith("spreadsheetml.sheet")


def test_the_list_asks_the_same_however_long(clerk, binhai, seats):
    clerk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        clerk.get(LIST)
    with in_congress(binhai):
        for n in range(30):
            year.seat(f"新代表{n}", 100 + n)
    with CaptureQueriesContext(connection) as many:
        clerk.get(LIST)
    assert len(many) == len(few)
