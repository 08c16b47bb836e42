"""Changing between congresses: a ticket for one person, one congress, once, for two minutes."""

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core import signing

from congress import actions, crossing
from congress.models import LogEntry, Membership, Role, SubmittedForm
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
ARRIVE = "/accounts/arrive/"


@pytest.fixture(autouse=True)
def platform_sees_the_test(monkeypatch):
    """The platform's login cannot see a test's open transaction: the application's looks into
    each congress instead."""
    from congress import access
    from congress.models import Congress

    def congresses_of(user):
        found = []
        for congress in Congress.objects.filter(is_active=True):
            with in_congress(congress):
                if access.memberships_in_force(user):
                    found.append(congress)
        return found

    monkeypatch.setattr(access, "congresses_of", congresses_of)


@pytest.fixture
def traveller(binhai, shanyang):
    """程办理 of 滨海 is a chairman of 山阳 too."""
    row = cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(shanyang):
        actions.add_member(by=None, user=row.user, name="程办理", role=Role.CHAIR)
    return row


@pytest.fixture
def there(shanyang, stranger_at):
    return stranger_at(shanyang)


def words(response) -> str:
    return response.content.decode()


def ticket_of(client, shanyang) -> str:
    sent = client.post(f"/me/account/go/{shanyang.pk}/")
    parts = urlsplit(sent["Location"])
    assert (parts.scheme, parts.hostname, parts.path) == ("http", "shanyang.localhost", ARRIVE)
    return parse_qs(parts.query)["ticket"][0]


def arrive(client, ticket: str):
    return client.post(ARRIVE, {"ticket": ticket})


def is_in(client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_a_member_of_two_congresses_goes_over_and_is_somebody_else_there(
    traveller, shanyang, client_of, there
):
    here = client_of(traveller)
    page = here.get("/me/account/")
    assert "进入山阳县人大" in words(page)
    assert "http://shanyang.localhost" in page["Content-Security-Policy"]
    ticket = ticket_of(here, shanyang)
    shown = words(there.get(ARRIVE, {"ticket": ticket}))
    assert "程办理（主任会议成员）" in shown and not is_in(there)
    assert arrive(there, ticket)["Location"] == "/first/"
    assert "主任会议成员" in words(there.get("/me/account/"))
    assert is_in(here)
    with in_congress(shanyang):
        assert LogEntry.objects.filter(step="congress.arrive").count() == 1
    with in_congress(traveller.congress):
        assert LogEntry.objects.get(step="congress.leave_for").by == traveller


def test_a_ticket_is_good_once(traveller, shanyang, client_of, there, stranger_at):
    ticket = ticket_of(client_of(traveller), shanyang)
    assert arrive(there, ticket).status_code == 302
    other = stranger_at(shanyang)
    assert arrive(other, ticket).status_code == 409
    assert other.get(ARRIVE, {"ticket": ticket}).status_code == 409
    assert not is_in(other)


def test_without_the_used_up_number_a_ticket_would_be_good_twice(
    traveller, shanyang, client_of, there, stranger_at
):
    """The control of the test above."""
    ticket = ticket_of(client_of(traveller), shanyang)
    arrive(there, ticket)
    with in_congress(shanyang):
        SubmittedForm.objects.all().delete()
    assert arrive(stranger_at(shanyang), ticket).status_code == 302


def test_a_ticket_is_good_for_two_minutes(traveller, shanyang, client_of, there):
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as clock:
        ticket = ticket_of(client_of(traveller), shanyang)
        clock.shift(121)
        assert arrive(there, ticket).status_code == 409
        assert not is_in(there)
        clock.shift(-2)
        assert arrive(there, ticket).status_code == 302


def test_a_ticket_does_not_open_another_congress(
    traveller, binhai, shanyang, client_of, stranger_at
):
    ticket = ticket_of(client_of(traveller), shanyang)
    wrong = stranger_at(binhai)
    assert arrive(wrong, ticket).status_code == 409
    assert not is_in(wrong)


def test_a_ticket_signs_nobody_else_in(traveller, shanyang, client_of):
    """Somebody else is signed in there already: nothing changes under that person's hands."""
    other = client_of(cast.member(shanyang, Role.STREET))
    ticket = ticket_of(client_of(traveller), shanyang)
    sent = arrive(other, ticket)
    assert sent.status_code == 409 and "街东湖" in words(sent)
    assert "街东湖" in words(other.get("/me/account/"))


@pytest.mark.parametrize(
    "change",
    [{"user": 1}, {"congress": 1}, {"second_factor": True}, {"signed_in_at": 9999999999}],
)
def test_a_changed_ticket_is_refused(traveller, shanyang, client_of, there, change):
    ticket = ticket_of(client_of(traveller), shanyang)
    values = signing.loads(ticket, salt=crossing.SALT)
    body = signing.dumps(values | change, salt=crossing.SALT, key="another key of fifty letters")
    assert arrive(there, body).status_code == 409
    head = signing.dumps(values | change, salt=crossing.SALT).rsplit(":", 1)[0]
    assert arrive(there, f"{head}:{ticket.rsplit(':', 1)[1]}").status_code == 409
    assert not is_in(there)


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "\0"])
def test_what_is_no_ticket_is_refused_in_words(shanyang, there, text):
    sent = arrive(there, text)
    assert sent.status_code == 409 and "已经失效" in words(sent)


