"""Groups, committees and places: who sits where on which day, and what ends with the office."""

import datetime as dt

import pytest

from congress.flow import NotAllowed
from congress.models import LogEntry, Role, Unit
from deputies import actions, queries
from deputies.models import (
    CommitteeSeat,
    Constituency,
    Delegation,
    Deputy,
    DeputyGroup,
    GroupSeat,
    Mandate,
)
from tests import cast
from tests.performance import year

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
MARCH, MAY = dt.date(2026, 3, 1), dt.date(2026, 5, 1)
LEADER, MEMBER = GroupSeat.Role.LEADER, GroupSeat.Role.MEMBER


@pytest.fixture
def keeper(in_binhai):
    return cast.member(in_binhai, Role.DEPUTY_AFFAIRS)


@pytest.fixture
def seat(in_binhai):
    return year.seats(1)[0]


@pytest.fixture
def group(keeper):
    return actions.arrange(DeputyGroup(), by=keeper, name="东湖第一代表小组", kind="street")


def held(model, on):
    return list(queries.seats_on(model, on))


def test_an_office_changes_from_a_day_and_what_was_before_stays(keeper, seat, group):
    first = actions.join_group(group, seat.deputy, by=keeper, on=MARCH)
    actions.change_role(first, by=keeper, on=MAY, role=LEADER)
    assert [s.role for s in held(GroupSeat, dt.date(2026, 4, 30))] == [MEMBER]
    assert [s.role for s in held(GroupSeat, MAY)] == [LEADER]
    assert LogEntry.objects.filter(step="deputies.seat").count() == 2


def test_a_slip_on_the_first_day_is_put_right_without_a_second_seat(keeper, seat, group):
    first = actions.join_group(group, seat.deputy, by=keeper, on=MARCH)
    actions.change_role(first, by=keeper, on=MARCH, role=LEADER)
    assert GroupSeat.objects.get().role == LEADER


def test_nobody_sits_twice_in_a_group_at_a_time(keeper, seat, group):
    first = actions.join_group(group, seat.deputy, by=keeper, on=MARCH)
    with pytest.raises(NotAllowed, match="已经在"):
        actions.join_group(group, seat.deputy, by=keeper, on=MAY)
    actions.leave(first, by=keeper, on=dt.date(2026, 4, 1))
    actions.join_group(group, seat.deputy, by=keeper, on=MAY)
    assert GroupSeat.objects.count() == 2
    with pytest.raises(NotAllowed, match="已经结束"):
        actions.leave(first, by=keeper, on=MAY)


def test_who_holds_no_office_that_day_enters_nothing(keeper, seat, group):
    with pytest.raises(NotAllowed, match="没有代表职务"):
        actions.join_group(group, seat.deputy, by=keeper, on=dt.date(2021, 1, 1))


def test_with_the_last_mandate_ends_what_was_held(keeper, seat, group):
    unit = Unit.objects.get(short_name="财经委")
    actions.join_group(group, seat.deputy, by=keeper, on=MARCH)
    actions.join_committee(unit, seat.deputy, by=keeper, on=MARCH, title="委员")
    city = actions.by_elect(
        seat.deputy, by=keeper, document="公告1号", level="city", starts_on=MARCH
    )
    actions.resign(seat, by=keeper, on=MAY, document="公告2号")
    assert held(CommitteeSeat, dt.date(2026, 6, 1)), "a seat at another level is still open"
    actions.resign(city, by=keeper, on=dt.date(2026, 7, 1), document="公告3号")
    assert GroupSeat.objects.get().ends_on == dt.date(2026, 7, 1)
    assert not held(CommitteeSeat, dt.date(2026, 7, 2))


def test_a_term_ends_for_all_of_a_level_once(keeper, in_binhai):
    seats = year.seats(3)
    others = year.seat("街道议政员", 9, level="street_council")
    on = dt.date(2026, 12, 31)
    assert actions.end_term("county", by=keeper, on=on, document="选举公告1号") == 3
    assert set(Mandate.objects.filter(level="county").values_list("ends_on", "end_reason")) == {
        (on, "term_over")
    }
    assert seats[0].events.get().note == "届满"
    others.refresh_from_db()
    assert others.ends_on is None
    with pytest.raises(NotAllowed):
        actions.end_term("county", by=keeper, on=on, document="选举公告1号")


def test_a_name_is_given_once_and_a_used_place_stays(keeper, in_binhai):
    seats = year.seats(2)
    with pytest.raises(NotAllowed, match="已有"):
        actions.arrange(Delegation(), by=keeper, name="第1代表团")
    with pytest.raises(NotAllowed, match="不能删除"):
        actions.remove_place(seats[0].delegation, by=keeper)
    spare = actions.arrange(Constituency(), by=keeper, name="第三选区", seats=2)
    actions.arrange(spare, by=keeper, name="第3选区")
    assert Constituency.objects.get().name == "第3选区"
    actions.remove_place(spare, by=keeper)
    assert not Constituency.objects.exists()


@pytest.mark.parametrize("role", [Role.STREET, Role.CHAIR, Role.DEPUTY, Role.SYSTEM_ADMIN])
def test_only_the_keepers_arrange(in_binhai, seat, group, role):
    other = cast.member(in_binhai, role)
    for step in (
        lambda: actions.arrange(Delegation(), by=other, name="新团"),
        lambda: actions.join_group(group, seat.deputy, by=other, on=MARCH),
        lambda: actions.end_term("county", by=other, on=MAY, document="公告"),
        lambda: actions.remove_place(group, by=other),
    ):
        with pytest.raises(NotAllowed, match="代工委"):
            step()


def test_the_own_level_stands_in_front_then_from_the_nation_down(in_binhai):
    for number, level in enumerate(["street_council", "city", "county", "national"]):
        person = Deputy.objects.create(name=f"张{number}", name_key=f"张{number}", initials="z")
        Mandate.objects.create(deputy=person, level=level, starts_on="2026-01-01")
    ordered = Mandate.objects.order_by(queries.by_level("county"))
    assert [m.level for m in ordered] == ["county", "national", "city", "street_council"]
