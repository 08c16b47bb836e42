"""The same figures part by part: by category, class, delegation, deputy, committee, street, and by
unit with 主办 and 会办 apart."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .formula import Figure, Formula, evaluate_all
from .formulas import FORMULAS
from .items import Item
from .rows import GOOD, Klass, Place, Word
from .tasks import Task
from .units import UNIT_FORMULAS

NOWHERE = {
    "category": "未分类",
    "subcategory": "未分类",
    "delegation": "未编入代表团",
    "deputy": "代表团建议",
    "committee": "没有对口委员会",
    "street": "未编入街道（镇）",
}
WORDS = {
    "category": "分类",
    "delegation": "代表团",
    "committee": "督办委员会",
    "street": "街道（镇）",
    "deputy": "领衔代表",
    "unit": "承办单位",
}
_BY_KEY = {f.key: f for f in FORMULAS}
COLUMNS = tuple(
    _BY_KEY[key]
    for key in (
        "registered", "handled", "answered", "in_time", "days", "met", "closed", "solved", "done",
        "satisfied_first", "satisfied", "unsatisfied",
    )
)  # fmt: skip
COSIGNED = Formula("F83", "cosigned", "联名件数", "联名的登记件", "", lambda i: (), group="代表")


@dataclass(frozen=True)
class Part:
    """One line of a breakdown: its key (None: nowhere), its name, its figures."""

    key: int | None
    name: str
    figures: dict[str, Figure]


def place_of(by: str) -> Callable[[Item], Place]:
    """Under what an item is counted in a breakdown."""
    name = "lead" if by == "deputy" else by
    return lambda item: getattr(item, name)


def within(items: Iterable[Item], by: str, key: int | None) -> list[Item]:
    """The items of one part."""
    place = place_of(by)
    return [i for i in items if place(i).pk == key]


def by_place(
    items: Sequence[Item], by: str, columns: Sequence[Formula] = COLUMNS, order: Sequence[int] = ()
) -> list[Part]:
    """The base set part by part; in `order` where given, else the most items first."""
    place, found, names = place_of(by), {}, {}
    for item in items:
        if item.is_base:
            at = place(item)
            found.setdefault(at.pk, []).append(item)
            names[at.pk] = at.name if at.pk is not None else NOWHERE[by]
    known = {pk: n for n, pk in enumerate(order)}

    def rank(pk: int | None) -> tuple:
        return (pk is None, known.get(pk, len(known)), -len(found[pk]), names[pk])

    return [Part(pk, names[pk], evaluate_all(columns, found[pk])) for pk in sorted(found, key=rank)]


def cosigned_by(items: Iterable[Item]) -> dict[int, Figure]:
    """What each deputy signed without leading it."""
    found: dict[int, list[int]] = {}
    for item in items:
        if item.is_base:
            for signer in item.signers:
                if signer.pk != item.lead.pk:
                    found.setdefault(signer.pk, []).append(item.pk)
    return {pk: Figure(COSIGNED, tuple(keys)) for pk, keys in found.items()}


def tasks_of(items: Iterable[Item], unit: int | None = None) -> list[Task]:
    """The assignments of the items that count, of one unit or of all."""
    return [t for i in items for t in i.counted if unit is None or t.unit == unit]


def by_unit(items: Iterable[Item], columns: Sequence[Formula] = UNIT_FORMULAS) -> list[Part]:
    """Units by their tasks; a unit that was renamed within the year bears all its names."""
    found: dict[int, list[Task]] = {}
    for task in tasks_of(items):
        found.setdefault(task.unit, []).append(task)
    parts = [Part(pk, names_of(tasks), evaluate_all(columns, tasks)) for pk, tasks in found.items()]
    return sorted(parts, key=lambda p: (-len(found[p.key]), p.name))


def names_of(tasks: Iterable[Task]) -> str:
    """The name a unit had last, with the names it had before."""
    names = list(dict.fromkeys(t.unit_name for t in sorted(tasks, key=lambda t: t.assigned_on)))
    before = f"（原{'、'.join(names[:-1])}）" if len(names) > 1 else ""
    return names[-1] + before


# -- Classes, values ---------------------------------------------------------------------------

CLASSED = Formula("F59", "class", "结果类别", "该类别的", "已答复件", lambda i: (), lambda i: ())
VALUES = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
SILENT, UNCHECKED = "silent", "unchecked"
VALUE_WORDS = VALUES | {SILENT: "未反馈", UNCHECKED: "纸质表待核对"}
VALUED = Formula(
    "F79", "value", "评价", "该档次的反馈（份）", "应收的反馈（份）", lambda i: (), lambda i: (),
    kind="word", of_kind="word", unit="份",
)  # fmt: skip
SIDE = Formula(
    "F78", "dimension", "分方面满意率", "该方面满意和基本满意的反馈（份）",
    "评价了该方面的反馈（份）",
    lambda i: (), lambda i: (), kind="word", of_kind="word", unit="份",
)  # fmt: skip


def by_class(items: Iterable[Item], *, first: bool = False) -> list[tuple[Klass, Figure]]:
    """The classes of what was answered, as they are now or as they were first, best first.

    Marks of several rule sets stand apart where their words differ.
    """
    done = [i for i in items if i.is_answered]
    found: dict[Klass, list[int]] = {}
    for item in done:
        klass = item.first_class if first else item.current_class
        if klass:
            found.setdefault(klass, []).append(item.pk)
    every = tuple(i.pk for i in done)
    return [
        (k, Figure(CLASSED, tuple(found[k]), every))
        for k in sorted(found, key=lambda k: (k.rank, k.mark))
    ]


def value_of(word: Word) -> str:
    """In which column of the judgements a feedback stands; "" where it fits none."""
    if word.is_unchecked:
        return UNCHECKED
    return word.value if word.is_given else SILENT


def by_value(items: Iterable[Item], round_number: int | None = None) -> list[tuple[str, Figure]]:
    """The expected judgements of the answering units, value by value, silence apart."""
    words = [w for i in items for w in i.words if round_number is None or w.round == round_number]
    every = tuple(w.pk for w in words)
    return [
        (value, Figure(VALUED, tuple(w.pk for w in words if value_of(w) == value), every))
        for value in VALUE_WORDS
    ]


def by_dimension(items: Iterable[Item], *, first: bool = False) -> list[tuple[str, Figure]]:
    """态度, 过程, 结果, each apart: over each deputy's first or last judgement of each unit."""
    chosen: dict[tuple[int, int], Word] = {}
    for item in items:
        for word in sorted(item.words, key=lambda w: w.round):
            if word.is_counted and (not first or word.round == 1):
                chosen[word.task, word.deputy] = word
    names = list(dict.fromkeys(n for w in chosen.values() for n in w.ratings))
    return [
        (
            name,
            Figure(
                SIDE,
                tuple(w.pk for w in chosen.values() if w.ratings.get(name) in GOOD),
                tuple(w.pk for w in chosen.values() if name in w.ratings),
            ),
        )
        for name in names
    ]
