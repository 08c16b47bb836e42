"""Working days and months, as the law counts them; the notices, checked against another table."""

import datetime as dt

import holidays as table
import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress.holidays import shipped
from congress.rules import (
    DAY,
    DayOff,
    WorkCalendar,
    add_months,
    add_working_days,
    is_working_day,
    next_working_day,
    read_notice,
    working_days_between,
)

SHIPPED = {day: off for _, notice in shipped().values() for day, off in notice.days.items()}
CALENDAR = WorkCalendar(SHIPPED, frozenset(shipped()))
days = st.dates(dt.date(2021, 1, 1), dt.date(2026, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("year", sorted(shipped()))
def test_every_day_of_a_shipped_year_agrees_with_the_table_of_others(year):
    theirs = table.CN(years=[year, year + 1])
    current = dt.date(year, 1, 1)
    while current.year == year:
        assert is_working_day(current, CALENDAR) == theirs.is_working_day(current), current
        current += DAY


def test_the_shipped_notices_do_not_contradict_themselves():
    assert {2021, 2022, 2023, 2024, 2025, 2026} <= set(shipped())
    for year, (document, notice) in shipped().items():
        assert notice.faults == () and document.startswith(f"国务院办公厅关于{year}年")


def test_a_day_worked_instead_is_a_working_day_and_a_day_given_for_it_is_not():
    assert is_working_day(day("2026-02-14"), CALENDAR)  # a Saturday before the Spring Festival
    assert not is_working_day(day("2026-02-16"), CALENDAR)  # a Monday within it


def test_the_day_of_the_start_is_not_counted():
    assert add_working_days(day("2026-03-02"), 1, CALENDAR) == day("2026-03-03")


def test_seven_working_days_pass_over_the_spring_festival():
    # 13 February is a Friday; 14 is worked, 15 to 23 is rest, 28 is worked.
    assert add_working_days(day("2026-02-12"), 7, CALENDAR) == day("2026-02-28")


def test_an_end_on_a_day_of_rest_moves_to_the_next_working_day():
    assert next_working_day(day("2026-10-03"), CALENDAR) == day("2026-10-08")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-01-15", 3, "2026-04-15"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(start, months, end):
    assert add_months(day(start), months) == day(end)


@given(days, st.integers(0, 60))
def test_counting_there_and_back_agrees(start, count):
    end = add_working_days(start, count, CALENDAR)
    assert is_working_day(end, CALENDAR)
    if count:
        assert working_days_between(start, end, CALENDAR) == count


@given(days, days)
def test_working_days_between_are_symmetric_and_never_more_than_days(a, b):
    count = working_days_between(a, b, CALENDAR)
    assert count == -working_days_between(b, a, CALENDAR)
    assert abs(count) <= abs((b - a).days)


def test_no_count_runs_away():
    with pytest.raises(ValueError):
        add_working_days(day("2026-01-01"), 10**6, CALENDAR)
    never = WorkCalendar({day("2026-01-01") + DAY * n: DayOff(False, "") for n in range(4000)})
    with pytest.raises(ValueError):
        next_working_day(day("2026-01-01"), never)


def test_a_year_without_a_notice_is_not_known():
    assert CALENDAR.knows(day("2026-01-01"), day("2026-12-31"))
    assert not CALENDAR.knows(day("2026-12-01"), day("2027-01-05"))


NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。１月３０日（周六）、2月14日（周日）上班。"""


def test_a_pasted_notice_is_read_with_fullwidth_digits_and_brackets():
    notice = read_notice(NOTICE, 2027)
    assert notice.faults == ()
    assert [(a.name, len(a.rest), len(a.work)) for a in notice.arrangements] == [
        ("元旦", 3, 0),
        ("春节", 7, 2),
    ]
    assert notice.days[day("2027-01-30")] == DayOff(True, "春节调休")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (NOTICE.replace("（周五）至3日", "（周四）至3日"), "是周五，文中写的是周四"),
        (NOTICE.replace("共7天", "共8天"), "“春节”写明共8天，读到7天"),
        (NOTICE.replace("2月14日（周日）", "2月31日"), "不是一个日期"),
        (NOTICE.replace("2月5日", "2月12日").replace("周五）至11", "）至11"), "起止颠倒或者太长"),
        (NOTICE.replace("2月14日（周日）", "2月7日（周日）"), "2月7日既放假又上班"),
        ("按照国家规定执行", "没有读到任何节日"),
        ("一、元旦：另行通知。", "“元旦”没有读到放假日期"),
    ],
)
def test_a_notice_that_contradicts_itself_is_told_of(wrong, told):
    assert any(told in fault for fault in read_notice(wrong, 2027).faults)


def test_a_notice_may_begin_in_the_year_before():
    text = "一、元旦：2026年12月31日（周四）至2027年1月2日（周六）放假，共3天。1月3日（周日）上班。"
    notice = read_notice(text, 2027)
    assert notice.faults == ()
    assert notice.arrangements[0].rest[0] == day("2026-12-31")
    assert notice.arrangements[0].work == (day("2027-01-03"),)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    read_notice("一、元旦：" + text, 2027)
