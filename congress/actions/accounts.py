"""Logins: opening, passwords, mobile numbers, disabling, lock-outs."""

import re
import unicodedata

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import access, audit, lockout, passwords
from ..crypto import blind_index, mask_phone
from ..flow import NotAllowed
from ..models import Membership, Role, Unit, User
from .members import add_member
from .sessions import end_sessions_of

LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
MOBILE = re.compile(r"1[3-9]\d{9}")


@transaction.atomic
def open_login(
    *,
    by: Membership | None,
    login_name: str,
    name: str,
    role: str,
    unit: Unit | None = None,
    mobile: str = "",
    **dates,
) -> tuple[Membership, str]:
    """A new person with a login and a role in the open congress (by None: the system).

    Takes `mobile` as a second way to sign in, and valid_from/valid_to. Gives the membership and
    a password to be handed over once; the first sign-in forces another. Raises NotAllowed where
    the login name or the mobile number is in use.
    """
    access.require_members_keeper(by, Role(role))
    login_name = clean_login_name(login_name)
    password = passwords.one_time()
    user = User(login_name=login_name, must_change_password=True)
    user.mobile_index = mobile_index(mobile)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as fault:
        if "mobile_index" in str(fault):
            raise NotAllowed("这个手机号已用于另一个账号登录") from None
        raise NotAllowed(f"登录名“{login_name}”已被使用") from None
    member = add_member(by=by, user=user, name=name, role=role, unit=unit, **dates)
    audit.record(
        by,
        "congress.open_login",
        member,
        after={"登录名": login_name, "手机号": mask_phone(clean_mobile(mobile)) if mobile else ""},
    )
    return member, password


@transaction.atomic
def reset_password(member: Membership, *, by: Membership | None) -> str:
    """A new one-time password for the person; gives it, to be handed over once. All sessions
    end, a lock-out is lifted, the next sign-in forces another password."""
    user = _take_user(member, by)
    password = passwords.one_time()
    user.remember_password()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = True, None
    user.save(
        update_fields=[
            "password",
            "password_history",
            "must_change_password",
            "password_changed_at",
        ]
    )
    end_sessions_of(user)
    lockout.forget_failures(user)
    audit.record(by, "congress.reset_password", member)
    return password


@transaction.atomic
def change_own_password(user: User, password: str, *, by: Membership | None) -> User:
    """The person changes the password (already validated); all other sessions end."""
    user.remember_password()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = False, timezone.now()
    user.save(
        update_fields=[
            "password",
            "password_history",
            "must_change_password",
            "password_changed_at",
        ]
    )
    end_sessions_of(user)
    if by is not None:
        audit.record(by, "congress.change_password", by)
    return user


@transaction.atomic
def set_mobile(member: Membership, *, by: Membership | None, mobile: str) -> None:
    """The mobile number with which the person signs in; "" takes it away."""
    user = _take_user(member, by)
    user.mobile_index = mobile_index(mobile)
    try:
        with transaction.atomic():
            user.save(update_fields=["mobile_index"])
    except IntegrityError:
        raise NotAllowed("这个手机号已用于另一个账号登录") from None
    audit.record(
        by,
        "congress.set_mobile",
        member,
        after={"手机号": mask_phone(clean_mobile(mobile)) if mobile else ""},
    )


@transaction.atomic
def disable_login(member: Membership, *, by: Membership | None) -> None:
    """停用账号: the person cannot sign in any more, open sessions end."""
    user = _take_user(member, by)
    if not user.is_active:
        raise NotAllowed("该账号已经停用")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions_of(user)
    audit.record(by, "congress.disable_login", member)


@transaction.atomic
def enable_login(member: Membership, *, by: Membership | None) -> None:
    """重新启用账号."""
    user = _take_user(member, by)
    if user.is_active:
        raise NotAllowed("该账号正在使用")
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(by, "congress.enable_login", member)


@transaction.atomic
def end_sessions(member: Membership, *, by: Membership | None) -> None:
    """The person is signed out everywhere."""
    access.require_accounts_keeper(by)
    end_sessions_of(member.user)
    audit.record(by, "congress.end_sessions", member)


@transaction.atomic
def end_own_sessions(*, by: Membership) -> None:
    """退出其他设备: every session of the person ends; the caller keeps the present one."""
    end_sessions_of(by.user)
    audit.record(by, "congress.end_sessions", by)


@transaction.atomic
def unlock(member: Membership, *, by: Membership | None) -> int:
    """Lift a lock-out before its 15 minutes are over; gives how many failures were forgotten."""
    access.require_accounts_keeper(by)
    count = lockout.forget_failures(member.user)
    audit.record(by, "congress.unlock", member, after={"清除失败次数": count})
    return count


def _take_user(member: Membership, by: Membership | None) -> User:
    access.require_accounts_keeper(by)
    if by is not None and member.user_id == by.user_id:
        raise NotAllowed("不能在这里改自己的账号，请由另一位安全管理员办理")
    if by is not None and access.belongs_elsewhere(member.user, by.congress):
        raise NotAllowed(
            "此人同时属于其他人大，账号由平台管理员办理；您可以请系统管理员终止其在本级的身份"
        )
    return User.objects.select_for_update().get(pk=member.user_id)


def clean_login_name(text: str) -> str:
    """Half-width and small; raises NotAllowed for what is no login name or looks like a mobile
    number."""
    name = unicodedata.normalize("NFKC", text).strip().lower()
    if not LOGIN_NAME.fullmatch(name):
        raise NotAllowed("登录名由字母、数字、点、短横线组成，3 至 60 个字符")
    if MOBILE.fullmatch(name):
        raise NotAllowed("登录名不能是手机号，手机号请填在手机号一栏")
    return name


def clean_mobile(text: str) -> str:
    """Eleven digits; raises NotAllowed for anything else."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    if not MOBILE.fullmatch(number):
        raise NotAllowed("手机号应为 11 位数字")
    return number


def is_free_mobile(text: str) -> bool:
    """Whether this is a mobile number with which nobody signs in yet."""
    try:
        index = mobile_index(text)
    except NotAllowed:
        return False
    return index is not None and not User.objects.filter(mobile_index=index).exists()


def mobile_index(text: str) -> str | None:
    """What is stored of a mobile number to sign in with: its keyed fingerprint."""
    return blind_index(clean_mobile(text)) if text.strip() else None
