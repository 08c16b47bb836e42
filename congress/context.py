"""What every template knows."""

from django.http import HttpRequest
from django.utils import timezone


def house(request: HttpRequest) -> dict:
    """The congress, the member and the reader's letter size."""
    member = getattr(request, "member", None)
    return {
        "congress": getattr(request, "congress", None),
        "member": member,
        "memberships": getattr(request, "memberships", []),
        "is_elder": request.COOKIES.get("elder") == "1",
        "today": timezone.localdate(),
    }
