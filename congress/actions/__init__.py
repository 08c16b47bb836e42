"""What happens in the kernel: congresses, members, accounts, grants, tokens."""

from .accounts import (
    change_own_password,
    disable_login,
    enable_login,
    end_sessions,
    is_free_mobile,
    open_login,
    reset_password,
    set_mobile,
    unlock,
)
from .congresses import (
    change_names,
    change_settings,
    create_congress,
    set_hosts,
    switch_off,
    switch_on,
)
from .grants import grant_unit, take_unit_back
from .members import add_member, change_role, end_membership
from .tokens import make_token, revoke_token

__all__ = [
    "add_member",
    "change_names",
    "change_own_password",
    "change_role",
    "change_settings",
    "create_congress",
    "disable_login",
    "enable_login",
    "end_membership",
    "end_sessions",
    "grant_unit",
    "is_free_mobile",
    "make_token",
    "open_login",
    "reset_password",
    "revoke_token",
    "set_hosts",
    "set_mobile",
    "switch_off",
    "switch_on",
    "take_unit_back",
    "unlock",
]
