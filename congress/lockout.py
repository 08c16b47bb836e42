"""Failed sign-ins: counted per account and per address by django-axes."""

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from .models import User


def forget_failures(user: User) -> int:
    """Lift a person's lock-out; gives how many failures were forgotten."""
    rows = AccessAttempt.objects.filter(username=user.login_name)
    count = rows.aggregate(n=Sum("failures_since_start"))["n"] or 0
    rows.delete()
    return count


def locked(login_names: list[str]) -> set[str]:
    """Which of these accounts are locked out now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows = (
        AccessAttempt.objects.filter(username__in=login_names, attempt_time__gte=since)
        .values("username")
        .annotate(n=Sum("failures_since_start"))
    )
    return {r["username"] for r in rows if r["n"] >= settings.AXES_FAILURE_LIMIT}


def address_failures(request: HttpRequest) -> int:
    """How many sign-ins failed from this address within the last 15 minutes."""
    rows = AccessAttempt.objects.filter(
        ip_address=request.META.get("REMOTE_ADDR") or None,
        attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME,
    )
    return rows.aggregate(n=Sum("failures_since_start"))["n"] or 0
