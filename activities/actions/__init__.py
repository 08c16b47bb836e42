"""What happens with activities, one function per verb."""

from .answers import (
    approve_leave,
    ask_leave,
    cancel_sign_up,
    decline_leave,
    drop_leave,
    enter_leave,
    sign_up,
    sign_up_for,
)
from .attendance import check_in, close_check_in, mark, open_check_in
from .closing import close, reopen
from .files import attach, detach, write_result
from .holding import record_held
from .inviting import invite, uninvite, withdraw_after_mandate
from .kinds import ship_kinds
from .planning import cancel, plan, publish, revise, split_into_half_days

__all__ = [
    "approve_leave",
    "ask_leave",
    "attach",
    "cancel",
    "cancel_sign_up",
    "check_in",
    "close",
    "close_check_in",
    "decline_leave",
    "detach",
    "drop_leave",
    "enter_leave",
    "invite",
    "mark",
    "open_check_in",
    "plan",
    "publish",
    "record_held",
    "reopen",
    "revise",
    "ship_kinds",
    "sign_up",
    "sign_up_for",
    "split_into_half_days",
    "uninvite",
    "withdraw_after_mandate",
    "write_result",
]
