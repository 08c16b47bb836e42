"""How long a person stays signed in, and what ends it.

Staff: 30 minutes without a page, 12 hours in all; everybody else 8 hours and 7 days. A change of
password, role or account ends every session of the person (User.session_version).
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from . import passwords
from .models import STAFF_ROLES, Membership, User

STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=30), timedelta(hours=12)
OTHERS_IDLE, OTHERS_LONGEST = timedelta(hours=8), timedelta(days=7)
SEEN_EVERY = 60  # seconds between two notes of the last page, so that reading costs no writing


def begin(request: HttpRequest, user: User) -> None:
    """Note when and with which state of the account this session began."""
    now = int(timezone.now().timestamp())
    request.session["signed_in_at"] = request.session["seen_at"] = now
    request.session["session_version"] = user.session_version


def keep_this(request: HttpRequest, user: User) -> None:
    """After all sessions of a person were ended: this one goes on as long as it would have."""
    request.session["session_version"] = user.session_version


def is_over(request: HttpRequest, memberships: list[Membership]) -> str:
    """Why the session of a signed-in person ends now: `changed`, `idle`, `long`, or "" while it
    goes on (then the last page is noted, once a minute)."""
    session, now = request.session, int(timezone.now().timestamp())
    if session.get("session_version") != request.user.session_version:
        return "changed"
    staff = any(m.role in STAFF_ROLES for m in memberships)
    idle, longest = (STAFF_IDLE, STAFF_LONGEST) if staff else (OTHERS_IDLE, OTHERS_LONGEST)
    if now - session.get("seen_at", 0) > idle.total_seconds():
        return "idle"
    if now - session.get("signed_in_at", 0) > longest.total_seconds():
        return "long"
    if now - session["seen_at"] >= SEEN_EVERY:
        session["seen_at"] = now
    return ""


def must_change_password(user: User) -> bool:
    """At the first sign-in, after a reset, and in 等保 after 90 days."""
    return user.must_change_password or passwords.is_too_old(user)


def must_set_up_second_factor(request: HttpRequest) -> bool:
    """Staff and administrators work under /admin/ only with TOTP where the deployment says so.

    The session remembers that it was opened with it, so that a page costs no query.
    """
    return (
        settings.STAFF_TOTP == "required"
        and request.member is not None
        and request.member.role in STAFF_ROLES
        and not request.session.get("second_factor")
    )
