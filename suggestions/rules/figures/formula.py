"""What a formula and a figure are. A figure keeps the keys of its rows, so that whatever is shown
leads to exactly those rows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .items import Item
from .tasks import Task

CENT = Decimal("0.01")
Keys = Callable[..., Iterable[int]]


@dataclass(frozen=True)
class Formula:
    """One figure's definition. `top` and `of` give the keys of a row's numerator and
    denominator; without `of` it is a count; with `amount` a mean over `top`."""

    id: str
    key: str
    name: str
    top_words: str
    of_words: str
    top: Keys
    of: Keys | None = None
    kind: str = "item"  # what the numerator's keys are: item, task, word, pledge, return
    of_kind: str = "item"
    unit: str = "件"
    group: str = ""
    amount: Callable[..., int] | None = None
    is_ratio: bool = False  # so many for each one, not per cent
    note: str = ""

    @property
    def is_rate(self) -> bool:
        return self.of is not None

    @property
    def words(self) -> str:
        """The definition as it is printed."""
        return f"{self.top_words}÷{self.of_words}" if self.of_words else self.top_words


def percent(top: int, of: int) -> Decimal | None:
    """Two decimals from two whole numbers, halves up: the only rounding. None of nothing."""
    if not of:
        return None
    return Decimal((top * 20000 + of) // (2 * of)) / 100


@dataclass(frozen=True)
class Figure:
    """A counted figure with its rows."""

    formula: Formula
    top: tuple[int, ...]
    of: tuple[int, ...] = ()
    total: int = 0

    @property
    def value(self) -> Decimal | int | None:
        """Per cent, a mean with one decimal, or a number; None where there is nothing to count."""
        if self.formula.amount:
            n = len(self.top)
            return Decimal((self.total * 20 + n) // (2 * n)) / 10 if n else None
        if self.formula.is_ratio:
            share = percent(len(self.top), len(self.of))
            return None if share is None else (share / 100).quantize(CENT, ROUND_HALF_UP)
        return percent(len(self.top), len(self.of)) if self.formula.is_rate else len(self.top)

    @property
    def words(self) -> str:
        """As people read it: 92.86%, 12, or a dash."""
        value = self.value
        if value is None:
            return "—"
        if self.formula.is_rate and not self.formula.is_ratio:
            return f"{value:.2f}%"
        return f"{value}"

    @property
    def parts(self) -> str:
        """13/14, for a rate."""
        return f"{len(self.top)}/{len(self.of)}" if self.formula.is_rate else ""


def evaluate(formula: Formula, rows: Iterable[Item | Task]) -> Figure:
    """A figure over some suggestions (or tasks, for the formulas of units)."""
    top, of, total = [], [], 0
    for row in rows:
        mine = list(formula.top(row))
        top += mine
        if formula.of:
            of += formula.of(row)
        if formula.amount and mine:
            total += formula.amount(row)
    return Figure(formula, tuple(top), tuple(of), total)


def evaluate_all(formulas: Iterable[Formula], rows: Sequence[Item | Task]) -> dict[str, Figure]:
    """Several figures by their keys."""
    return {f.key: evaluate(f, rows) for f in formulas}


def when(*tests: Callable[[Item], bool]) -> Keys:
    """The row itself, where all tests hold."""
    return lambda row: (row.pk,) if all(test(row) for test in tests) else ()


def has(name: str) -> Callable:
    """A test: the row's own property of that name."""
    return lambda row: getattr(row, name)
