"""The kernel every app stands on, and the project's settings."""

from .celery import app as celery_app

__all__ = ["celery_app"]
