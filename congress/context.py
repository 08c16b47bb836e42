"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from .models import STAFF_ROLES


def house(request: HttpRequest) -> dict:
    """The congress, the member and the reader's letter size."""
    member = getattr(request, "member", None)
    return {
        "congress": getattr(request, "congress", None),
        "member": member,
        "memberships": getattr(request, "memberships", []),
        "is_elder": request.COOKIES.get("elder") == "1",
        "second_factor_required": settings.STAFF_TOTP == "required"
        and member is not None
        and member.role in STAFF_ROLES,
        "today": timezone.localdate(),
    }
