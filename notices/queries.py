"""Lists and counts of messages."""

from django.db.models import QuerySet

from congress.models import Membership

from .models import Notice


def inbox(member: Membership) -> QuerySet[Notice]:
    """A member's messages, the newest first."""
    return Notice.objects.filter(to=member)


def unread_count(member: Membership) -> int:
    """How many messages a member has not read."""
    return Notice.objects.filter(to=member, read_at=None).count()
