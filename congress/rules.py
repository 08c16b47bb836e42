"""Time limits in the law's way: working days, shifted by the State Council's yearly notice, and
months by the corresponding day. The articles are those of the Civil Code (民法典).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"
FARTHEST = 3660  # days; no time limit reaches farther, so no count runs away


@dataclass(frozen=True)
class DayOff:
    """What a notice says of one day: rest or work, and on what occasion."""

    is_working: bool
    name: str


@dataclass(frozen=True)
class WorkCalendar:
    """The days that differ from the week, and the years whose notice is known.

    Where a year is not known its weekends alone are rest: whatever is counted through it is
    provisional.
    """

    days: Mapping[date, DayOff] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def knows(self, start: date, end: date) -> bool:
        """Whether the notice of every year from `start` to `end` is known."""
        first, last = sorted((start, end))
        return all(year in self.years for year in range(first.year, last.year + 1))


def is_working_day(day: date, calendar: WorkCalendar) -> bool:
    """A day of the week's five, unless the yearly notice makes it rest or work."""
    shifted = calendar.days.get(day)
    return shifted.is_working if shifted else day.weekday() < 5


def next_working_day(day: date, calendar: WorkCalendar) -> date:
    """The day itself, or the first working day after it.

    Art. 203: a last day that is a day of rest is replaced by the day after the rest.
    """
    for _ in range(FARTHEST):
        if is_working_day(day, calendar):
            return day
        day += DAY
    raise ValueError("a calendar without working days")


def add_working_days(start: date, count: int, calendar: WorkCalendar) -> date:
    """The `count`-th working day after `start`; 0 gives the next working day from `start` on.

    Art. 201: the day on which a time limit begins is not counted.
    """
    if not 0 <= count <= FARTHEST:
        raise ValueError(f"{count} working days")
    day = start
    for _ in range(count):
        day = next_working_day(day + DAY, calendar)
    return next_working_day(day, calendar)


def working_days_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` is
    before `start`."""
    if end < start:
        return -working_days_between(end, start, calendar)
    span = (end - start).days
    return sum(is_working_day(start + DAY * n, calendar) for n in range(1, span + 1))


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later, the month's last day where it is missing.

    Art. 202; days of rest are not looked at here (see next_working_day).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(start.day, (following - DAY).day))


# -- The yearly notice ------------------------------------------------------------------------


@dataclass(frozen=True)
class Arrangement:
    """One item of a notice: the occasion, its days of rest and the days worked instead."""

    name: str
    rest: tuple[date, ...]
    work: tuple[date, ...]


@dataclass(frozen=True)
class Notice:
    """A yearly notice as it was read, with what is doubtful in sentences."""

    arrangements: tuple[Arrangement, ...]
    faults: tuple[str, ...]

    @property
    def days(self) -> dict[date, DayOff]:
        found = {}
        for item in self.arrangements:
            found |= {day: DayOff(False, item.name) for day in item.rest}
            found |= {day: DayOff(True, f"{item.name}调休") for day in item.work}
        return found


_ITEM = re.compile(r"[一二三四五六七八九十]+、\s*([^:。,\d]{2,20}):")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_TOKEN = re.compile(rf"{_DATE}(?:\s*至\s*{_DATE})?|(放假|上班)|共(\d+)天")


def read_notice(text: str, year: int) -> Notice:
    """Read the State Council's notice of a year as it is printed (“一、元旦：1月1日（周四）至
    3日（周六）放假调休，共3天。1月4日（周日）上班。”).

    What does not agree with itself (a weekday, the number of days) is told, never guessed.
    """
    text = unicodedata.normalize("NFKC", text)
    heads = list(_ITEM.finditer(text))
    faults, items = [], []
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=False):
        items.append(_read_item(head[1].strip(), text[head.end() : end], year, faults))
    if not items:
        faults.append("没有读到任何节日，请粘贴通知正文，从“一、元旦：”开始")
    faults += _contradictions(items)
    return Notice(tuple(items), tuple(faults))


def _read_item(name: str, body: str, year: int, faults: list[str]) -> Arrangement:
    rest, work, waiting = [], [], []
    at = date(year, 1, 1)
    for token in _TOKEN.finditer(body):
        if token[3]:
            try:
                first = last = _day(token.groups()[:4], at.replace(year=year), faults)
                if token[7]:
                    last = _day(token.groups()[4:8], first, faults)
                at = last.replace(day=1)
            except ValueError:
                faults.append(f"“{name}”中的“{token[0]}”不是一个日期")
                continue
            if not 0 <= (last - first).days <= 20:
                faults.append(f"“{name}”中的“{token[0]}”起止颠倒或者太长")
                continue
            waiting += [first + DAY * n for n in range((last - first).days + 1)]
        elif token[9]:
            (rest if token[9] == "放假" else work).extend(waiting)
            waiting = []
        elif token[10] and int(token[10]) != len(rest):
            faults.append(f"“{name}”写明共{token[10]}天，读到{len(rest)}天")
    if not rest:
        faults.append(f"“{name}”没有读到放假日期")
    return Arrangement(name, tuple(rest), tuple(work))


def _day(parts: Iterable[str | None], at: date, faults: list[str]) -> date:
    year, month, day, weekday = parts
    found = date(int(year or at.year), int(month or at.month), int(day))
    said = re.search(r"(?:周|星期)([一二三四五六日])", weekday or "")
    if said and said[1] != WEEKDAYS[found.weekday()]:
        faults.append(
            f"{found.year}年{found.month}月{found.day}日是周{WEEKDAYS[found.weekday()]}，"
            f"文中写的是周{said[1]}"
        )
    return found


def _contradictions(items: list[Arrangement]) -> list[str]:
    rest = {day for item in items for day in item.rest}
    both = sorted(rest & {day for item in items for day in item.work})
    return [f"{day.month}月{day.day}日既放假又上班" for day in both]
