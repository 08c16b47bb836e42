"""The pages of groups, committees, delegations, constituencies and of what happened to seats."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role, Unit
from congress.tenancy import in_congress
from deputies import actions
from deputies.models import CommitteeSeat, Delegation, DeputyGroup, GroupSeat, Mandate
from tests import cast
from tests.performance import year

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
FROM = dt.date(2022, 2, 1)


@pytest.fixture
def keeper(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


@pytest.fixture
def seats(binhai):
    with in_congress(binhai):
        found = year.seats(6)
        east = Unit.objects.get(short_name="东湖街道")
        Mandate.objects.filter(pk__in=[s.pk for s in found[:3]]).update(street=east)
        return found


@pytest.fixture
def group(binhai, keeper, seats):
    with in_congress(binhai):
        group = actions.arrange(DeputyGroup(), by=keeper, name="东湖代表小组")
        actions.join_group(group, seats[0].deputy, by=keeper, on=FROM, role="leader")
        actions.join_group(group, seats[4].deputy, by=keeper, on=FROM)
        return group


@pytest.fixture
def clerk(keeper, client_of):
    return client_of(keeper)


def words(response, status=200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def page(name: str, *args) -> str:
    return reverse(f"admin:deputies_{name}", args=args)


def test_a_group_is_shown_as_it_was_on_a_day(clerk, binhai, keeper, seats, group):
    with in_congress(binhai):
        seat = GroupSeat.objects.get(deputy=seats[4].deputy)
        actions.leave(seat, by=keeper, on=dt.date(2025, 6, 30))
    address = page("deputygroup_change", group.pk)
    assert seats[4].deputy.name not in words(clerk.get(address))
    assert seats[4].deputy.name in words(clerk.get(address, {"on": "2025-06-30"}))
    assert f"组长：{seats[0].deputy.name}" in words(clerk.get(page("deputygroup_changelist")))


def test_several_enter_a_group_at_once_by_name(clerk, binhai, seats, group):
    names = f"{seats[1].deputy.name}、{seats[2].deputy.name}\n{seats[3].deputy.name}"
    address = page("group_join", group.pk)
    refused = clerk.post(address, {"who": f"{names}，张无此人", "role": "member", "on": "2026-3-2"})
    assert "名册里没有在任的“张无此人”" in words(refused, 422)
    sent = clerk.post(address, {"who": names, "role": "member", "on": "２０２６.3.2"})
    assert sent.status_code == 302
    with in_congress(binhai):
        assert group.seats.filter(starts_on=dt.date(2026, 3, 2)).count() == 3


def test_two_of_one_name_are_told_apart_by_their_card(clerk, binhai, seats, group):
    with in_congress(binhai):
        twin = year.seat(seats[1].deputy.name, 77)
    address, asked = page("group_join", group.pk), {"role": "member", "on": "2026-03-02"}
    said = words(clerk.post(address, asked | {"who": twin.deputy.name}), 422)
    assert "有 2 位" in said and "077" in said
    clerk.post(address, asked | {"who": f"{twin.deputy.name} 077"})
    with in_congress(binhai):
        assert group.seats.filter(deputy=twin.deputy).exists()


def test_offices_change_and_end_on_their_pages(clerk, binhai, seats, group):
    with in_congress(binhai):
        seat = GroupSeat.objects.get(deputy=seats[4].deputy)
    clerk.post(page("seat_change", "group", seat.pk), {"role": "liaison", "on": "2026-04-01"})
    with in_congress(binhai):
        now = GroupSeat.objects.get(deputy=seats[4].deputy, ends_on=None)
    assert now.role == "liaison"
    address = page("seat_leave", "group", now.pk)
    early = clerk.post(address, {"on": "2026-03-01"})
    assert "早于" in words(early, 409)
    assert clerk.post(address, {"on": "2026-05-01"}).status_code == 302


def test_a_committee_is_filled_on_its_page(clerk, binhai, seats):
    with in_congress(binhai):
        unit = Unit.objects.get(short_name="财经委")
    sent = clerk.post(
        page("committee_join", unit.pk),
        {"who": seats[0].deputy.name, "title": "委员", "on": "2026-03-02"},
    )
    assert sent.status_code == 302
    assert seats[0].deputy.name in words(clerk.get(page("committee", unit.pk)))
    with in_congress(binhai):
        seat = CommitteeSeat.objects.get()
    clerk.post(page("seat_change", "committee", seat.pk), {"title": "主任委员", "on": "2026-03-02"})
    with in_congress(binhai):
        assert CommitteeSeat.objects.get().title == "主任委员"
        bureau = Unit.objects.get(short_name="住建局")
    assert clerk.get(page("committee", bureau.pk)).status_code == 404


def test_a_delegation_is_made_renamed_and_a_mistake_removed(clerk, binhai, seats):
    add = page("delegation_add")
    assert "已有" in words(clerk.post(add, {"name": "第1代表团", "position": "3"}), 422)
    clerk.post(add, {"name": "解放军代表团", "position": "3"})
    with in_congress(binhai):
        row = Delegation.objects.get(name="解放军代表团")
    clerk.post(
        page("place_edit", "delegations", row.pk), {"name": "驻区部队代表团", "position": "3"}
    )
    assert "驻区部队代表团" in words(clerk.get(page("delegation_changelist")))
    assert clerk.post(page("place_remove", "delegations", row.pk)).status_code == 302
    used = page("place_remove", "delegations", seats[0].delegation_id)
    assert "不能删除" in words(clerk.post(used), 409)


def test_a_street_sees_its_own_members_alone_and_changes_nothing(binhai, seats, group, client_of):
    street = client_of(cast.member(binhai, Role.STREET))
    shown = words(street.get(page("deputygroup_change", group.pk)))
    assert seats[0].deputy.name in shown and seats[4].deputy.name not in shown
    assert street.get(page("group_join", group.pk)).status_code == 403
    assert street.get(page("deputygroup_add")).status_code == 403
    assert seats[5].deputy.name not in words(street.get(page("events")))


def test_the_neighbour_finds_none_of_it(shanyang, seats, group, client_of):
    stranger = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    seat = group.pk and seats[0].pk
    for address in (
        page("deputygroup_change", group.pk),
        page("group_join", group.pk),
        page("place_edit", "groups", group.pk),
        page("place_remove", "delegations", seats[0].delegation_id),
        page("seat_leave", "group", seat),
    ):
        assert stranger.get(address).status_code == 404
    assert group.name not in words(stranger.get(page("deputygroup_changelist")))


def test_what_happened_to_seats_is_found_by_kind_and_day_and_exported(clerk, binhai, keeper, seats):
    with in_congress(binhai):
        actions.resign(seats[0], by=keeper, on=dt.date(2026, 3, 1), document="公告〔2026〕3号")
        actions.suspend(seats[1], by=keeper, on=dt.date(2026, 5, 1), document="决定〔2026〕1号")
    events = page("events")
    assert "公告〔2026〕3号" in words(clerk.get(events))
    of_may = words(clerk.get(events, {"since": "2026-04-01"}))
    assert seats[1].deputy.name in of_may and seats[0].deputy.name not in of_may
    assert "早于" in words(clerk.get(events, {"since": "2026-04-01", "until": "2026-03-01"}))
    sent = clerk.get(events, {"kind": "resigned", "export": "1"})
    assert sent["Content-Type"].endswith("spreadsheetml.sheet")
    assert "暂停执行职务" in words(clerk.get(page("deputy_changelist")))


def test_a_term_ends_only_after_its_people_were_counted(clerk, binhai, seats):
    asked = {"level": "county", "on": "2026-11-01", "document": "公告〔2026〕9号"}
    checked = words(clerk.post(page("term_over"), asked))
    assert "6 人次" in checked
    with in_congress(binhai):
        assert not Mandate.objects.exclude(ends_on=None).exists()
    assert clerk.post(page("term_over"), asked | {"confirm": "1"}).status_code == 302
    with in_congress(binhai):
        assert Mandate.objects.filter(end_reason="term_over").count() == 6


def test_the_same_name_by_hand_asks_whether_it_is_another_person(clerk, binhai, seats):
    given = {
        "name": seats[0].deputy.name, "level": "county", "start_reason": "by_election",
        "starts_on": "2026-02-01", "document": "补选公告〔2026〕1号",
    }  # fmt: skip
    assert "已有同名代表" in words(clerk.post(page("deputy_add"), given), 422)
    assert clerk.post(page("deputy_add"), given | {"namesake": "on"}).status_code == 302


@pytest.mark.parametrize(
    "name", ["deputygroup_changelist", "delegation_changelist", "committees", "events"]
)
def test_lists_ask_the_same_however_long(clerk, binhai, keeper, seats, group, name):
    address = page(name)
    with in_congress(binhai):
        actions.suspend(seats[0], by=keeper, on=dt.date(2026, 1, 5), document="决定")
    clerk.get(address)
    with CaptureQueriesContext(connection) as few:
        words(clerk.get(address))
    with in_congress(binhai):
        for n in range(20):
            seat = year.seat(f"新代表{n}", 100 + n)
            other = actions.arrange(DeputyGroup(), by=keeper, name=f"小组{n}")
            actions.join_group(other, seat.deputy, by=keeper, on=FROM, role="leader")
            actions.arrange(Delegation(), by=keeper, name=f"团{n}")
            actions.suspend(seat, by=keeper, on=dt.date(2026, 1, 5), document="决定")
    with CaptureQueriesContext(connection) as many:
        clerk.get(address)
    assert len(many) == len(few)
