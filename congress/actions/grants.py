"""Exceptions: a person works for a unit that is not the person's own."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from .. import access, audit
from ..flow import NotAllowed
from ..models import Membership, Role, Unit, UnitGrant
from ..models.units import STREET_KINDS

LONGEST = dt.timedelta(days=366)


@transaction.atomic
def grant_unit(
    member: Membership,
    unit: Unit,
    *,
    by: Membership | None,
    reason: str,
    valid_to: dt.date | None = None,
) -> UnitGrant:
    """A street's or committee's member may also work for this unit (单位授权), for a reason that
    is kept, until a day within a year (None: until it is taken back)."""
    access.require_accounts_keeper(by)
    if member.role not in (Role.STREET, Role.COMMITTEE):
        raise NotAllowed("单位授权只给街道工委/镇人大和专工委的工作人员")
    if member.pk not in {m.pk for m in access.memberships_in_force(member.user)}:
        raise NotAllowed("该成员身份已经终止")
    if unit.kind not in STREET_KINDS:
        raise NotAllowed("只能授权街道工委或镇人大")
    today = timezone.localdate()
    if valid_to and not today <= valid_to <= today + LONGEST:
        raise NotAllowed("授权的最后一天应在今天以后的一年以内")
    if not reason.strip():
        raise NotAllowed("请写明授权的理由")
    if unit.pk in access.units_of(member):
        raise NotAllowed(f"{member.name}已经可以办理{unit}的工作")
    grant = access.give_unit(member.user, unit, valid_to=valid_to, reason=reason.strip()[:200])
    audit.record(
        by,
        "congress.grant_unit",
        member,
        after={"代管单位": str(unit), "至": valid_to},
        note=grant.reason,
    )
    return grant


@transaction.atomic
def take_unit_back(grant: UnitGrant, *, by: Membership | None) -> None:
    """收回单位授权."""
    access.require_accounts_keeper(by)
    unit, user = grant.content_object, grant.user
    member = Membership.objects.filter(user=user).order_by("pk").first()
    access.take_unit(user, unit)
    audit.record(by, "congress.take_unit_back", member, before={"代管单位": str(unit)})
