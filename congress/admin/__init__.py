"""The committee staff's desk: one admin site, its base page for rows, its step buttons."""

from .pages import attempt, form_page, keep_secret, secret_page
from .site import StaffSite, site
from .staff import StaffAdmin, StepPage

__all__ = [
    "StaffAdmin",
    "StaffSite",
    "StepPage",
    "attempt",
    "form_page",
    "keep_secret",
    "secret_page",
    "site",
]

# Their pages register themselves.
from . import (
    accounts,  # noqa: F401
    frame,  # noqa: F401
    grants,  # noqa: F401
    holidays,  # noqa: F401
    jobs,  # noqa: F401
    log,  # noqa: F401
    members,  # noqa: F401
    settings,  # noqa: F401
    tokens,  # noqa: F401
    units,  # noqa: F401
)
