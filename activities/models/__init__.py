"""What activities store: kinds, plans, sessions, invitations, leave, attendance, files."""

from .activities import Activity, ActivityFile, Session
from .attendance import Invitation, LeaveRequest, Outcome, Participation
from .kinds import ActivityKind, KindItem

__all__ = [
    "Activity",
    "ActivityFile",
    "ActivityKind",
    "Invitation",
    "KindItem",
    "LeaveRequest",
    "Outcome",
    "Participation",
    "Session",
]
