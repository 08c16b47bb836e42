"""Time limits at the committee's desk."""

from . import (
    ladder,  # noqa: F401 (the pages register themselves)
    lists,  # noqa: F401
)
