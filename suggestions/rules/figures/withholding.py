"""Figures for everybody: what would tell how one deputy judged, or how a unit was judged by one or
two, is not said, nor what it could be reckoned from.

A judgement is given in confidence (背靠背): nobody is to read out of a public table who was not
satisfied with whom.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from .formula import Figure

LEAST = 3  # judgements, and people who gave them
# What deputies said: of suggestions, of units, dimension by dimension, value by value.
JUDGED = frozenset(
    {"F61", "F62", "F63", "F64", "F65", "F66", "F68", "F78", "F79", "U07", "U08", "V04"}
)
WHY = (
    f"不足{LEAST}件或者不足{LEAST}位代表评价的，以及由合计可以推算出来的，不公开评价结果，"
    "以免看出是谁怎样评价的。"
)
Person = Callable[[int], Hashable]


def few(keys: Iterable[int], person: Person) -> bool:
    """Whether so few judgements, or judgements of so few people, stand behind a figure that it
    tells of one of them. Nothing at all tells nothing."""
    keys = set(keys)
    return bool(keys) and (len(keys) < LEAST or len({person(k) for k in keys}) < LEAST)


def withheld_lines(lines: Sequence[Sequence[Iterable[int]]], person: Person) -> set[int]:
    """Which lines of a table with a known total are not to be told: those that rest on few, and
    as many others, the smallest first, as it takes that total less the rest tells of few neither.

    Each line holds, column by column, the keys its figures rest on. A line is withheld in all its
    columns: first and last judgement mostly rest on the same.
    """
    sets = [[set(column) for column in line] for line in lines]
    out = {n for n, line in enumerate(sets) if any(few(column, person) for column in line)}
    more = sorted(
        (n for n, line in enumerate(sets) if n not in out and any(line)),
        key=lambda n: (sum(map(len, sets[n])), n),
    )
    while out and more and (len(out) < 2 or _group_is_few(sets, out, person)):
        out.add(more.pop(0))
    return out


def _group_is_few(sets: list[list[set[int]]], out: set[int], person: Person) -> bool:
    """Whether what is left of the totals, all told lines taken off, rests on few."""
    columns = zip(*(sets[n] for n in out), strict=True)
    return any(few(set().union(*column), person) for column in columns)


def few_figures(figures: Mapping[str, Figure], person: Callable[[str], Person]) -> set[str]:
    """The ids of those judged figures that rest on few. `person` gives who stands behind a key of
    a kind (item, task, word)."""
    found = {
        f.formula.id
        for f in figures.values()
        if f.formula.id in JUDGED and few(f.of, person(f.formula.of_kind))
    }
    # Of all that was answered so many were satisfied: it rests on the judgements all the same.
    return found | ({"F64"} if "F61" in found else set())
