"""What is due when, with its working shown, and when a person is reminded. Pure: the calendar and
the day are given. Knows no subject.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from django.db.models import TextChoices

from congress.rules import (
    DAY,
    WorkCalendar,
    add_months,
    add_working_days,
    is_working_day,
    next_working_day,
)
from congress.words import cn_date

T = TypeVar("T")


class Unit(TextChoices):
    """What a time limit is counted in."""

    DAYS = "d", "日"
    WORKING_DAYS = "wd", "个工作日"
    MONTHS = "m", "个月"
    FIXED = "on", "指定日期"


class Light(TextChoices):
    """The light of a deadline; always shown in words."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "临近时限"
    RED = "red", "已逾期"


@dataclass(frozen=True)
class Limit:
    """How long there is time: an amount of a unit, or a fixed day; and where that is written."""

    unit: Unit
    amount: int = 0
    on: date | None = None
    law: str = ""

    def __post_init__(self):
        if self.unit == Unit.FIXED and self.on is None:
            raise ValueError("a fixed limit needs its day")
        if self.unit != Unit.FIXED and self.amount < 1:
            raise ValueError("a limit is at least one of its unit")


@dataclass(frozen=True)
class Reckoning:
    """A due date, how it was come by in sentences, and whether a year's notice is missing."""

    due_on: date
    working: tuple[str, ...]
    is_provisional: bool


def reckon(start: date, limit: Limit, calendar: WorkCalendar) -> Reckoning:
    """The due date of a limit that begins on `start`, with its working."""
    source = f"（{limit.law}）" if limit.law else ""
    if limit.unit == Unit.FIXED:
        return Reckoning(limit.on, (f"指定日期：{cn_date(limit.on)}{source}。",), False)
    working = [
        f"期限{limit.amount}{Unit(limit.unit).label}{source}，自{cn_date(start)}起算，"
        "当日不计入（民法典第二百零一条）。"
    ]
    if limit.unit == Unit.WORKING_DAYS:
        due = add_working_days(start, limit.amount, calendar)
        working.append(f"第{limit.amount}个工作日是{cn_date(due)}。")
        working += _shifted(start, due, calendar)
    else:
        if limit.unit == Unit.MONTHS:
            last = add_months(start, limit.amount)
            missing = last.day != start.day
            which = "没有对应日，以月末日为准" if missing else "对应日"
            working.append(f"{which}：{cn_date(last)}（民法典第二百零二条）。")
        else:
            last = start + DAY * limit.amount
            working.append(f"第{limit.amount}日是{cn_date(last)}。")
        due = next_working_day(last, calendar)
        if due != last:
            working.append(
                f"{_day(last)}是休息日，以休息日结束的次日{cn_date(due)}为最后一日"
                "（民法典第二百零三条）。"
            )
    known = calendar.knows(start, due)
    if not known:
        years = [y for y in range(start.year, due.year + 1) if y not in calendar.years]
        named = "、".join(f"{y}年" for y in years)
        working.append(f"{named}的节假日安排尚未录入，暂按周末推算，录入后自动重算。")
    return Reckoning(due, tuple(working), not known)


def _shifted(start: date, due: date, calendar: WorkCalendar) -> list[str]:
    """The days between that differ from the week, for the reader to check."""
    between = {
        day: what
        for day, what in sorted(calendar.days.items())
        if start < day <= due and what.is_working == (day.weekday() >= 5)
    }
    sentences = []
    for is_working, words in ((False, "放假不计"), (True, "调休上班计入")):
        days = [_day(day) for day, what in between.items() if what.is_working is is_working]
        if days:
            sentences.append(f"其间{words}：{'、'.join(days)}。")
    return sentences


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# -- Reminders --------------------------------------------------------------------------------

BEFORE = (30, 15, 5, 1)  # days before the due date
MOST_BEFORE = 60
YELLOW_DAYS = 5
MORNING, EVENING = time(8, 0), time(18, 0)


def light(due_on: date, today: date) -> Light:
    """Green, yellow from five days before, red from the day after."""
    left = (due_on - today).days
    return Light.RED if left < 0 else Light.YELLOW if left <= YELLOW_DAYS else Light.GREEN


