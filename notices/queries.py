"""Lists and counts of messages."""

from django.db.models import QuerySet

from congress.models import Membership

from .models import Notice


def inbox(member: Membership, only_unread: bool = False) -> QuerySet[Notice]:
    """A member's messages, the newest first."""
    rows = Notice.objects.filter(to=member)
    return rows.filter(read_at=None) if only_unread else rows


def unread_count(member: Membership) -> int:
    """How many messages a member has not read."""
    return Notice.objects.filter(to=member, read_at=None).count()
