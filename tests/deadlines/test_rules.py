"""What is due when, and when somebody is reminded."""

import datetime as dt

import pytest

from congress.holidays import shipped
from congress.rules import DAY, WorkCalendar, is_working_day
from deadlines import rules
from deadlines.rules import Light, Limit, Unit

SHIPPED = {d: off for _, notice in shipped().values() for d, off in notice.days.items()}
CALENDAR = WorkCalendar(SHIPPED, frozenset(shipped()))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_seven_working_days_show_their_working():
    limit = Limit(Unit.WORKING_DAYS, 7, law="办法第十二条")
    found = rules.reckon(day("2026-02-12"), limit, CALENDAR)
    assert found.due_on == day("2026-02-28") and not found.is_provisional
    assert found.working == (
        "期限7个工作日（办法第十二条），自2026年2月12日（周四）起算，当日不计入"
        "（民法典第二百零一条）。",
        "第7个工作日是2026年2月28日（周六）。",
        "其间放假不计：2月16日、2月17日、2月18日、2月19日、2月20日、2月23日。",
        "其间调休上班计入：2月14日、2月28日。",
    )


def test_three_months_end_on_the_corresponding_day_or_after_the_rest():
    found = rules.reckon(day("2026-07-02"), Limit(Unit.MONTHS, 3), CALENDAR)
    assert found.due_on == day("2026-10-08")
    assert found.working[1] == "对应日：2026年10月2日（周五）（民法典第二百零二条）。"
    assert "10月2日是休息日，以休息日结束的次日2026年10月8日（周四）" in found.working[2]


def test_a_missing_corresponding_day_is_the_last_of_the_month():
    found = rules.reckon(day("2025-11-30"), Limit(Unit.MONTHS, 3), CALENDAR)
    assert found.due_on == day("2026-02-28")  # a Saturday, but worked
    assert "没有对应日" in found.working[1]


def test_days_are_counted_through_rest_but_do_not_end_on_it():
    assert rules.reckon(day("2026-09-30"), Limit(Unit.DAYS, 3), CALENDAR).due_on == day(
        "2026-10-08"
    )


def test_a_year_without_a_notice_makes_the_day_provisional():
    found = rules.reckon(day("2026-12-20"), Limit(Unit.WORKING_DAYS, 20), CALENDAR)
    assert found.is_provisional
    assert found.working[-1] == "2027年的节假日安排尚未录入，暂按周末推算，录入后自动重算。"


def test_a_fixed_day_stays_as_it_was_said():
    found = rules.reckon(day("2026-09-01"), Limit(Unit.FIXED, on=day("2026-10-03")), CALENDAR)
    assert found.due_on == day("2026-10-03")


@pytest.mark.parametrize("wrong", [(Unit.FIXED, 3), (Unit.DAYS, 0), (Unit.MONTHS, -1)])
def test_a_limit_without_an_end_is_a_defect(wrong):
    with pytest.raises(ValueError):
        Limit(*wrong)


@pytest.mark.parametrize(
    ("today", "light"),
    [
        ("2026-03-10", Light.GREEN),
        ("2026-03-11", Light.YELLOW),
        ("2026-03-16", Light.YELLOW),
        ("2026-03-17", Light.RED),
    ],
)
def test_the_light(today, light):
    assert rules.light(day("2026-03-16"), day(today)) == light


def test_reminders_stand_on_working_days_before_the_due_date():
    found = rules.reminder_days(day("2026-08-01"), day("2026-10-09"), CALENDAR)
    # T−5 is 4 October and falls into the holidays, so it is said on 30 September.
    assert found == [day("2026-09-09"), day("2026-09-24"), day("2026-09-30"), day("2026-10-08")]
    assert all(is_working_day(d, CALENDAR) for d in found)


def test_a_short_limit_is_not_reminded_of_before_it_began():
    assert rules.reminder_days(day("2026-03-12"), day("2026-03-16"), CALENDAR) == [
        day("2026-03-13")
    ]


def said(due: str, today: str, reminded: str = "2026-03-02", lapses: bool = False) -> bool:
    days = rules.reminder_days(day("2026-03-02"), day(due), CALENDAR)
    upon = rules.next_reminder(days, day(reminded), day(due), CALENDAR, lapses)
    return upon is not None and upon <= day(today)


