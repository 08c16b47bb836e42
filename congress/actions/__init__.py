"""What happens in the kernel: congresses, units, years, members, accounts, grants, tokens."""

from .accounts import (
    change_own_password,
    disable_login,
    enable_login,
    end_own_sessions,
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
from .exports import drop_expired_exports
from .frame import keep, remove
from .grants import grant_unit, take_unit_back
from .members import add_member, change_role, end_membership
from .tokens import make_token, revoke_token
from .units import (
    add_unit,
    close_unit,
    merge_unit,
    move_unit,
    remove_contact,
    rename_unit,
    reopen_unit,
    set_contact,
)

__all__ = [
    "add_member",
    "add_unit",
    "change_names",
    "change_own_password",
    "change_role",
    "change_settings",
    "close_unit",
    "create_congress",
    "disable_login",
    "drop_expired_exports",
    "enable_login",
    "end_membership",
    "end_own_sessions",
    "end_sessions",
    "grant_unit",
    "is_free_mobile",
    "keep",
    "make_token",
    "merge_unit",
    "move_unit",
    "open_login",
    "remove",
    "remove_contact",
    "rename_unit",
    "reopen_unit",
    "reset_password",
    "revoke_token",
    "set_contact",
    "set_hosts",
    "set_mobile",
    "switch_off",
    "switch_on",
    "take_unit_back",
    "unlock",
]
