"""What the first screens are made of: matters that wait, figures, and links to their rows."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from ..rules import Light

SHOWN = 5  # rows of a subject on a first screen; the rest is behind its link


@dataclass(frozen=True)
class Matter:
    """One thing that waits for the member, with its light and its next step."""

    title: str
    url: str
    light: Light
    step: str = ""
    step_url: str = ""
    note: str = ""
    due_on: dt.date | None = None


@dataclass
class Subject:
    """What waits in one subject: the most urgent rows, and how many there are in all."""

    title: str
    count: int = 0
    url: str = ""
    matters: list[Matter] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.matters)


def subject(
    title: str,
    rows: QuerySet,
    url: str,
    say: Callable[..., Matter],
    many: int = SHOWN,
    reads: Sequence[str] | None = None,
) -> Subject:
    """The first rows of a list as matters; counted only where there are more. `reads` names the
    links a line speaks of: a list brings whole tables along that a first screen says nothing of.
    """
    if reads is not None:
        rows = rows.prefetch_related(None).select_related(None)
        rows = rows.select_related(*reads) if reads else rows
    first = list(rows[: many + 1])
    count = len(first) if len(first) <= many else rows.count()
    return Subject(title, count, url, by_urgency(say(row) for row in first[:many]))


@dataclass(frozen=True)
class Figure:
    """A figure and the address of exactly the rows behind it."""

    label: str
    value: Any
    url: str = ""
    unit: str = ""
    note: str = ""
    tone: str = ""


def rows_url(model: type[Model], **filters: Any) -> str:
    """The staff's list of a model, filtered; nothing where there is no such list."""
    meta = model._meta
    try:
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(filters)}" if filters else address


def row_url(row: Model) -> str:
    """The staff's page of one row."""
    return page_url(f"{row._meta.app_label}_{row._meta.model_name}_change", row.pk)


def step_url(row: Model, step: str) -> str:
    """The staff's page of one step of a row."""
    return page_url(f"{row._meta.app_label}_{row._meta.model_name}_step", row.pk, step)


def page_url(name: str, *args: Any) -> str:
    """A page of the staff's admin by name; nothing where it does not exist."""
    try:
        return reverse(f"admin:{name}", args=args)
    except NoReverseMatch:
        return ""


def list_url(name: str, *args: Any, **filters: Any) -> str:
    """A list of the staff's admin by name, filtered; nothing where it does not exist."""
    address = page_url(name, *args)
    return f"{address}?{urlencode(filters)}" if address else ""


def by_urgency(matters: Iterable[Matter]) -> list[Matter]:
    """Red before yellow before green, the earliest date first."""
    return sorted(matters, key=lambda m: (m.light.rank, m.due_on or dt.date.max))
