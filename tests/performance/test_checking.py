"""Whose points are counted is asked to look at them until the objections close."""

import datetime as dt

import pytest

from congress.models import Role
from deadlines.models import Deadline
from deputies.models import Mandate
from performance import actions
from tests import cast
from tests.performance import year

UNTIL = dt.date(2026, 1, 30)


@pytest.fixture
def me(in_binhai):
    seats = year.seats(3)
    seats[0].deputy.membership = cast.member(in_binhai, Role.DEPUTY)
    seats[0].deputy.save()
    return seats[0].deputy.membership


def opened(until: dt.date | None):
    return actions.open_period(
        by=None,
        name="2025年度",
        starts_on=year.FIRST,
        ends_on=year.LAST,
        version=year.rule_book(),
        level=Mandate.Level.COUNTY,
        objections_until=until,
    )


def test_a_period_open_to_objections_asks_whoever_has_a_login(me):
    opened(UNTIL)
    row = Deadline.objects.get()
    assert (row.member, row.due_on, row.lapses) == (me, UNTIL, True)


def test_a_period_without_objections_asks_nobody(me):
    opened(None)
    assert not Deadline.objects.exists()


def test_a_locked_period_asks_nobody_any_more(me, in_binhai):
    period = opened(UNTIL)
    actions.lock_period(period, by=cast.member(in_binhai, Role.DEPUTY_AFFAIRS))
    assert Deadline.objects.get().cancelled_at
