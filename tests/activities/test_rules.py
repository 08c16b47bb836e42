"""Who had to come, what a session counts, what a pasted list means."""

import datetime as dt
from decimal import Decimal as D

import pytest

from activities.models import Activity, Outcome
from activities.rules import (
    FLOW,
    arrived,
    becomes_fact,
    combined,
    date_faults,
    half_day_sessions,
    half_days_of,
    quantity,
    rate,
    read_names,
    settled,
)
from congress.flow import NotAllowed

State, Step = Activity.State, Activity.Step
CHINA = dt.timezone(dt.timedelta(hours=8))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_the_way_of_an_activity():
    assert FLOW.steps(State.DRAFT) == [Step.PUBLISH, Step.CANCEL]
    assert FLOW.after(State.CLOSED, Step.REOPEN) == State.REOPENED
    assert FLOW.after(State.REOPENED, Step.CLOSE) == State.CLOSED
    with pytest.raises(NotAllowed, match="“已办结”状态下不能“办结并记入履职”"):
        FLOW.after(State.CLOSED, Step.CLOSE)


@pytest.mark.parametrize(
    ("starts", "ends", "closes", "fault"),
    [
        ("2026-03-16T09:00", "2026-03-16T09:00", None, {"ends_at": "结束时间要晚于开始时间"}),
        ("2026-03-16T09:00", "2026-03-15T12:00", None, {"ends_at": "结束时间要晚于开始时间"}),
        (
            "2026-03-16T09:00",
            "2027-03-16T12:00",
            None,
            {"ends_at": "活动超过了 31 天，请核对年份和月份"},
        ),
        (
            "2026-03-16T09:00",
            "2026-03-16T12:00",
            "2026-03-16T09:01",
            {"sign_up_closes_at": "截止时间不能晚于活动开始时间"},
        ),
        ("2026-03-16T09:00", "2026-03-16T12:00", "2026-03-16T09:00", {}),
        (None, "2026-03-16T12:00", "2026-03-16T09:00", {}),
    ],
)
def test_times_that_make_no_sense_are_named(starts, ends, closes, fault):
    assert date_faults(*(t and at(t) for t in (starts, ends, closes))) == fault


def test_a_sitting_of_four_days_has_its_half_days():
    plans = half_day_sessions(at("2026-01-12T14:00"), at("2026-01-15T11:30"))
    assert [p.name for p in plans] == [
        "1月12日下午",
        "1月13日上午",
        "1月13日下午",
        "1月14日上午",
        "1月14日下午",
        "1月15日上午",
    ]
    assert plans[0].starts_at == at("2026-01-12T14:30")
    assert plans[-1].ends_at == at("2026-01-15T11:30")


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2026-03-16T09:00", "2026-03-16T11:30", 1),
        ("2026-03-16T14:30", "2026-03-16T17:00", 1),
        ("2026-03-16T09:00", "2026-03-16T17:00", 2),
        ("2026-03-16T09:00", "2026-03-16T14:00", 1),
    ],
)
def test_a_day_is_two_half_days(starts, ends, expected):
    assert half_days_of(at(starts), at(ends)) == expected


def test_quantity_is_in_the_unit_of_the_kind():
    assert quantity("half_days", 2) == D(2)
    assert quantity("days", 1) == D("0.5")
    assert quantity("once", 2) == D(1)


def test_fifteen_minutes_are_not_yet_late():
    begin = at("2026-03-16T09:00")
    assert arrived(at("2026-03-16T09:15"), begin, 15) == Outcome.PRESENT
    assert arrived(at("2026-03-16T09:16"), begin, 15) == Outcome.LATE


@pytest.mark.parametrize(
    ("marked", "in_office", "on_leave", "expected", "value"),
    [
        ("present", True, False, True, "present"),
        ("late", True, True, True, "late"),  # came in spite of the leave
        (None, True, True, True, "leave"),
        (None, True, False, True, "absent"),
        (None, False, False, True, "not_obliged"),  # never an absence
        ("absent", False, False, True, "not_obliged"),
        ("not_obliged", True, False, True, "absent"),  # the seat was corrected since
        (None, True, False, False, None),  # voluntary, not signed up
        ("present", True, False, False, "present"),  # came without signing up
    ],
)
def test_attendance_is_settled(marked, in_office, on_leave, expected, value):
    assert settled(marked, in_office=in_office, on_leave=on_leave, expected=expected) == value


def test_who_came_to_one_session_came():
    assert combined(["absent", "late", "leave"]) == Outcome.LATE
    assert combined(["leave", "absent"]) == Outcome.LEAVE
    assert combined(["not_obliged", "absent"]) == Outcome.ABSENT
    assert combined(["not_obliged"]) == Outcome.NOT_OBLIGED
    assert combined([]) is None


def test_only_what_counts_becomes_a_fact():
    assert becomes_fact("present", False) and becomes_fact("late", False)
    assert becomes_fact("absent", True) and not becomes_fact("absent", False)
    assert becomes_fact("leave", True) and not becomes_fact("leave", False)
    assert not becomes_fact("not_obliged", True) and not becomes_fact(None, True)


def test_the_rate_leaves_out_who_was_not_obliged():
    assert rate({"present": 6, "late": 2, "leave": 1, "absent": 1, "not_obliged": 5}) == D("0.8")
    assert rate({"not_obliged": 3}) is None


PEOPLE = [(1, "张三"), (2, "欧阳明远"), (3, "李芳"), (4, "李芳"), (5, "阿依古丽·买买提")]


@pytest.mark.parametrize(
    ("text", "found", "unknown", "ambiguous"),
    [
        ("张三\n欧阳明远", [1, 2], [], []),
        ("1. 张　三\r\n２、欧阳明远\n一、\n\n", [1, 2], [], []),
        ("张三，欧阳明远；李四", [1, 2], ["李四"], []),
        ("张三 欧阳明远", [1, 2], [], []),
        ("张三\t第一代表团\t13800000000", [1], ["第一代表团"], []),
        ("李芳", [], [], ["李芳"]),
        ("阿依古丽•买买提", [5], [], []),
        ("张三\n张三", [1], [], []),
        ("", [], [], []),
    ],
)
def test_a_pasted_list_finds_people_and_guesses_nothing(text, found, unknown, ambiguous):
    read = read_names(text, PEOPLE)
    assert (read.found, read.unknown, read.ambiguous) == (found, unknown, ambiguous)


def test_a_name_pasted_twice_is_told():
    assert read_names("张三、张三", PEOPLE).repeated == ["张三"]
