"""初审人员: heads of delegations and the motions group are named, and relieved."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from deputies.models import Delegation

from .. import access
from ..models import PreReviewer

Step = PreReviewer.Step


@transaction.atomic
def name_reviewer(
    *, by: Membership, step: str, member: Membership, delegation: Delegation | None = None
) -> PreReviewer:
    """代工委 names the head of a delegation (a deputy; who was head before is relieved the same
    day) or a member of the motions group. Raises NotAllowed."""
    if not access.may_keep(by):
        raise NotAllowed("初审人员由代工委登记")
    if step not in Step.values or (step == Step.DELEGATION) != (delegation is not None):
        raise NotAllowed("登记团长的，请选择代表团；议案组成员不填代表团")
    if member.role not in access.NAMED:
        raise NotAllowed("初审人员须是代表或者专工委人员")
    if step == Step.DELEGATION and member.role != Role.DEPUTY:
        raise NotAllowed("代表团团长须是代表")
    today = timezone.localdate()
    standing = PreReviewer.objects.filter(step=step, ends_on=None)
    if standing.filter(member=member, delegation=delegation).exists():
        raise NotAllowed(f"{member.name}已经登记")
    if step == Step.DELEGATION:
        for row in standing.filter(delegation=delegation):
            _end(row, today)
    row = PreReviewer.objects.create(
        step=step, delegation=delegation, member=member, starts_on=today, named_by=by
    )
    audit.record(by, "suggestions.name_reviewer", row, after={"初审人员": str(row)})
    return row


@transaction.atomic
def relieve_reviewer(row: PreReviewer, *, by: Membership) -> PreReviewer:
    """Somebody is no head, or no member of the group, any more; what was reviewed stands."""
    if not access.may_keep(by):
        raise NotAllowed("初审人员由代工委登记")
    row = PreReviewer.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ends_on is not None:
        raise NotAllowed("已经不再担任")
    _end(row, timezone.localdate())
    audit.record(by, "suggestions.relieve_reviewer", row, before={"初审人员": str(row)})
    return row


def _end(row: PreReviewer, today: dt.date) -> None:
    """Until yesterday; who was named today only never was."""
    yesterday = today - dt.timedelta(days=1)
    if row.starts_on > yesterday:
        row.delete()
        return
    row.ends_on = yesterday
    row.save()
