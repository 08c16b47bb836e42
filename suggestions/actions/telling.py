"""Telling people of a suggestion, each with the page that is theirs: a deputy the own page, a unit
its task, staff the whole record."""

from collections.abc import Iterable
from typing import Any

from congress.models import Membership, Role
from notices.actions import Letter, send_each

from .. import queries
from ..models import Assignment, Suggestion
from ..rules import GONE


def page_of(member: Membership, suggestion: Suggestion) -> str:
    """Where a member who is no unit's opens a suggestion."""
    if member.role == Role.DEPUTY:
        return f"/me/suggestions/{suggestion.pk}/"
    return f"/admin/suggestions/suggestion/{suggestion.pk}/change/"


def tell(template: str, suggestion: Suggestion, *, to: Iterable[Membership | None], **words: Any):
    """Tell members who are no unit's: deputies, 代工委, who leads a supervision, who wrote it
    down."""
    by_page: dict[str, list[Membership]] = {}
    for member in to:
        if member is not None:
            by_page.setdefault(page_of(member, suggestion), []).append(member)
    words = {"suggestion": suggestion} | words
    send_each(template, [Letter(m, link=page, context=words) for page, m in by_page.items()])


def tell_deputies(template: str, suggestion: Suggestion, **words: Any) -> None:
    """Tell who speaks for it."""
    people = [d.membership for d in queries.speakers(suggestion) if d.membership_id]
    tell(template, suggestion, to=people, **words)


def tell_units(template: str, tasks: Iterable[Assignment], **words: Any) -> None:
    """Tell the people of each task's unit; `words` may name another task than theirs."""
    tasks = list(tasks)
    people = queries.people_of_each(task.unit for task in tasks)
    letters = [
        Letter(
            people[task.unit_id], link=f"/desk/tasks/{task.pk}/",
            context={"task": task, "suggestion": task.suggestion} | words,
        )
        for task in tasks
    ]  # fmt: skip
    send_each(template, letters)


def standing_tasks(suggestion: Suggestion) -> list[Assignment]:
    """The tasks of the units that handle it now."""
    rows = suggestion.assignments.exclude(state__in=GONE).select_related("unit", "suggestion")
    return list(rows.order_by("pk"))
