"""The dates of handling. Traps are numbered as the field's list of what naive systems get wrong."""

from datetime import date

import pytest

from congress.rules import DayOff, WorkCalendar
from suggestions.rules import (
    HandlingRules,
    closed_session_limit,
    extension_faults,
    feedback_limit,
    first_contact_limit,
    joint_dates,
    legal_limit,
    rehandle_limit,
    reply_dates,
    return_limit,
    timeliness,
)

D = date
PLAIN = WorkCalendar(years=frozenset(range(2024, 2031)))
# 1 to 7 October rest, Saturday 10 October worked instead.
SHIFTED = WorkCalendar(
    days={D(2026, 10, d): DayOff(False, "国庆节") for d in range(1, 8)}
    | {D(2026, 10, 10): DayOff(True, "国庆节调休")},
    years=frozenset({2026, 2027}),
)


def test_trap_01_a_return_or_a_second_level_never_moves_the_legal_date():
    # The second unit is named two months after 交办: its legal date is that of the first.
    first = reply_dates(D(2026, 3, 2), HandlingRules(), PLAIN)
    assert first.legal == D(2026, 6, 2)
    assert reply_dates(D(2026, 3, 2), HandlingRules(), PLAIN).legal == first.legal


@pytest.mark.parametrize(
    ("assigned", "due"),
    [
        (D(2026, 1, 12), D(2026, 4, 13)),  # 12 April is a Sunday
        (D(2026, 11, 30), D(2027, 3, 1)),  # no 30 February: 28 February 2027, a Sunday
        (D(2027, 11, 30), D(2028, 2, 29)),  # a leap year
        (D(2026, 3, 31), D(2026, 6, 30)),
    ],
)
def test_trap_03_three_months_are_not_ninety_days(assigned, due):
    assert legal_limit(assigned, PLAIN).due_on == due


def test_trap_03_a_worked_saturday_is_a_working_day_and_a_holiday_is_none():
    assert legal_limit(D(2026, 7, 3), SHIFTED).due_on == D(2026, 10, 8)
    assert closed_session_limit(D(2026, 9, 30), HandlingRules(assign_closed_days=3), SHIFTED) == D(
        2026, 10, 10
    )


def test_trap_04_a_later_batch_date_never_makes_a_late_reply_timely():
    dates = reply_dates(D(2026, 2, 10), HandlingRules(), PLAIN, batch_due_on=D(2026, 6, 30))
    assert dates.legal == D(2026, 5, 11)
    assert dates.effective == D(2026, 5, 11)
    assert any("仍以法定期限为准" in line for line in dates.working)
    judged = timeliness(
        assigned_on=D(2026, 2, 10),
        served=[D(2026, 6, 1)],
        legal_due_on=dates.legal,
        extended_to=None,
        extension_granted_on=None,
        batch_due_on=dates.batch,
        internal_due_on=None,
    )
    assert (judged.in_law, judged.in_batch) == (False, True)


def test_trap_04_an_earlier_batch_date_binds():
    dates = reply_dates(D(2026, 2, 10), HandlingRules(), PLAIN, batch_due_on=D(2026, 4, 10))
    assert dates.effective == D(2026, 4, 10)


def faults(**changed):
    given = {
        "asked_on": D(2026, 5, 6),
        "to_on": D(2026, 8, 10),
        "assigned_on": D(2026, 2, 10),
        "current_due_on": D(2026, 5, 11),
        "rules": HandlingRules(),
        "calendar": PLAIN,
    }
    return extension_faults(**{**given, **changed})


def test_trap_05_six_months_run_from_assigning_not_from_the_approval():
    assert faults(to_on=D(2026, 8, 10)) == []
    assert "2026年8月10日" in faults(to_on=D(2026, 8, 11))[0]


def test_trap_05_a_shorter_local_ceiling_holds():
    assert faults(rules=HandlingRules(reply_max_months=4), to_on=D(2026, 6, 11)) != []


def test_trap_06_no_extension_is_asked_after_the_limit():
    assert "已过" in faults(asked_on=D(2026, 5, 12))[0]


def test_trap_06_an_extension_granted_after_the_limit_makes_nothing_timely():
    def judged(granted):
        return timeliness(
            assigned_on=D(2026, 2, 10),
            served=[D(2026, 7, 1)],
            legal_due_on=D(2026, 5, 11),
            extended_to=D(2026, 8, 10),
            extension_granted_on=granted,
            batch_due_on=None,
            internal_due_on=None,
        ).in_law

    assert judged(D(2026, 5, 11)) is True
    assert judged(D(2026, 5, 12)) is False


def test_trap_07_a_joint_opinion_is_due_before_the_leads_limit_and_moves_with_it():
    rules = HandlingRules(joint_limit="before", joint_amount=20, joint_count="d")
    assert joint_dates(D(2026, 2, 10), rules, PLAIN, D(2026, 5, 11)).legal == D(2026, 4, 21)
    assert joint_dates(D(2026, 2, 10), rules, PLAIN, D(2026, 8, 10)).legal == D(2026, 7, 21)


def test_trap_07_thirty_working_days_from_assigning_stay_where_they_are():
    rules = HandlingRules(joint_amount=30, joint_count="wd")
    dates = {
        joint_dates(D(2026, 2, 10), rules, PLAIN, lead).legal
        for lead in (D(2026, 5, 11), D(2026, 8, 10))
    }
    assert dates == {D(2026, 3, 24)}


def test_trap_44_on_time_is_the_last_required_service():
    def judged(*served):
        return timeliness(
            assigned_on=D(2026, 2, 10),
            served=served,
            legal_due_on=D(2026, 5, 11),
            extended_to=None,
            extension_granted_on=None,
            batch_due_on=None,
            internal_due_on=None,
        )

    assert judged(D(2026, 5, 1), None).in_law is None
    assert judged(D(2026, 5, 1), D(2026, 5, 12)).in_law is False
    assert judged(D(2026, 5, 1), D(2026, 5, 11)).days == 90


def test_not_signing_wins_no_time_to_return():
    rules = HandlingRules(return_amount=5, return_count="wd")
    assert return_limit(D(2026, 3, 2), None, rules, PLAIN).due_on == D(2026, 3, 9)
    assert return_limit(D(2026, 3, 2), D(2026, 3, 4), rules, PLAIN).due_on == D(2026, 3, 11)


def test_the_house_may_be_stricter_than_the_law_never_looser():
    dates = reply_dates(D(2026, 3, 2), HandlingRules(reply_months=2), PLAIN)
    assert (dates.legal, dates.internal, dates.effective) == (
        D(2026, 6, 2), D(2026, 5, 4), D(2026, 5, 4),
    )  # fmt: skip


def test_a_year_without_a_notice_is_said_to_be_provisional():
    unknown = WorkCalendar(years=frozenset({2026}))
    assert reply_dates(D(2026, 11, 2), HandlingRules(), unknown).is_provisional


def test_feedback_rehandling_and_first_contact_have_their_own_clocks():
    rules = HandlingRules(first_contact_days=20, feedback_amount=20, rehandle_amount=2)
    assert first_contact_limit(D(2026, 3, 2), rules, PLAIN) == D(2026, 3, 30)
    assert first_contact_limit(D(2026, 3, 2), HandlingRules(), PLAIN) is None
    assert feedback_limit(D(2026, 3, 2), rules, PLAIN).due_on == D(2026, 3, 30)
    assert rehandle_limit(D(2026, 7, 1), rules, PLAIN).due_on == D(2026, 9, 1)
