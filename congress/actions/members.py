"""What a person is in a congress: role and unit, from when to when."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from .. import access, audit
from ..flow import NotAllowed
from ..models import THREE_OFFICERS, ApiToken, Membership, Role, Unit, User
from .sessions import end_sessions_of


@transaction.atomic
def add_member(
    *,
    by: Membership | None,
    user: User,
    name: str,
    role: str,
    unit: Unit | None = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Membership:
    """A person who can sign in gets a role in the open congress (by None: the system).

    For a person without a login use `open_login`. Raises NotAllowed where the role needs a unit,
    is held already, or is one of the three officers' beside another of them.
    """
    role = Role(role)
    access.require_members_keeper(by, role)
    user = User.objects.select_for_update().get(pk=user.pk)
    name = "".join(name.split())
    if not name:
        raise NotAllowed("请填写姓名")
    if valid_from and valid_to and valid_to < valid_from:
        raise NotAllowed("止的日期不能早于起的日期")
    _check_unit(role, unit)
    _check_officers(user, role, valid_from, valid_to)
    member = Membership(
        user=user, name=name[:40], role=role, unit=unit, valid_from=valid_from, valid_to=valid_to
    )
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        raise NotAllowed(f"{name}已经是{role.label}") from None
    audit.record(by, "congress.add_member", member, after=_shown(member))
    return member


@transaction.atomic
def change_role(
    member: Membership, *, by: Membership, role: str, unit: Unit | None = None
) -> Membership:
    """Another role or unit from now on: all sessions of the person end, tokens are revoked."""
    member = _take(member, by)
    role = Role(role)
    access.require_members_keeper(by, role)
    if Role.DEPUTY in (member.role, role):
        raise NotAllowed("代表身份随代表名册产生和终止，不能在这里改")
    _check_unit(role, unit)
    _check_officers(member.user, role, member.valid_from, member.valid_to, besides=member.pk)
    before = _shown(member)
    member.role, member.unit = role, unit
    if _shown(member) == before:
        raise NotAllowed("角色和单位都没有变化")
    try:
        with transaction.atomic():
            member.save(update_fields=["role", "unit"])
    except IntegrityError:
        raise NotAllowed(f"{member.name}已经是{role.label}") from None
    _stop(member)
    audit.record(by, "congress.change_role", member, before=before, after=_shown(member))
    return member


@transaction.atomic
def end_membership(
    member: Membership, *, by: Membership | None, last_day: dt.date | None = None
) -> Membership:
    """The person leaves the role after `last_day`; without one at once, sessions included."""
    member = _take(member, by)
    today = timezone.localdate()
    if last_day is not None and last_day < today:
        raise NotAllowed("最后一天不能早于今天")
    before = _shown(member)
    member.valid_to = last_day or today - dt.timedelta(days=1)
    member.save(update_fields=["valid_to"])
    if last_day is None:
        _stop(member)
    audit.record(by, "congress.end_membership", member, before=before, after=_shown(member))
    return member


def _take(member: Membership, by: Membership | None) -> Membership:
    access.require_members_keeper(by, member.role)
    if by is not None and member.user_id == by.user_id:
        raise NotAllowed("不能改动自己的角色，请由另一位系统管理员办理")
    member = (
        Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
    )
    if member.valid_to and member.valid_to < timezone.localdate():
        raise NotAllowed("该成员身份已经终止")
    return member


def _stop(member: Membership) -> None:
    """What was opened under the old role does not go on."""
    end_sessions_of(member.user)
    ApiToken.objects.filter(membership=member, revoked_at=None).update(revoked_at=timezone.now())


def _check_unit(role: Role, unit: Unit | None) -> None:
    if unit is None and role in (Role.STREET, Role.HANDLING_UNIT, Role.COMMITTEE):
        raise NotAllowed(f"{role.label}工作人员须选择所在单位")


def _check_officers(
    user: User,
    role: Role,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
    besides: int | None = None,
) -> None:
    """三员分立: in one congress a person is at most one of the three at any time."""
    if role not in THREE_OFFICERS:
        return
    others = (
        Membership.objects.filter(user=user, role__in=THREE_OFFICERS)
        .exclude(pk=besides)
        .filter(Q(valid_to=None) | Q(valid_to__gte=valid_from or dt.date.min))
        .filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))
    )
    if valid_to:
        others = others.filter(Q(valid_from=None) | Q(valid_from__lte=valid_to))
    other = others.first()
    if other:
        raise NotAllowed(
            f"{other.name}已是{other.get_role_display()}：系统、安全、审计管理员须由不同的人担任"
        )


def _shown(member: Membership) -> dict:
    return {
        "角色": member.get_role_display(),
        "单位": str(member.unit) if member.unit else "",
        "起": member.valid_from,
        "止": member.valid_to,
    }
