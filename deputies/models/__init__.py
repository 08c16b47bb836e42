"""The registry: people, their seats at five levels, where they belong, and the rosters sent in."""

from .people import Deputy, Mandate, MandateEvent
from .places import CommitteeSeat, Constituency, Delegation, DeputyGroup, GroupSeat
from .rosters import RosterBatch, RosterRow

__all__ = [
    "CommitteeSeat",
    "Constituency",
    "Delegation",
    "Deputy",
    "DeputyGroup",
    "GroupSeat",
    "Mandate",
    "MandateEvent",
    "RosterBatch",
    "RosterRow",
]
