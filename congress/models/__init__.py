"""What the kernel stores: congresses, their years, units, people's roles, log, jobs, files."""

from .accounts import STAFF_ROLES, THREE_OFFICERS, Membership, Role, UnitGrant, User
from .files import StoredFile
from .forms import SubmittedForm
from .holidays import Holiday, HolidayNotice
from .jobs import Job
from .log import LogEntry, LogHead
from .tenant import Congress, CongressHost, Meeting, Sitting, Term
from .tokens import ApiToken
from .units import Unit, UnitContact, UnitName

__all__ = [
    "ApiToken",
    "STAFF_ROLES",
    "THREE_OFFICERS",
    "Congress",
    "CongressHost",
    "Holiday",
    "HolidayNotice",
    "Job",
    "LogEntry",
    "LogHead",
    "Meeting",
    "Membership",
    "Role",
    "Sitting",
    "StoredFile",
    "SubmittedForm",
    "Term",
    "Unit",
    "UnitContact",
    "UnitGrant",
    "UnitName",
    "User",
]
