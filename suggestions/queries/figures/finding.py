"""A figure again by its address, and the rows behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from deputies.models import Deputy

from ...models import Assignment, Feedback, Promise, ReturnRequest, Suggestion
from ...rules.figures import (
    EVERY,
    FORMULAS,
    UNIT_FORMULAS,
    VALUE_WORDS,
    Figure,
    by_class,
    by_dimension,
    by_value,
    cosigned_by,
    evaluate,
    tasks_of,
    within,
)
from .scopes import Year

PLACES = ("category", "delegation", "committee", "street", "deputy")
OF_ITEMS = {f.id for f in FORMULAS}
OF_UNITS = {f.id for f in UNIT_FORMULAS}


@dataclass(frozen=True)
class Asked:
    """Which figure: its formula's id, the part of a breakdown, and which of several it is (the
    class, the value with its round, the dimension)."""

    id: str
    by: str = ""
    key: int | None = None
    at: str = ""

    @property
    def query(self) -> dict[str, str]:
        """As parameters of an address."""
        found = {"f": self.id, "by": self.by, "at": self.at}
        if self.by:
            found["key"] = "" if self.key is None else str(self.key)
        return {k: v for k, v in found.items() if v or (k == "key" and self.by)}


def find_figure(year: Year, asked: Asked) -> Figure | None:
    """The figure that is asked for, with its rows; None where there is none such."""
    if asked.id in OF_UNITS:
        unit = asked.key if asked.by == "unit" else None
        return evaluate(EVERY[asked.id], tasks_of(year.items, unit))
    if asked.id == "F58":
        return year.upgraded
    if asked.id in ("F80", "F81", "F82"):
        return year.of_deputies[EVERY[asked.id].key]
    if asked.id == "F83":
        return cosigned_by(year.items).get(asked.key or 0)
    items = within(year.items, asked.by, asked.key) if asked.by in PLACES else year.items
    if asked.id in OF_ITEMS:
        return evaluate(EVERY[asked.id], items)
    when, _, name = asked.at.partition(":")
    if asked.id == "F59":
        found = {k.key: f for k, f in by_class(items, first=when == "first")}
        return found.get(name)
    if asked.id == "F79" and name in VALUE_WORDS and when.isdigit():
        return dict(by_value(items, int(when) or None))[name]
    if asked.id == "F78":
        return dict(by_dimension(items, first=when == "first")).get(name)
    return None


# -- Rows -------------------------------------------------------------------------------------


def rows_of(kind: str, keys: Iterable[int]) -> Any:
    """The rows of a kind with what a list shows of them; a constant number of queries."""
    keys = list(keys)
    handling = Assignment.objects.exclude(role="owner").exclude(state__in=["returned", "cancelled"])
    items = Suggestion.objects.select_related(
        "lead", "delegation", "category__parent"
    ).prefetch_related(Prefetch("assignments", handling, to_attr="handling"))
    if kind == "item":
        return items.filter(pk__in=keys).order_by("number", "pk")
    if kind == "task":
        tasks = Assignment.objects.select_related("suggestion")
        return tasks.filter(pk__in=keys).order_by("suggestion__number", "pk")
    if kind == "word":
        words = Feedback.objects.select_related("suggestion", "assignment", "deputy")
        words = words.prefetch_related("ratings")
        return words.filter(pk__in=keys).order_by("suggestion__number", "round", "pk")
    if kind == "pledge":
        promises = Promise.objects.select_related("suggestion", "unit")
        return promises.filter(pk__in=keys).order_by("due_on", "pk")
    if kind == "return":
        requests = ReturnRequest.objects.select_related("assignment__suggestion")
        return requests.filter(pk__in=keys).order_by("pk")
    return Deputy.objects.filter(pk__in=keys).order_by("name_key", "pk")
