"""What the demo's deputies raise and what units answer: matters, and invented places in them.

Modelled on published suggestions (titles, units, facts); pure and seeded. The files name a place's
estates, roads, schools and villages in braces.
"""

import datetime as dt
import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# How often a category is raised, out of a hundred (the order of size of published reports: a third
# building and traffic, a quarter schools, health and culture, a tenth the economy).
WEIGHTS = {
    "老旧小区改造": 8, "物业管理": 6, "停车设施": 6, "市政设施": 7, "道路建设": 6, "公共交通": 5,
    "交通管理": 6, "消防和安全生产": 4, "城市规划建设": 4, "绿化和公园": 4, "垃圾分类": 3,
    "污染防治": 4, "治安": 3, "教育": 8, "医疗卫生": 4, "养老服务": 6, "社区治理": 3,
    "就业和社会保障": 2, "社会救助": 2, "文化旅游": 3, "体育": 2, "产业发展": 3, "营商环境": 2,
    "市场监管": 3, "财税金融": 1, "司法服务": 2, "人大工作": 1, "科技": 1, "水利": 4,
    "乡村建设": 5, "农业生产": 5,
}  # fmt: skip
WORDS = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Ask:
    """One numbered request with what may be answered to it."""

    ask: str
    done: str
    plan: str
    promise: str


@dataclass(frozen=True)
class Matter:
    """A matter as the files have it."""

    category: str
    unit: str
    titles: tuple[str, ...]
    facts: tuple[str, ...]
    troubles: tuple[str, ...]
    asks: tuple[Ask, ...]
    joint: tuple[str, ...] = ()
    town_unit: str = ""
    rural: bool = False
    direct: bool = False  # an owner of its own: court, procuratorate
    committee: bool = False  # a committee of the congress answers


@dataclass(frozen=True)
class Paper:
    """One suggestion's text and everything that may be answered to it."""

    matter: Matter
    which: int  # of the matter's titles
    title: str
    situation: str
    asks: tuple[Ask, ...]
    slots: dict[str, Any]

    @property
    def requests(self) -> list[str]:
        return [a.ask for a in self.asks]


@cache
def matters() -> tuple[Matter, ...]:
    """All matters of the files."""
    found = []
    for name in ("town", "people", "country"):
        path = HERE / f"{name}.toml"
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["matter"]:
            lists = {k: tuple(row.pop(k)) for k in ("titles", "facts", "troubles", "joint")}
            asks = tuple(Ask(*words) for words in row.pop("asks"))
            found.append(Matter(asks=asks, **lists, **row))
    return tuple(found)


class Writer:
    """Writes papers for one congress, no title twice."""

    def __init__(self, chance: random.Random, size: str):
        """`size`: district, city or town; villages write of roads and water, a district never."""
        self.chance, self.size = chance, size
        self.titles: set[str] = set()
        rows = [m for m in matters() if size != "district" or not m.rural]
        if size == "town":
            rows = [m for m in rows if m.rural]
        of_category = {m.category: sum(x.category == m.category for x in rows) for m in rows}
        self.rows = rows
        self.weights = [
            WEIGHTS[m.category] / of_category[m.category] * (2 if m.rural else 1) for m in rows
        ]

    def write(self, street: str, town: bool = False) -> Paper:
        """One paper of a deputy who lives in `street`."""
        for _ in range(200):
            matter = self.chance.choices(self.rows, self.weights)[0]
            slots = self._slots(street, matter)
            which = self.chance.randrange(len(matter.titles))
            title = matter.titles[which].format(**slots)
            if title not in self.titles:
                break
        self.titles.add(title)
        return self._paper(matter, title, slots, which)

    def again(self, paper: Paper) -> Paper:
        """The same matter of the same place raised once more, a year or two later."""
        slots = paper.slots | {"k": paper.slots["k"] + self.chance.randrange(3, 9)}
        title = paper.title.replace("关于", "关于再次提请", 1)
        self.titles.add(title)
        return self._paper(paper.matter, title, slots, paper.which)

    def _paper(self, matter: Matter, title: str, slots: dict, which: int) -> Paper:
        """The text that goes with a title: facts and the first request belong to its kind."""
        chance = self.chance
        kind = which % len(matter.facts)
        words = (matter.facts[kind], chance.choice(matter.troubles))
        count = min(len(matter.asks), chance.choices((2, 3), (45, 55))[0])
        own = min(kind, len(matter.asks) - 1)
        others = [i for i in range(len(matter.asks)) if i != own]
        chosen = [own, *sorted(chance.sample(others, count - 1))]
        asks = (matter.asks[i] for i in chosen)
        return Paper(
            matter,
            which,
            title,
            "\n".join(part.format(**slots) for part in words),
            tuple(
                Ask(*(words.format(**slots) for words in (a.ask, a.done, a.plan, a.promise)))
                for a in asks
            ),
            slots,
        )

    def _slots(self, street: str, matter: Matter) -> dict:
        chance = self.chance
        road, road2 = chance.sample(WORDS["road_a"], 2)
        village, village2 = chance.sample(WORDS["village_a"], 2)
        ends = ("村", "庄")
        return {
            "street": street,
            "estate": chance.choice(WORDS["estate_a"]) + chance.choice(WORDS["estate_b"]),
            "road": road + chance.choice(WORDS["road_b"]),
            "road2": road2 + chance.choice(WORDS["road_b"][:3]),
            "school": chance.choice(WORDS["school"]),
            "village": village + chance.choice(ends),
            "village2": village2 + chance.choice(ends),
            "n": chance.randrange(180, 2600, 10),
            "n2": chance.randrange(120, 3200, 20),
            "m": chance.randrange(24, 96),
            "m2": chance.randrange(2, 9),
            "k": chance.randrange(11, 39),
            "pct": chance.randrange(21, 88),
            "year": chance.randrange(1984, 2004),
            "month": chance.randrange(3, 5),
        }


def answers(paper: Paper, canonical: str, chance: random.Random, reason: str = "") -> list[str]:
    """The answer to each request under a result: done, planned, impossible, for reference."""
    if canonical == "solved":
        return [a.done for a in paper.asks]
    if canonical == "planned":
        first = chance.random() < 0.4
        return [a.done if first and i else a.plan for i, a in enumerate(paper.asks)]
    if canonical == "not_now":
        return [WORDS["reasons"][reason], *[WORDS["rest"]] * (len(paper.asks) - 1)]
    return [WORDS["reference"].format(ask=a.ask) for a in paper.asks]


def letter(canonical: str, on: dt.date, chance: random.Random, round_: int = 1) -> str:
    """The body of a reply before its points; a second round says what was looked at again."""
    opening = chance.choice(WORDS["openings" if round_ == 1 else "openings_again"]).format(
        day=f"{on.month}月{on.day}日"
    )
    return opening + WORDS["states"][canonical] + chance.choice(WORDS["closings"])
