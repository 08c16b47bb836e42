"""Messages at the committee's desk."""

from . import (
    calls,  # noqa: F401 (the pages register themselves)
    channels,  # noqa: F401
    outbox,  # noqa: F401
)
