"""What the demo's deputies do in a year: who is asked to what, who comes, who reports what.

Pure and seeded: the same year comes out the same. The sizes are set so that the totals under the
four-aspect rule-book have the shape really published (mean near 586, one in six above 700, a few
low).
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from . import places

PRESENT, LATE, LEAVE, ABSENT = "present", "late", "leave", "absent"


@dataclass(frozen=True)
class Doer:
    """A deputy as the year sees one. `zeal` from 0 to 1: how readily the person comes."""

    number: int
    street: int
    delegation: int
    zeal: float
    group: int = -1  # professional group


@dataclass(frozen=True)
class Held:
    """An activity that was held, with everybody's attendance by number of the deputy."""

    on: dt.date
    hour: int
    kind: str
    title: str
    place: str
    street: int = -1  # whose; -1: the congress's own office
    committee: int = -1
    attendance: dict[int, str | list[str]] = field(default_factory=dict)
    days: int = 1
    source: str = "picked"
    source_name: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Noted:
    """What staff or the deputy writes down: one deputy, one item, one day."""

    on: dt.date
    item: str
    number: int
    title: str
    reported: bool = False  # by the deputy, reviewed and verified; otherwise by staff
    level: str = ""


def doers(chance: random.Random, count: int, streets: int, delegations: int) -> list[Doer]:
    """As many deputies, spread as the registry spreads them, each with a zeal."""
    found = []
    for i in range(count):
        lazy = chance.random() < 0.04
        zeal = 0.15 + 0.3 * chance.random() if lazy else 0.45 + 0.54 * chance.betavariate(2.6, 1.7)
        group = chance.randrange(len(places.GROUPS)) if chance.random() < 0.35 else -1
        found.append(
            Doer(i, i * streets // count if streets else 0, i * delegations // count, zeal, group)
        )
    return found


class Year:
    """One year of one congress from a day to a day."""

    def __init__(
        self,
        people: Sequence[Doer],
        chance: random.Random,
        since: dt.date,
        until: dt.date,
        streets: Sequence[str],
        pace: float = 1,
    ):
        self.people, self.chance, self.streets = people, chance, streets
        self.since, self.until, self.pace = since, until, pace
        self.months = [d for d in (self._month(n) for n in range(13)) if d <= until.replace(day=1)]

    def _month(self, n: int) -> dt.date:
        month = self.since.month - 1 + n
        return dt.date(self.since.year + month // 12, month % 12 + 1, 1)

    # -- Days and people -----------------------------------------------------------------------

    def _day(self, month: dt.date) -> dt.date | None:
        """A working day of a month inside the year."""
        for _ in range(20):
            day = month + dt.timedelta(days=self.chance.randrange(27))
            if day.weekday() < 5 and self.since <= day <= self.until:
                return day
        return None

    def _spread(self, count: float) -> Iterator[dt.date]:
        """So many days over the year, more or less evenly, in order."""
        times = max(0, round(count * self.pace * (self.until - self.since).days / 365))
        days = []
        for n in range(times):
            month = self.months[min(len(self.months) - 1, n * len(self.months) // max(1, times))]
            if day := self._day(month):
                days.append(day)
        yield from sorted(days)

    def _answer(self, doer: Doer, ease: float = 0.0) -> str:
        zeal = min(0.99, doer.zeal + ease)
        if self.chance.random() < zeal:
            return LATE if self.chance.random() < 0.03 else PRESENT
        return LEAVE if self.chance.random() < 0.6 + 0.38 * doer.zeal else ABSENT

    def _asked(self, people: Sequence[Doer], ease: float = 0.0) -> dict[int, str]:
        return {p.number: self._answer(p, ease) for p in people}

    def _who_signs_up(self, people: Sequence[Doer], share: float) -> dict[int, str]:
        return {p.number: PRESENT for p in people if self.chance.random() < share * p.zeal}

    def _times(self, doer: Doer, mean: float) -> int:
        """How often in the year, around a mean for the average deputy."""
        chance, most = mean * (doer.zeal / 0.75) ** 1.7, 0
        while chance > 0:
            most += self.chance.random() < min(1.0, chance) * 0.9
            chance -= 0.9
        return most

    # -- What is held --------------------------------------------------------------------------

    def held(self) -> list[Held]:
        """Every activity of the year, in order of days."""
        found = [*self._sitting(), *self._district(), *self._of_streets()]
        return sorted((h for h in found if h.attendance), key=lambda h: (h.on, h.hour, h.title))

    def _sitting(self) -> Iterator[Held]:
        for year in range(self.since.year, self.until.year + 1):
            opens = dt.date(year, 1, 12)
            if not self.since <= opens <= self.until:
                continue
            days = 4 if self.streets else 1
            attendance: dict[int, str | list[str]] = {}
            for p in self.people:
                steady = self._answer(p, 0.2)
                attendance[p.number] = [
                    steady if self.chance.random() < 0.9 else self._answer(p, 0.25)
                    for _ in range(days * 2)
                ]
            yield Held(
                opens,
                9,
                "sitting",
                f"{year}年人民代表大会会议",
                "会议中心",
                attendance=attendance,
                days=days,
                source="all",
                source_name="全体代表",
            )

    def _district(self) -> Iterator[Held]:
        """What the congress's own organs arrange."""
        chance, everybody = self.chance, self.people
        of = {
            d: [p for p in everybody if p.delegation == d]
            for d in {p.delegation for p in everybody}
        }
        for on in self._spread(8):
            seen = chance.sample(everybody, min(len(everybody), max(8, len(everybody) // 5)))
            yield Held(
                on,
                9,
                "standing_committee",
                f"列席常委会会议（议题：{_theme(chance)}）",
                "行政中心会议室",
                attendance=self._asked(seen, 0.12),
            )
        for on in self._spread(18):
            d = chance.choice(sorted(of))
            yield Held(
                on,
                14,
                "inspection",
                f"视察{_theme(chance)}工作",
                _venue(chance),
                committee=chance.randrange(6),
                attendance=self._asked(of[d]),
                source="delegation",
                source_name=_delegation(d),
                is_public=chance.random() < 0.6,
            )
        for on in self._spread(26):
            d = chance.choice(sorted(of))
            yield Held(
                on,
                9,
                "research",
                f"{_theme(chance)}专题调研",
                _venue(chance),
                committee=chance.randrange(6),
                attendance=self._asked(of[d]),
                source="delegation",
                source_name=_delegation(d),
                is_public=chance.random() < 0.3,
            )
        for on in self._spread(14):
            d = chance.choice(sorted(of))
            asked = of[d] + of.get(d + 1, [])
            yield Held(
                on,
                9,
                "law_enforcement",
                f"{_theme(chance)}执法检查",
                _venue(chance),
                committee=chance.randrange(6),
                attendance=self._asked(asked),
                is_public=True,
            )
        for on in self._spread(16):
            d = chance.choice(sorted(of))
            asked = of[d] + of.get(d + 1, [])
            yield Held(
                on,
                14,
                "hearing",
                f"{_theme(chance)}工作座谈评议",
                _venue(chance),
                attendance=self._asked(asked),
            )
        for n, on in enumerate(self._spread(9), start=1):
            yield Held(
                on,
                9,
                "training",
                f"代表履职学习班（第{n}期）：{_theme(chance)}",
                "文化馆报告厅",
                attendance=self._asked(everybody, 0.02),
                source="all",
                source_name="全体代表",
            )
        for g, name in enumerate(places.GROUPS):
            members = [p for p in everybody if p.group == g]
            for on in self._spread(3):
                yield Held(
                    on,
                    14,
                    "research",
                    f"{name}专业代表小组调研：{_theme(chance)}",
                    _venue(chance),
                    attendance=self._asked(members),
                    source="group",
                    source_name=f"{name}专业代表小组",
                )

    def _of_streets(self) -> Iterator[Held]:
        """What each street (or, in a township, its presidium) arranges for its deputies."""
        chance = self.chance
        for s in range(max(1, len(self.streets))):
            own = [p for p in self.people if p.street == s]
            name = self.streets[s] if self.streets else "镇"
            whose = s if self.streets else -1
            by = {
                "street": whose,
                "source": "street" if self.streets else "all",
                "source_name": name if self.streets else "全体代表",
            }
            for on in self._spread(11):
                yield Held(
                    on,
                    14,
                    "group_activity",
                    f"{name}代表小组活动：{_theme(chance)}",
                    f"{name}代表联络站",
                    attendance=self._asked(own, 0.03),
                    **by,
                )
            for on in self._spread(12):
                half = chance.sample(own, max(1, len(own) * 7 // 10))
                yield Held(
                    on,
                    9,
                    "reception",
                    f"{name}代表接待日",
                    f"{name}代表联络站",
                    attendance=self._asked(half, 0.02),
                    is_public=True,
                    **by,
                )
            for on in self._spread(3):
                yield Held(
                    on,
                    9,
                    "inspection",
                    f"{name}代表视察{_theme(chance)}",
                    _venue(chance),
                    attendance=self._asked(own),
                    is_public=chance.random() < 0.4,
                    **by,
                )
            for on in self._spread(6):
                yield Held(
                    on,
                    18,
                    "visit",
                    f"{name}代表走访选民",
                    f"{name}所辖社区",
                    attendance=self._who_signs_up(own, 0.75),
                    **by,
                )
            for on in self._spread(2):
                yield Held(
                    on,
                    15,
                    "publicity",
                    f"{name}代表宣讲活动",
                    f"{name}党群服务中心",
                    attendance=self._who_signs_up(own, 0.5),
                    is_public=True,
                    **by,
                )

    # -- What is written down ------------------------------------------------------------------

    def noted(self) -> list[Noted]:
        """What staff and deputies write down themselves, in order of days."""
        chance, found = self.chance, []
        sitting = [
            y
            for y in range(self.since.year, self.until.year + 1)
            if self.since <= dt.date(y, 1, 12) <= self.until
        ]
        share = (self.until - self.since).days / 365
        for p in self.people:
            for year in sitting:
                opens = dt.date(year, 1, 12)
                for code, mean, title in AT_SITTINGS:
                    for _ in range(self._times(p, mean * self.pace)):
                        day = opens + dt.timedelta(days=chance.randrange(4 if self.streets else 1))
                        found.append(Noted(day, code, p.number, title.format(_theme(chance))))
            for code, mean, title, reported in IN_THE_YEAR:
                for _ in range(self._times(p, mean * share * self.pace)):
                    day = self._day(chance.choice(self.months))
                    if day is None:
                        continue
                    level = chance.choices(("county", "city", "provincial"), (70, 25, 5))[0]
                    found.append(
                        Noted(
                            day,
                            code,
                            p.number,
                            title.format(_theme(chance)),
                            reported,
                            level if code == "E05" else "",
                        )
                    )
        return sorted(found, key=lambda n: (n.on, n.item, n.number))


AT_SITTINGS = (
    ("A02", 2.7, "审议报告时就{}发言"),
    ("A03", 0.12, "领衔提出关于{}的议案"),
)
IN_THE_YEAR = (
    ("B07", 8.2, "走访选民，了解{}情况", True),
    ("B08", 1.2, "向原选区选民报告履职情况", True),
    ("B11", 1.2, "跟踪督办关于{}的建议", True),
    ("E02", 0.6, "《关于{}的调研报告》被采用", True),
    ("E03", 6.0, "参加{}志愿服务", True),
    ("E04", 5.4, "协调解决居民反映的{}问题", True),
    ("E05", 0.22, "获评先进个人", True),
    ("E06", 2.0, "履职事迹被宣传报道：{}", True),
    ("O01", 0.9, "参加{}专题协商", True),
)


def _theme(chance: random.Random) -> str:
    return chance.choice(places.THEMES)


def _venue(chance: random.Random) -> str:
    return chance.choice(places.VENUES)


def _delegation(d: int) -> str:
    from congress.words import cn_number

    return f"第{cn_number(d + 1)}代表团"
