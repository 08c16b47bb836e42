"""The demo's past: what the actions write on its days carries the moments of its days."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model
from django.utils import timezone


def moment(on: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    """A local moment of a day."""
    return timezone.make_aware(dt.datetime.combine(on, dt.time(hour, minute)))


@contextmanager
def at(on: dt.date, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """Let it be that moment meanwhile. Only a command that runs alone may do this."""
    then, real = moment(on, hour, minute), timezone.now
    timezone.now = lambda: then
    try:
        yield
    finally:
        timezone.now = real


@contextmanager
def given_moments(*models: type[Model]) -> Iterator[None]:
    """Let rows written at once keep the moments they were given, each its own."""
    fields = [
        f
        for model in models
        for f in model._meta.concrete_fields
        if getattr(f, "auto_now_add", False) or getattr(f, "auto_now", False)
    ]
    kept = [(f, f.auto_now_add, f.auto_now) for f in fields]
    for f in fields:
        f.auto_now_add = f.auto_now = False
    try:
        yield
    finally:
        for f, add, now in kept:
            f.auto_now_add, f.auto_now = add, now
