"""Ending what a person has open."""

from django.db.models import F

from ..models import User


def end_sessions_of(user: User) -> None:
    """Every session of the person, on any device and in any congress, ends with its next
    request."""
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    user.refresh_from_db(fields=["session_version"])
