"""Until sign-up closes the invited who have not answered are asked; who answered is left alone."""

import pytest

from activities import actions
from activities.actions.asking import ANSWER
from congress.models import Membership
from deadlines.models import Deadline

from . import stage


@pytest.fixture
def clerk(in_binhai):
    return stage.clerk(in_binhai)


@pytest.fixture
def guests(in_binhai):
    return stage.deputies()


@pytest.fixture
def activity(clerk, guests):
    return stage.published(clerk, guests, by_sign_up=True, sign_up_closes_at=stage.soon(4))


def asked() -> set[Membership]:
    rows = Deadline.objects.filter(kind=ANSWER, done_at=None, cancelled_at=None)
    return {row.member for row in rows.select_related("member")}


def members(guests) -> set[Membership]:
    return {d.membership for d in guests}


def test_the_publication_asks_everybody_invited(activity, guests):
    assert asked() == members(guests)
    row = Deadline.objects.first()
    assert (row.due_on, row.lapses) == (stage.soon(4).date(), True)
    assert row.what == f"报名或请假：{activity.title}"


def test_a_draft_or_an_activity_without_sign_up_asks_nobody(clerk, guests):
    stage.published(clerk, guests, sign_up_closes_at=stage.soon(4))
    draft = stage.planned(clerk, by_sign_up=True, sign_up_closes_at=stage.soon(4))
    actions.invite(draft, by=clerk, deputy_ids=[d.pk for d in guests])
    assert asked() == set()


def test_who_answers_is_not_asked_until_the_answer_is_taken_back(activity, guests, clerk):
    one, two, three = (d.membership for d in guests[:3])
    actions.sign_up(activity, by=one)
    leave = actions.ask_leave(activity, by=two, reason="住院")
    actions.sign_up_for(activity.invitations.get(deputy=guests[2]), by=clerk)
    assert asked() == members(guests) - {one, two, three}
    actions.cancel_sign_up(activity, by=one)
    actions.decline_leave(leave, by=clerk, decision="请尽量参加")
    assert asked() == members(guests) - {three}


def test_who_leaves_or_joins_the_list_is_asked_no_more_or_anew(activity, guests, clerk):
    gone = activity.invitations.get(deputy=guests[0])
    actions.uninvite(activity, by=clerk, invitation_ids=[gone.pk])
    assert asked() == members(guests[1:])
    actions.invite(activity, by=clerk, deputy_ids=[guests[0].pk])
    assert asked() == members(guests)


def test_another_closing_time_moves_the_day(activity, clerk):
    actions.revise(activity, by=clerk, sign_up_closes_at=stage.soon(2), organiser=clerk.unit)
    assert set(Deadline.objects.values_list("due_on", flat=True)) == {stage.soon(2).date()}


def test_a_cancelled_activity_asks_nobody(activity, clerk):
    actions.cancel(activity, by=clerk, reason="天气")
    assert asked() == set()