def test_a_signed_text_of_another_kind_is_no_ticket(shanyang, there):
    assert arrive(there, signing.dumps("shanyang", salt="congress")).status_code == 409
    assert arrive(there, signing.dumps({"x": 1}, salt=crossing.SALT)).status_code == 409


def test_an_ended_session_or_account_ends_its_tickets(traveller, shanyang, client_of, there):
    ticket = ticket_of(client_of(traveller), shanyang)
    with in_congress(traveller.congress):
        actions.end_sessions(traveller, by=None)
    assert arrive(there, ticket).status_code == 409
    ticket = ticket_of(client_of(as_now(traveller)), shanyang)
    traveller.user.is_active = False
    traveller.user.save(update_fields=["is_active"])
    assert arrive(there, ticket).status_code == 409


def as_now(row: Membership) -> Membership:
    """The member with the account as it is now."""
    return cast.member(row.congress, Role(row.role))


def test_who_left_the_other_congress_does_not_get_in(traveller, shanyang, client_of, there):
    ticket = ticket_of(client_of(traveller), shanyang)
    with in_congress(shanyang):
        actions.end_membership(Membership.objects.get(user=traveller.user), by=None)
        Membership.objects.filter(user=traveller.user).update(valid_to="2020-01-01")
    assert arrive(there, ticket).status_code == 409


def test_the_way_over_is_shown_and_open_to_members_alone(binhai, shanyang, client_of):
    client = client_of(cast.member(binhai, Role.STREET))
    assert "进入山阳县人大" not in words(client.get("/me/account/"))
    for pk in (shanyang.pk, binhai.pk, 99999999):
        assert client.post(f"/me/account/go/{pk}/").status_code == 404


def test_the_second_factor_and_the_age_of_the_session_go_along(
    traveller, shanyang, client_of, there
):
    here = client_of(traveller)
    session = here.session
    session["signed_in_at"], session["seen_at"] = 1700000000, 32503680000
    session["second_factor"] = True
    session.save()
    with time_machine.travel(1700000600, tick=False):
        assert arrive(there, ticket_of(here, shanyang)).status_code == 302
        assert there.session["signed_in_at"] == 1700000000
        assert there.session["second_factor"] is True
    with time_machine.travel(1700000600 + 12 * 3600, tick=False):
        assert "ended=" in there.get("/me/account/")["Location"]


def test_at_a_bare_address_the_choice_changes(traveller, shanyang, client_of):
    client = client_of(traveller)
    client.cookies["congress"] = signing.dumps("binhai", salt="congress")
    sent = client.post(f"/me/account/go/{shanyang.pk}/", headers={"host": "127.0.0.1"})
    assert sent["Location"] == "/first/"
    page = client.get("/me/account/", headers={"host": "127.0.0.1"})
    assert "山阳县" in words(page)


def test_a_link_alone_signs_nobody_in(traveller, shanyang, client_of, there):
    """A page that is only opened changes nothing: nobody is signed in by a picture's address."""
    ticket = ticket_of(client_of(traveller), shanyang)
    there.get(ARRIVE, {"ticket": ticket})
    assert not is_in(there)
    with in_congress(shanyang):
        assert not SubmittedForm.objects.exists()


def test_numbers_are_long_enough_not_to_be_guessed(traveller, shanyang, client_of):
    values = signing.loads(ticket_of(client_of(traveller), shanyang), salt=crossing.SALT)
    assert uuid.UUID(values["number"]).version == 4
