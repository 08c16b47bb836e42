"""When a message may leave the house and what it says there. Pure: clock and calendar are given."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote

from congress.rules import DAY, WorkCalendar, is_working_day

MOST_TRIES = 6
MINUTES = (1, 5, 15, 60, 240)  # after the first, second, … failure
INTERRUPTED_AFTER = timedelta(minutes=5)  # a sender is silent for so long: it died
UNREAD_DAYS = 2  # working days after which somebody is called

# What a message is about, by the first part of its template's name: all that is said outside.
SUBJECTS = {
    "suggestions": "代表建议办理",
    "activities": "活动安排",
    "performance": "代表履职",
    "deadlines": "办理时限",
    "deputies": "代表名册",
}
PLACEHOLDERS = ("phone", "text", "link", "key", "secret", "house")


@dataclass(frozen=True)
class Window:
    """The hours in which a channel may disturb people, and whether it waits for one hour a day."""

    opens: time
    closes: time
    on_rest_days: bool = False
    daily_at: time | None = None  # a digest: everything of a day in one message at this hour


def may_send(now: datetime, window: Window, calendar: WorkCalendar) -> bool:
    """Whether a message that is not urgent may go out at this local moment."""
    return (
        window.on_rest_days or is_working_day(now.date(), calendar)
    ) and window.opens <= now.time() < window.closes


def next_moment(
    now: datetime, window: Window, calendar: WorkCalendar, urgent: bool = False
) -> datetime:
    """The first moment from `now` (local time) at which a message may go out.

    Urgent ones go at once. A digest waits for its hour; otherwise night and days of rest are
    waited over.
    """
    if urgent:
        return now
    opens = max(window.opens, window.daily_at) if window.daily_at else window.opens
    day = now
    if window.daily_at and now.time() > opens or now.time() >= window.closes:
        day = now + DAY
    if day.date() == now.date() and not window.daily_at and may_send(now, window, calendar):
        return now
    while not (window.on_rest_days or is_working_day(day.date(), calendar)):
        day += DAY
    return day.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after the failure of the `tries`-th attempt; None: no more."""
    if tries >= MOST_TRIES:
        return None
    return timedelta(minutes=MINUTES[min(tries, len(MINUTES)) - 1])


def words_outside(template: str, outside: str = "") -> str:
    """What a message says of itself outside the house: nothing of its content, unless its sender
    gave words that may leave."""
    if outside:
        return outside
    subject = SUBJECTS.get(template.partition("/")[0], "")
    return f"您有一条{subject}方面的新消息" if subject else "您有一条新消息"


def words_together(count: int) -> str:
    """Several messages in one."""
    return f"您有 {count} 条新消息"


def cutoff(today: date, calendar: WorkCalendar, days: int = UNREAD_DAYS) -> date:
    """The last day whose messages have by now waited the given number of working days."""
    day, passed = today, 0
    while passed < days:
        passed += is_working_day(day, calendar)
        day -= DAY
    return day


# -- The gateway's template --------------------------------------------------------------------


def fill(template: str, values: Mapping[str, str], how: str = "") -> str:
    """Put values into {{name}} places. `how`: json, form or nothing; escapes them for it, so that
    no value can become a part of the template."""
    escape = {"json": lambda v: json.dumps(v, ensure_ascii=False)[1:-1], "form": quote}.get(
        how, lambda v: v
    )
    parts = template.split("{{")
    done = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}}")
        if not closed or name.strip() not in PLACEHOLDERS:
            done.append("{{" + part)
        else:
            done.append(escape(values.get(name.strip(), "")) + rest)
    return "".join(done)


def unknown_places(template: str) -> list[str]:
    """The {{names}} in a template that mean nothing here."""
    names = [part.partition("}}")[0].strip() for part in template.split("{{")[1:] if "}}" in part]
    return [name for name in names if name not in PLACEHOLDERS]


FORBIDDEN_HEADERS = {"host", "content-length", "transfer-encoding", "connection", "content-type"}


def read_headers(text: str) -> tuple[dict[str, str], list[str]]:
    """Header lines `Name: value` as a mapping, and what is wrong with them in sentences."""
    found, faults = {}, []
    for line in text.splitlines():
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            faults.append(f"“{line.strip()[:40]}”不是“名称: 值”的写法")
        elif name.lower() in FORBIDDEN_HEADERS:
            faults.append(f"请求头“{name}”由系统填写，请删去")
        elif not value.strip().isascii():
            faults.append(f"请求头“{name}”的值只能用英文字母、数字和符号")
        else:
            found[name] = value.strip()
    return found, faults
