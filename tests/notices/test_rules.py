"""When a message may go out, what it says there, how a gateway's template is filled."""

import datetime as dt
import json

import pytest

from congress.holidays import shipped
from congress.rules import WorkCalendar
from notices.rules import (
    MOST_TRIES,
    Window,
    cutoff,
    fill,
    may_send,
    next_moment,
    read_headers,
    unknown_places,
    wait_after,
    words_outside,
)

DAYS = {d: what for _, notice in shipped().values() for d, what in notice.days.items()}
CALENDAR = WorkCalendar(DAYS, frozenset(shipped()))
DAY = Window(dt.time(8), dt.time(20))
DIGEST = Window(dt.time(8), dt.time(20), daily_at=dt.time(9))
ALWAYS = Window(dt.time(8), dt.time(20), on_rest_days=True)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "window", "then"),
    [
        ("2026-03-06T10:30", DAY, "2026-03-06T10:30"),
        ("2026-03-06T07:59", DAY, "2026-03-06T08:00"),
        ("2026-03-06T20:00", DAY, "2026-03-09T08:00"),  # Friday evening: Monday
        ("2026-03-07T10:00", DAY, "2026-03-09T08:00"),
        ("2026-03-07T10:00", ALWAYS, "2026-03-07T10:00"),
        ("2026-02-14T10:00", DAY, "2026-02-14T10:00"),  # a Saturday worked for Spring Festival
        ("2026-02-16T10:00", DAY, "2026-02-24T08:00"),  # Spring Festival
        ("2026-03-05T08:30", DIGEST, "2026-03-05T09:00"),
        ("2026-03-05T09:01", DIGEST, "2026-03-06T09:00"),
        ("2026-03-06T09:01", DIGEST, "2026-03-09T09:00"),
    ],
)
def test_the_first_moment_a_message_may_go_out(now, window, then):
    found = next_moment(at(now), window, CALENDAR)
    assert found == at(then)
    assert may_send(found, window, CALENDAR)


def test_what_is_urgent_goes_at_night_and_on_holidays():
    assert next_moment(at("2026-02-16T23:00"), DAY, CALENDAR, True) == at("2026-02-16T23:00")


def test_trap_52_nothing_is_sent_on_holidays():
    assert not any(
        may_send(at(f"2026-02-{day}T{hour:02}:00"), DAY, CALENDAR)
        for day in range(16, 24)
        for hour in range(24)
    )


def test_tries_wait_longer_and_end():
    waits = [wait_after(n) for n in range(1, MOST_TRIES)]
    assert waits == sorted(waits) and len(set(waits)) == len(waits)
    assert wait_after(MOST_TRIES) is None


def test_outside_a_message_says_what_it_is_about_and_no_more():
    assert words_outside("suggestions/assigned") == "您有一条代表建议办理方面的新消息"
    assert words_outside("x/y") == "您有一条新消息"
    assert words_outside("deadlines/due", "1 件事项还有 5 天") == "1 件事项还有 5 天"


def test_a_value_cannot_break_out_of_the_template():
    nasty = '","admin":true,"x":"\n{{secret}}'
    body = fill('{"t": "{{text}}", "k": "{{ key }}"}', {"text": nasty, "key": "1"}, "json")
    assert json.loads(body) == {"t": nasty, "k": "1"}
    assert fill("a={{text}}", {"text": "1&b=2 中"}, "form") == "a=1%26b%3D2%20%E4%B8%AD"


def test_unknown_places_are_named():
    assert unknown_places("{{phone}} {{ name }} {{x") == ["name"]
    assert fill("{{name}} {{x", {"name": "secret"}) == "{{name}} {{x"


def test_headers_are_read_line_by_line():
    assert read_headers("X-Key: a b\n\nAuthorization: Bearer {{secret}}") == (
        {"X-Key": "a b", "Authorization": "Bearer {{secret}}"},
        [],
    )
    faults = read_headers("no colon\nHost: x\nContent-Length: 3\nA: 中\nB\tC: 1")[1]
    assert len(faults) == 5


def test_two_working_days_have_passed_since_the_cutoff():
    # Monday: Friday and Monday… a message of Thursday has waited two working days by Monday.
    assert cutoff(dt.date(2026, 3, 9), CALENDAR) == dt.date(2026, 3, 5)
    assert cutoff(dt.date(2026, 3, 11), CALENDAR) == dt.date(2026, 3, 9)
    assert cutoff(dt.date(2026, 3, 8), CALENDAR) == dt.date(2026, 3, 4)  # Sunday
