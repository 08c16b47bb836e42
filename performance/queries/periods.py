"""Periods and publications that wait for somebody."""

import datetime as dt

from django.db.models import Q, QuerySet

from congress.models import Membership

from ..models import Period, Publication


def to_end(rows: QuerySet[Period], on: dt.date) -> QuerySet[Period]:
    """Of these, the periods whose days are over and which are not locked yet."""
    return rows.filter(state=Period.State.OPEN, ends_on__lt=on)


def publications_to_confirm(
    rows: QuerySet[Publication], member: Membership
) -> QuerySet[Publication]:
    """Of these, those that wait for this member's eyes, or came back to them."""
    states = Publication.State
    return rows.filter(
        Q(state=states.PROPOSED) & ~Q(proposed_by=member)
        | Q(state=states.CONFIRMED) & ~Q(first_by__user=member.user_id)
        | Q(state=states.RETURNED, made_by=member)
    )