def test_a_person_is_reminded_once_per_stage_and_daily_when_late():
    assert said("2026-04-10", "2026-03-11")  # T−30
    assert not said("2026-04-10", "2026-03-12", reminded="2026-03-11")
    assert said("2026-04-10", "2026-04-13", reminded="2026-04-10")
    assert said("2026-04-10", "2026-04-14", reminded="2026-04-13")
    assert not said("2026-04-10", "2026-04-13", reminded="2026-04-10", lapses=True)


def test_what_was_missed_is_said_once_afterwards():
    today = day("2026-03-02")
    times, reminded = 0, day("2026-03-02")
    while today < day("2026-04-20"):
        is_down = day("2026-03-10") < today < day("2026-04-09")  # T−30, −15 and −5 missed
        if not is_down and is_working_day(today, CALENDAR):
            if said("2026-04-10", str(today), str(reminded)):
                times += 1
            reminded = today
        today += DAY
    assert times == 1 + 5  # one for all that was missed (T−1 among them), then 13 to 17 April


@pytest.mark.parametrize(
    ("moment", "may"),
    [
        ("2026-03-16T09:00", True),
        ("2026-03-16T07:59", False),
        ("2026-03-16T18:00", False),
        ("2026-03-15T10:00", False),  # Sunday
        ("2026-02-14T10:00", True),  # a Saturday that is worked
        ("2026-02-17T10:00", False),  # New Year
    ],
)
def test_nobody_is_disturbed_at_night_or_on_a_day_of_rest(moment, may):
    assert rules.may_disturb(at(moment), CALENDAR) is may


# -- The ladder -------------------------------------------------------------------------------

PLAN = rules.Plan()


@pytest.mark.parametrize(
    ("today", "in_by_then"),
    [
        ("2026-03-11", 1),  # T−30: the clerk
        ("2026-03-26", 2),  # T−15: the liaison too
        ("2026-04-03", 3),  # T−5 falls on a Sunday of Qingming: said on the Friday before
        ("2026-04-09", 4),
        ("2026-04-10", 4),
        ("2026-04-11", 5),  # late: 政府办
        ("2026-04-15", 6),  # 代工委
    ],
)
def test_the_higher_the_later(today, in_by_then):
    rungs = PLAN.rungs_on(day("2026-04-10"), day(today), CALENDAR)
    assert rungs == list(rules.RUNGS[:in_by_then])


def test_a_rung_may_be_left_out_of_the_ladder():
    plan = rules.Plan(head=None, keepers=None)
    rungs = plan.rungs_on(day("2026-04-10"), day("2026-12-01"), CALENDAR)
    assert rungs == [rules.Rank.CLERK, rules.Rank.LIAISON, rules.Rank.DEPUTY_HEAD, rules.OFFICE]


def test_nobody_comes_in_unheard():
    plan = rules.Plan(before=(10,), liaison=-12)
    assert plan.days_before(ladder=True) == (12, 10, 5, 1)
    assert plan.days_before() == (10,)
    assert plan.days_before((3,), ladder=True) == (3,)


def test_an_empty_rung_is_taken_by_the_next_one_that_has_people():
    clerk = [rules.Rank.CLERK]
    assert rules.who_is_told(clerk, {rules.Rank.CLERK: ["甲"]}) == {"甲": "clerk"}
    assert rules.who_is_told(clerk, {rules.Rank.HEAD: ["长"]}) == {"长": "head"}
    assert rules.who_is_told(clerk, {rules.KEEPERS: ["委"]}) == {"委": "keepers"}
    both = [rules.Rank.CLERK, rules.Rank.LIAISON]
    people = {rules.Rank.CLERK: ["甲"], rules.Rank.DEPUTY_HEAD: ["副"], rules.Rank.HEAD: ["长"]}
    assert rules.who_is_told(both, people) == {"甲": "clerk", "副": "deputy_head"}


def test_one_person_on_two_rungs_is_told_once():
    people = {rules.Rank.CLERK: ["甲"], rules.OFFICE: ["甲"]}
    assert rules.who_is_told(rules.RUNGS, people) == {"甲": "clerk"}
