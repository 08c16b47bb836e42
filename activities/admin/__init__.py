"""Activities at the staff's desk; each page registers itself when imported."""

from . import activities, checkin, guests, kinds, outcome  # noqa: F401
