"""The registry at the staff's desk; each page registers itself when imported."""

from . import events, places, registry, rosters, seats  # noqa: F401
