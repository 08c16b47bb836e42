"""What the law says of seats: their days, their ends, what may follow what."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Spell:
    """Days of real office, both included; open at the end where `until` is None."""

    since: dt.date
    until: dt.date | None

    def covers(self, on: dt.date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)

    @classmethod
    def of(
        cls, starts_on: dt.date, ends_on: dt.date | None, events: Iterable[tuple[str, dt.date]]
    ) -> list["Spell"]:
        """The spells of a seat: a suspension (代表法 art. 61) interrupts the office from its day
        until the day it is lifted. Events are ("suspended" | "resumed", day) in order."""
        found, since = [], starts_on
        for kind, on in events:
            if kind == "suspended" and since is not None:
                if on > since:
                    found.append(cls(since, on - ONE_DAY))
                since = None
            elif kind == "resumed" and since is None:
                since = on
        if since is not None and (ends_on is None or since <= ends_on):
            found.append(cls(since, ends_on))
        return [
            cls(s.since, min(s.until, ends_on) if s.until and ends_on else s.until or ends_on)
            for s in found
        ]


# 代表法 art. 61 and 62: no counting for days on which the office was suspended or had ended.
def days_in_office(spells: Iterable[Spell], from_on: dt.date, to_on: dt.date) -> int:
    """Days of office within a period, both ends included."""
    days = 0
    for spell in spells:
        since = max(spell.since, from_on)
        until = min(spell.until or to_on, to_on)
        days += max(0, (until - since).days + 1)
    return days


def born_in_words(born: str) -> str:
    """1995年1月3日, 1975年3月 or 1975年: as much of a day of birth as is known ("" for none)."""
    return "".join(
        f"{int(part)}{unit}" for part, unit in zip(born.split("-"), "年月日", strict=False) if part
    )
