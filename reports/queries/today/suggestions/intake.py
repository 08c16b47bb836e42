"""Suggestions before they are handed over: to look at, to assign."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from congress.models import Membership
from congress.words import cn_short_date
from suggestions import access
from suggestions.models import Suggestion
from suggestions.queries import lists, pre_reviews_of
from suggestions.queries.owed import day_owed
from suggestions.rules.kinds import ASSIGN

from .... import rules
from ...parts import SHOWN, Matter, Subject, by_urgency, page_url, row_url, rows_url, subject
from .frame import numbered

State = Suggestion.State


def to_pre_review(member: Membership, today: dt.date) -> Subject:
    """The street's first look at what its deputies handed in."""
    return _submitted("待初审的建议", member, today, "street", "初审")


def to_pre_review_in_group(member: Membership, today: dt.date) -> Subject:
    """What waits for a member of the motions group."""
    rows = pre_reviews_of(member)

    def say(item: tuple[Suggestion, str]) -> Matter:
        row, since = item[0], timezone.localdate(item[0].submitted_at)
        url = reverse("portal_pre_review", args=[row.pk])
        note = f"{row.lead or row.delegation}，{cn_short_date(since, today)}提交"
        return Matter(row.title, url, rules.light_by_wait(since, today), "初审", url, note, since)

    found = by_urgency(say(item) for item in rows[:SHOWN])
    return Subject("待议案组初审的建议", len(rows), reverse("portal_pre_reviews"), found)


def to_review(member: Membership, today: dt.date) -> Subject:
    """What 代工委 looks at: the last review, and steps before it that are not a street's."""
    return _submitted("待审查登记的建议", member, today, "committee", "审查")


def _submitted(title: str, member: Membership, today: dt.date, where: str, step: str) -> Subject:
    rows = lists.standing(access.visible_to(member), where)

    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.submitted_at)
        return Matter(
            row.title,
            row_url(row),
            rules.light_by_wait(since, today),
            step,
            row_url(row),
            f"{row.lead or row.delegation}，{row.get_raised_in_display()}提出，"
            f"{cn_short_date(since, today)}提交",
            since,
        )

    url = rows_url(Suggestion, stands=where)
    rows = rows.order_by("submitted_at", "pk")
    return subject(title, rows, url, say, reads=["lead", "delegation"])


def to_assign(member: Membership, today: dt.date) -> Subject:
    """Registered and not handed over; between sittings the rules name the day for it."""
    rows = access.visible_to(member).filter(lists.in_group("to_assign"))
    rows = rows.annotate(assign_by=day_owed(ASSIGN))

    def say(row: Suggestion) -> Matter:
        since = timezone.localdate(row.submitted_at or row.registered_at)
        due, light = since, rules.light_by_wait(since, today)
        if row.assign_by:
            due, light = row.assign_by, rules.light_by_due(row.assign_by, today)
        return Matter(
            numbered(row),
            row_url(row),
            light,
            "交办",
            page_url("suggestions_batches"),
            f"{row.get_state_display()}，{row.category or '还没有分类'}",
            due,
        )

    url = rows_url(Suggestion, show="to_assign")
    rows = rows.order_by("registered_at", "pk")
    return subject("待交办的建议", rows, url, say, reads=["category__parent"])