def reminder_days(
    start: date, due_on: date, calendar: WorkCalendar, before: Iterable[int] = BEFORE
) -> list[date]:
    """The days before the due date on which a person is reminded, the earliest first.

    A day of rest gives way to the working day before it; days up to the start are left out.
    """
    found = set()
    for days in before:
        day = due_on - DAY * days
        while day > start and not is_working_day(day, calendar):
            day -= DAY
        if day > start:
            found.add(day)
    return sorted(found)


def next_reminder(
    days: Iterable[date], since: date, due_on: date, calendar: WorkCalendar, lapses: bool = False
) -> date | None:
    """The day after `since` (the last reminder, or the start) on which to remind next; None when
    there is nothing more to say.

    One of the reminder `days` up to the due date, afterwards every working day; a deadline that
    lapses is not spoken of after its day. A day that is past already means: as soon as possible,
    and what was missed meanwhile is said once, in that day's words.
    """
    coming = [day for day in days if since < day <= due_on]
    if coming:
        return min(coming)
    if lapses:
        return None
    day = max(since, due_on) + DAY
    while not is_working_day(day, calendar):
        day += DAY
    return day


# -- The ladder -------------------------------------------------------------------------------


class Rank(TextChoices):
    """Who in a unit answers for a deadline; the higher, the later they are told."""

    CLERK = "clerk", "承办人"
    LIAISON = "liaison", "联络员"
    DEPUTY_HEAD = "deputy_head", "分管负责人"
    HEAD = "head", "主要负责人"


OFFICE, KEEPERS = "office", "keepers"  # the rungs above the unit: 政府办, 代工委
RUNGS = (Rank.CLERK, Rank.LIAISON, Rank.DEPUTY_HEAD, Rank.HEAD, OFFICE, KEEPERS)
RUNG_WORDS = {**{r: r.label for r in Rank}, OFFICE: "政府办", KEEPERS: "代工委"}


@dataclass(frozen=True)
class Plan:
    """提醒规则: the days before the due date with a reminder, and from which day (before: below
    zero) each rung of the ladder is told too; None: never. The clerk always is."""

    before: tuple[int, ...] = BEFORE
    liaison: int | None = -15
    deputy_head: int | None = -5
    head: int | None = -1
    office: int | None = 1
    keepers: int | None = 5

    def rung_from(self, rung: str) -> int | None:
        """From which day, counted from the due date, a rung is told."""
        return -MOST_BEFORE if rung == Rank.CLERK else getattr(self, rung)

    def days_before(self, own: Iterable[int] = (), ladder: bool = False) -> tuple[int, ...]:
        """How many days before there is a reminder: the matter's own days, otherwise the
        congress's; on a ladder also the day each rung comes in, so that nobody comes in
        unheard."""
        own = tuple(own)
        if own or not ladder:
            return own or self.before
        entering = {-n for r in RUNGS[1:] if (n := self.rung_from(r)) is not None and n <= 0}
        return tuple(sorted({*self.before, *entering}, reverse=True))

    def rungs_on(self, due_on: date, today: date, calendar: WorkCalendar) -> list[str]:
        """Who is told on a day. A rung whose day is one of rest comes in on the working day
        before it."""
        found = []
        for rung in RUNGS:
            start = self.rung_from(rung)
            if start is None:
                continue
            day = due_on + DAY * start
            while start <= 0 and not is_working_day(day, calendar):
                day -= DAY
            if today >= day or rung == Rank.CLERK:
                found.append(rung)
        return found


def who_is_told(rungs: Iterable[str], people: Mapping[str, Collection[T]]) -> dict[T, str]:
    """The people of the rungs that are told, each with the rung; a rung nobody stands on is taken
    by the next one above that has people, so that a unit without a liaison is not forgotten."""
    told: dict[T, str] = {}
    wanted = set(rungs)
    vacant = False
    for rung in RUNGS:
        there = people.get(rung, ())
        if rung in wanted or vacant:
            vacant = not there and (rung in wanted or vacant)
            for person in there:
                told.setdefault(person, rung)
    return told


def may_disturb(now: datetime, calendar: WorkCalendar) -> bool:
    """Working days between 8 and 18 o'clock, local time."""
    return is_working_day(now.date(), calendar) and MORNING <= now.time() < EVENING
