"""Each step of an activity, and each refusal."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from activities import actions, queries
from activities.models import Activity, ActivityKind, Invitation, Outcome, Participation
from congress.flow import NotAllowed
from congress.models import LogEntry, Role, Unit
from deputies import actions as registry
from deputies.models import Deputy, Mandate
from notices.models import Notice
from performance import actions as performance
from performance.models import DutyRecord
from tests import cast
from tests.performance import year

from . import stage

State = Activity.State


@pytest.fixture
def clerk(in_binhai):
    return stage.clerk(in_binhai)


@pytest.fixture
def guests(in_binhai):
    return stage.deputies()


def told(title: str) -> int:
    return Notice.objects.filter(title__startswith=title).count()


# -- Kinds -------------------------------------------------------------------------------------


def test_the_default_kinds_are_shipped_once_and_know_their_items(in_binhai):
    assert actions.ship_kinds() == 12
    ActivityKind.objects.filter(code="visit").update(name="走访")
    assert actions.ship_kinds() == 0
    sitting = ActivityKind.objects.get(code="sitting")
    assert [f.item.code for f in sitting.feeds.all()] == ["A01"]
    assert ActivityKind.objects.get(code="visit").name == "走访"


# -- Plan --------------------------------------------------------------------------------------


def test_a_plan_is_a_draft_with_one_session(clerk):
    activity = stage.planned(clerk)
    assert activity.state == State.DRAFT
    assert [(s.name, s.half_days) for s in activity.sessions.all()] == [("全程", 1)]


def test_a_sitting_gets_a_session_for_each_half_day(clerk):
    activity = stage.planned(
        clerk,
        "sitting",
        starts_at=stage.at("2026-01-12 09:00"),
        ends_at=stage.at("2026-01-15 17:00"),
    )
    assert activity.sessions.count() == 8


def test_times_in_the_wrong_order_are_refused(clerk):
    with pytest.raises(NotAllowed, match="结束时间要晚于开始时间"):
        stage.planned(clerk, starts_at=stage.soon(2), ends_at=stage.soon(1))


def test_the_database_refuses_them_too(clerk):
    activity = stage.planned(clerk)
    with pytest.raises(IntegrityError, match="an_activity_ends_after_it_begins"):
        with transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(ends_at=stage.soon(1))


def test_a_street_plans_in_its_own_name_only(in_binhai, clerk):
    street = cast.member(in_binhai, Role.STREET)
    other = Unit.objects.get(short_name="西园街道")
    assert stage.planned(street).organiser.short_name == "东湖街道"
    with pytest.raises(NotAllowed, match="只能以本单位的名义"):
        stage.planned(street, organiser=other)
    with pytest.raises(NotAllowed, match="由代工委组织"):
        actions.revise(stage.planned(clerk), by=street, title="改名")


def test_nobody_else_plans(in_binhai, clerk):
    with pytest.raises(NotAllowed, match="可以组织活动"):
        stage.planned(cast.member(in_binhai, Role.CHAIR), organiser=clerk.unit)


def test_another_place_is_told_to_those_asked(clerk, guests):
    activity = stage.published(clerk, guests)
    actions.revise(activity, by=clerk, description="请带身份证")
    assert told("活动安排有变化") == 0
    actions.revise(
        activity, by=clerk, place="西园街道", starts_at=stage.soon(8), ends_at=stage.soon(8, 2)
    )
    assert told("活动安排有变化") == len(guests)
    assert activity.sessions.get().starts_at == stage.soon(8)


def test_sessions_with_marks_do_not_move(clerk, guests):
    activity = stage.over(clerk, guests, ends_at=stage.soon(-1, 8))
    actions.split_into_half_days(activity, by=clerk)
    session = activity.sessions.first()
    pk = activity.invitations.first().pk
    actions.mark(session, by=clerk, values={pk: Outcome.PRESENT})
    with pytest.raises(NotAllowed, match="已有签到记录"):
        actions.split_into_half_days(activity, by=clerk, split=False)


# -- Invite, publish, cancel -------------------------------------------------------------------


def test_only_new_people_are_counted_and_told(clerk, guests):
    activity = stage.published(clerk, guests[:2])
    assert told("请您参加") == 2
    assert actions.invite(activity, by=clerk, deputy_ids=[d.pk for d in guests]) == 4
    assert told("请您参加") == len(guests)


def test_a_street_asks_only_its_own_deputies(in_binhai, guests):
    street = cast.member(in_binhai, Role.STREET)
    activity = stage.planned(street)
    Mandate.objects.filter(deputy=guests[0]).update(street=Unit.objects.get(short_name="西园街道"))
    with pytest.raises(NotAllowed, match="不属于本单位联系的代表"):
        actions.invite(activity, by=street, deputy_ids=[guests[0].pk])
    on = queries.local_day(activity.starts_at)
    assert queries.candidates(street, "all", "", on).count() == len(guests) - 1


def test_candidates_are_those_in_office_that_day(clerk, guests):
    seat = Mandate.objects.get(deputy=guests[0])
    registry.resign(seat, by=clerk, on=dt.date(2026, 3, 1), document="决定")
    assert queries.candidates(clerk, "all", "", dt.date(2026, 3, 1)).count() == 6
    assert queries.candidates(clerk, "all", "", dt.date(2026, 3, 2)).count() == 5


def test_nothing_is_published_without_guests(clerk):
    with pytest.raises(NotAllowed, match="还没有邀请代表"):
        actions.publish(stage.planned(clerk), by=clerk)


def test_who_is_taken_off_a_published_list_is_told_and_may_come_back(clerk, guests):
    activity = stage.published(clerk, guests)
    row = activity.invitations.get(deputy=guests[1])
    assert actions.uninvite(activity, by=clerk, invitation_ids=[row.pk]) == 1
    assert told("您不用参加") == 1
    assert actions.invite(activity, by=clerk, deputy_ids=[guests[1].pk]) == 1
    assert activity.invitations.filter(withdrawn_at=None).count() == len(guests)


def test_cancelling_a_published_activity_tells_why(clerk, guests):
    activity = stage.published(clerk, guests)
    with pytest.raises(NotAllowed, match="原因"):
        actions.cancel(activity, by=clerk, reason=" ")
    activity = actions.cancel(activity, by=clerk, reason="因暴雨改期")
    assert activity.state == State.CANCELLED
    assert Notice.objects.filter(title__startswith="活动取消", body__contains="暴雨").count() == 6
    with pytest.raises(NotAllowed, match="已取消"):
        actions.revise(activity, by=clerk, title="再改")


def test_what_was_held_already_is_published_without_messages(clerk, guests):
    stage.over(clerk, guests)
    assert told("请您参加") == 0


# -- Answers -----------------------------------------------------------------------------------


def test_signing_up_twice_makes_one_and_can_be_taken_back(clerk, guests):
    activity = stage.published(clerk, guests)
    me = guests[0].membership
    first = actions.sign_up(activity, by=me).signed_up_at
    assert actions.sign_up(activity, by=me).signed_up_at == first
    assert actions.cancel_sign_up(activity, by=me).signed_up_at is None


def test_a_full_activity_takes_nobody_more(clerk, guests):
    activity = stage.published(clerk, guests, by_sign_up=True, capacity=1)
    actions.sign_up(activity, by=guests[0].membership)
    with pytest.raises(NotAllowed, match="名额已满"):
        actions.sign_up(activity, by=guests[1].membership)
    with pytest.raises(NotAllowed, match="名额已满"):
        actions.sign_up_for(activity.invitations.get(deputy=guests[1]), by=clerk)


def test_places_are_not_fewer_than_those_taken(clerk, guests):
    activity = stage.published(clerk, guests, by_sign_up=True, capacity=2)
    for deputy in guests[:2]:
        actions.sign_up(activity, by=deputy.membership)
    with pytest.raises(NotAllowed, match="已有 2 人报名"):
        actions.revise(activity, by=clerk, capacity=1)


def test_after_the_closing_time_nobody_signs_up(clerk, guests):
    activity = stage.published(clerk, guests, sign_up_closes_at=stage.soon(-1))
    with pytest.raises(NotAllowed, match="已经截止"):
        actions.sign_up(activity, by=guests[0].membership)


def test_leave_is_asked_once_and_decided(clerk, guests):
    activity = stage.published(clerk, guests)
    me = guests[0].membership
    leave = actions.ask_leave(activity, by=me, reason="住院")
    assert told(f"{guests[0].name}请假") >= 1
    with pytest.raises(NotAllowed, match="已经有一份请假"):
        actions.ask_leave(activity, by=me, reason="出差")
    with pytest.raises(NotAllowed, match="先撤回请假"):
        actions.sign_up(activity, by=me)
    with pytest.raises(NotAllowed, match="不准假的原因"):
        actions.decline_leave(leave, by=clerk, decision="")
    assert actions.approve_leave(leave, by=clerk).state == "approved"
    assert told("请假已批准") == 1
    with pytest.raises(NotAllowed, match="“已准假”状态下不能“准假”"):
        actions.approve_leave(leave, by=clerk)
    assert actions.drop_leave(leave, by=me).state == "dropped"
    assert actions.sign_up(activity, by=me).signed_up_at


def test_asking_for_leave_gives_the_place_back(clerk, guests):
    activity = stage.published(clerk, guests, by_sign_up=True, capacity=1)
    actions.sign_up(activity, by=guests[0].membership)
    actions.ask_leave(activity, by=guests[0].membership, reason="出差")
    assert queries.places_left(activity) == 1


def test_one_deputy_cannot_drop_anothers_leave(clerk, guests):
    activity = stage.published(clerk, guests)
    leave = actions.ask_leave(activity, by=guests[0].membership, reason="住院")
    with pytest.raises(NotAllowed, match="本人"):
        actions.drop_leave(leave, by=guests[1].membership)


# -- Check-in ----------------------------------------------------------------------------------


@pytest.fixture
def running(clerk, guests):
    """Began five minutes ago, ends in two hours; check-in is open."""
    now = dt.datetime.now(dt.UTC)
    activity = stage.published(
        clerk,
        guests,
        starts_at=now - dt.timedelta(minutes=5),
        ends_at=now + dt.timedelta(hours=2),
    )
    return actions.open_check_in(activity.sessions.get(), by=clerk)


def test_a_deputy_checks_in_with_the_code_once(running, guests):
    me = guests[0].membership
    row = actions.check_in(running, by=me, code=running.code)
    assert (row.value, row.how) == ("present", "code")
    assert actions.check_in(running, by=me, code="000000").pk == row.pk


def test_wrong_codes_are_counted_and_then_only_staff_can_help(running, guests):
    me = guests[0].membership
    for _ in range(5):
        assert actions.check_in(running, by=me, code="000000") is None
    with pytest.raises(NotAllowed, match="输错次数过多"):
        actions.check_in(running, by=me, code=running.code)


def test_a_code_is_worth_nothing_out_of_its_time(running, guests, clerk):
    me, code = guests[0].membership, running.code
    type(running).objects.filter(pk=running.pk).update(
        code_opens_at=stage.soon(-2), code_closes_at=stage.soon(-1)
    )
    with pytest.raises(NotAllowed, match="签到时间已过"):
        actions.check_in(running, by=me, code=code)
    actions.close_check_in(running, by=clerk)
    with pytest.raises(NotAllowed, match="没有开放签到"):
        actions.check_in(running, by=me, code=code)


def test_fifteen_minutes_after_the_beginning_is_late(running, guests):
    type(running).objects.filter(pk=running.pk).update(
        starts_at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=16)
    )
    assert actions.check_in(running, by=guests[0].membership, code=running.code).value == "late"


def test_staff_enter_many_at_once_and_take_back(running, clerk):
    ids = list(running.activity.invitations.values_list("pk", flat=True))
    counts = actions.mark(running, by=clerk, values=dict.fromkeys(ids, "present"))
    assert counts == {"present": 6}
    assert actions.mark(running, by=clerk, values={ids[0]: "present"}) == {}
    actions.mark(running, by=clerk, values={ids[0]: "", ids[1]: "late"})
    assert Participation.objects.filter(session=running).count() == 5
    with pytest.raises(NotAllowed, match="由系统按任职日期认定"):
        actions.mark(running, by=clerk, values={ids[0]: "not_obliged"})


def test_nobody_is_entered_before_the_day(clerk, guests):
    activity = stage.published(clerk, guests)
    pk = activity.invitations.first().pk
    with pytest.raises(NotAllowed, match="还没有到日子"):
        actions.mark(activity.sessions.get(), by=clerk, values={pk: "present"})


# -- Closing -----------------------------------------------------------------------------------


def close_with(activity, clerk, values: dict) -> Activity:
    """Close with outcomes by deputy; who is not named was not marked."""
    rows = dict(activity.invitations.values_list("deputy_id", "pk"))
    for session in activity.sessions.all():
        actions.mark(session, by=clerk, values={rows[d.pk]: v for d, v in values.items()})
    return actions.close(activity, by=clerk, result="查看了三个小区")


def outcomes() -> dict[str, str]:
    return dict(DutyRecord.objects.filter(withdrawn_at=None).values_list("deputy__name", "outcome"))


def test_closing_writes_a_fact_for_everybody_obliged(clerk, guests):
    activity = stage.over(clerk, guests)
    actions.enter_leave(activity.invitations.get(deputy=guests[2]), by=clerk, reason="住院")
    seat = Mandate.objects.get(deputy=guests[4])
    registry.suspend(seat, by=clerk, on=dt.date(2026, 1, 1), document="公告")
    activity = close_with(activity, clerk, {guests[0]: "present", guests[1]: "late"})
    assert activity.state == State.CLOSED and activity.result == "查看了三个小区"
    assert outcomes() == {
        guests[0].name: "present",
        guests[1].name: "late",
        guests[2].name: "leave",
        guests[3].name: "absent",
        guests[5].name: "absent",
    }
    fact = DutyRecord.objects.get(deputy=guests[0])
    assert (fact.item.code, fact.title, fact.quantity) == ("B02", activity.title, 1)
    assert queries.attendance_counts(activity)["not_obliged"] == 1
    assert told("记为缺席") == 2


def test_an_activity_is_closed_once(clerk, guests):
    activity = close_with(stage.over(clerk, guests), clerk, {guests[0]: "present"})
    with pytest.raises(NotAllowed, match="“已办结”状态下不能"):
        actions.close(activity, by=clerk)
    assert DutyRecord.objects.count() == len(guests)


def test_nothing_is_closed_before_it_is_over(clerk, guests):
    with pytest.raises(NotAllowed, match="还没有结束"):
        actions.close(stage.published(clerk, guests), by=clerk)


def test_who_did_not_sign_up_for_a_voluntary_activity_was_not_expected(clerk, guests):
    activity = stage.over(clerk, guests, "training", by_sign_up=True)
    for deputy in guests[:2]:
        actions.sign_up_for(activity.invitations.get(deputy=deputy), by=clerk)
    close_with(activity, clerk, {guests[0]: "present"})
    assert outcomes() == {guests[0].name: "present", guests[1].name: "absent"}


def test_a_kind_without_absence_records_only_who_came(clerk, guests):
    close_with(stage.over(clerk, guests, "publicity"), clerk, {guests[0]: "present"})
    assert outcomes() == {guests[0].name: "present"}


def test_a_sitting_counts_half_days_each_with_its_own_day(clerk, guests):
    activity = stage.over(
        clerk,
        guests,
        "sitting",
        starts_at=stage.at("2026-01-12 09:00"),
        ends_at=stage.at("2026-01-13 12:00"),
    )
    actions.enter_leave(
        activity.invitations.get(deputy=guests[0]),
        by=clerk,
        reason="手术",
        session=activity.sessions.last(),
    )
    sessions = list(activity.sessions.all())
    pk = activity.invitations.get(deputy=guests[0]).pk
    actions.mark(sessions[0], by=clerk, values={pk: "present"})
    actions.close(activity, by=clerk)
    rows = DutyRecord.objects.filter(deputy=guests[0]).order_by("on", "pk")
    assert [(r.on.day, r.outcome, r.quantity) for r in rows] == [
        (12, "present", 1),
        (12, "absent", 1),
        (13, "leave", 1),
    ]


def test_reopening_takes_the_facts_back_and_says_so(clerk, guests):
    activity = close_with(stage.over(clerk, guests), clerk, {guests[0]: "present"})
    activity = actions.reopen(activity, by=clerk, reason="漏登一人")
    assert activity.state == State.REOPENED
    assert outcomes() == {}
    assert DutyRecord.objects.exclude(withdrawn_reason="").count() == len(guests)
    assert told("履职记录暂时撤回") == len(guests)
    close_with(activity, clerk, {guests[0]: "present", guests[1]: "present"})
    assert [v for v in outcomes().values()].count("present") == 2
    assert DutyRecord.objects.count() == 2 * len(guests)


def test_a_locked_period_keeps_what_was_closed(clerk, guests):
    activity = stage.over(
        clerk, guests, starts_at=stage.at("2025-05-06 09:00"), ends_at=stage.at("2025-05-06 11:00")
    )
    close_with(activity, clerk, {guests[0]: "present"})
    performance.lock_period(year.period(), by=clerk)
    with pytest.raises(NotAllowed, match="“2025年度”已锁定"):
        with transaction.atomic():
            actions.reopen(activity, by=clerk, reason="漏登一人")
    activity.refresh_from_db()
    assert activity.state == State.CLOSED and len(outcomes()) == len(guests)


def test_every_step_is_in_the_log(clerk, guests):
    close_with(stage.over(clerk, guests), clerk, {guests[0]: "present"})
    steps = set(LogEntry.objects.values_list("step", flat=True))
    assert {
        "activities.plan",
        "activities.invite",
        "activities.publish",
        "activities.mark",
    } <= steps
    assert {"activities.close", "performance.record"} <= steps


# -- The end of a seat -------------------------------------------------------------------------


def test_who_leaves_office_leaves_the_lists_of_later_days(clerk, guests):
    later, before = stage.published(clerk, guests), stage.over(clerk, guests)
    seat = Mandate.objects.get(deputy=guests[0])
    registry.resign(seat, by=clerk, on=dt.date.today(), document="决定")
    assert later.invitations.get(deputy=guests[0]).withdrawn_reason == "区县人大代表职务已结束"
    assert before.invitations.get(deputy=guests[0]).withdrawn_at is None
    assert queries.live_invitations(later).count() == len(guests) - 1


def test_who_holds_another_seat_stays(clerk, guests):
    Mandate.objects.create(
        deputy=guests[0], level=Mandate.Level.CITY, starts_on=dt.date(2022, 1, 10)
    )
    later = stage.published(clerk, guests)
    seat = Mandate.objects.get(deputy=guests[0], level=Mandate.Level.COUNTY)
    registry.resign(seat, by=clerk, on=dt.date.today(), document="决定")
    assert queries.live_invitations(later).count() == len(guests)


# -- Afterwards, all at once -------------------------------------------------------------------


def test_an_activity_held_long_ago_is_entered_in_one_call(clerk, guests):
    values = dict(zip([d.pk for d in guests], ["present"] * 4 + ["leave", "absent"], strict=True))
    activity = actions.record_held(
        by=clerk,
        kind=stage.kind("research"),
        title="河道水环境治理调研",
        starts_at=stage.at("2025-05-06 09:00"),
        ends_at=stage.at("2025-05-06 11:30"),
        place="滨河公园",
        organiser=clerk.unit,
        attendance=values,
        source=Invitation.Source.GROUP,
        source_name="财政经济专业代表小组",
    )
    assert activity.state == State.CLOSED
    assert sorted(outcomes().values()) == ["absent", "leave"] + ["present"] * 4
    assert Notice.objects.count() == 0


def test_files_are_kept_until_the_limit(clerk, guests):
    activity = stage.planned(clerk)
    row = actions.attach(
        activity,
        by=clerk,
        name="通知.pdf",
        content=b"%PDF-1.7 %%EOF",
        content_type="application/pdf",
    )
    actions.detach(row, by=clerk)
    assert activity.files.count() == 0
    assert Deputy.objects.count() == len(guests)
