"""Who is asked to come, and who is taken out again."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from deputies.models import Deputy, Mandate
from deputies.queries import was_in_office
from notices.actions import send

from .. import access, queries
from ..models import Activity, Invitation, LeaveRequest, Participation
from .asking import answered, keep_answer_deadlines
from .planning import link_of
from .taking import hold_to_run, refuse_settled

Source = Invitation.Source


@transaction.atomic
def invite(
    activity: Activity,
    *,
    by: Membership,
    deputy_ids: Iterable[int],
    source: str = Source.PICKED,
    source_name: str = "",
    level: str = "",
) -> int:
    """Ask deputies to an activity; gives how many are new.

    `level` is the seat as whose holder they are asked: the days in office are those of that
    seat. After the publication the new ones are told at once. Refuses deputies whom the member
    may not invite (a street: those of other streets).
    """
    activity = hold_to_run(activity, by)
    refuse_settled(activity)
    wanted = set(deputy_ids)
    allowed = {d.pk: d for d in access.invitable(by).filter(pk__in=wanted)}
    if wanted - set(allowed):
        raise NotAllowed("名单中有不属于本单位联系的代表，不能邀请")
    known = {i.deputy_id: i for i in Invitation.objects.filter(activity=activity)}
    again = [known[pk] for pk in wanted if pk in known and known[pk].withdrawn_at]
    fresh = [pk for pk in wanted if pk not in known]
    how = {"source": source, "source_name": source_name[:60], "level": level}
    Invitation.objects.bulk_create(
        Invitation(activity=activity, deputy=allowed[pk], **how) for pk in sorted(fresh)
    )
    Invitation.objects.filter(pk__in=[i.pk for i in again]).update(
        withdrawn_at=None, withdrawn_reason="", **how
    )
    count = len(fresh) + len(again)
    if not count:
        return 0
    if activity.is_open and activity.ends_at > timezone.now():
        new = [*fresh, *(i.deputy_id for i in again)]
        members = Membership.objects.filter(deputy__in=new)
        send("activities/invited", to=members, activity=activity, link=link_of(activity))
    keep_answer_deadlines(activity, by=by)
    audit.record(
        by,
        "activities.invite",
        activity,
        after={"人数": count, "范围": source_name or Source(source).label},
    )
    return count


@transaction.atomic
def uninvite(
    activity: Activity, *, by: Membership, invitation_ids: Iterable[int], reason: str = ""
) -> int:
    """Take people off the list; gives how many. From a draft they simply go; after the
    publication the row stays with the reason and they are told."""
    activity = hold_to_run(activity, by)
    refuse_settled(activity)
    rows = list(
        Invitation.objects.filter(
            activity=activity, pk__in=list(invitation_ids), withdrawn_at=None
        ).select_related("deputy__membership")
    )
    if Participation.objects.filter(invitation__in=rows).exists():
        raise NotAllowed("其中有代表已经签到，不能移出名单")
    if not rows:
        return 0
    if activity.state == Activity.State.DRAFT:
        Invitation.objects.filter(pk__in=[r.pk for r in rows]).delete()
    else:
        _withdraw(rows, reason.strip() or "组织单位调整了参加名单")
        if activity.ends_at > timezone.now():
            send(
                "activities/uninvited",
                to=[r.deputy.membership for r in rows if r.deputy.membership_id],
                activity=activity,
            )
    keep_answer_deadlines(activity, by=by)
    names = "、".join(r.deputy.name for r in rows[:20])
    audit.record(by, "activities.uninvite", activity, after={"人数": len(rows)}, note=names)
    return len(rows)


def _withdraw(rows: list[Invitation], reason: str) -> None:
    ids = [row.pk for row in rows]
    LeaveRequest.objects.filter(
        invitation__in=ids, state__in=[LeaveRequest.State.ASKED, LeaveRequest.State.APPROVED]
    ).update(state=LeaveRequest.State.DROPPED)
    Invitation.objects.filter(pk__in=ids).update(
        signed_up_at=None, withdrawn_at=timezone.now(), withdrawn_reason=reason[:120]
    )


@transaction.atomic
def withdraw_after_mandate(mandate: Mandate, on: dt.date, *, by: Membership | None) -> int:
    """A seat ended: the person leaves the lists of activities on later days that are not over,
    unless the person still holds another seat for which the invitation stands. Gives how many."""
    deputy: Deputy = mandate.deputy
    rows = Invitation.objects.select_for_update(of=("self",)).filter(
        deputy=deputy,
        withdrawn_at=None,
        activity__state__in=[Activity.State.DRAFT, Activity.State.PUBLISHED],
        activity__starts_at__gt=timezone.make_aware(dt.datetime.combine(on, dt.time.max)),
        level__in=["", mandate.level],
    )
    leaving = [
        row
        for row in rows.select_related("activity")
        if not was_in_office(
            [deputy.pk], queries.local_day(row.activity.starts_at), row.level or None
        )
        and not row.participations.exists()
    ]
    if not leaving:
        return 0
    _withdraw(leaving, f"{mandate.get_level_display()}职务已结束")
    for row in leaving:
        answered(row.activity, row, by=by)
    titles = "、".join(row.activity.title for row in leaving[:10])
    audit.record(by, "activities.mandate_ended", deputy, note=titles)
    return len(leaving)
