"""The count of unread messages, for every page's head."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .queries import unread_count


def unread(request: HttpRequest) -> dict:
    """`unread_notices`, counted only where a page shows it."""
    member = getattr(request, "member", None)
    return {"unread_notices": SimpleLazyObject(lambda: unread_count(member) if member else 0)}
