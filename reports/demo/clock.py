"""The demo's past: what the actions write on its days carries the moments of its days."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

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
