"""The committee staff's desk: one admin site, its base page for rows, its step buttons."""

from .site import StaffSite, site
from .staff import StaffAdmin, StepPage

__all__ = ["StaffAdmin", "StaffSite", "StepPage", "site"]

from . import holidays, registry  # noqa: F401 (their pages register themselves)
