"""An activity is planned, changed, published, cancelled."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from notices.actions import send

from .. import access
from ..models import Activity, Invitation, Participation, Session
from ..rules import MOST_SESSIONS, date_faults, half_day_sessions, half_days_of
from .asking import keep_answer_deadlines
from .taking import hold_to_run, refuse_settled, take

FIELDS = (
    "title",
    "kind",
    "starts_at",
    "ends_at",
    "place",
    "organiser",
    "description",
    "audience",
    "contact",
    "by_sign_up",
    "capacity",
    "sign_up_closes_at",
    "is_public",
)
TOLD = ("starts_at", "ends_at", "place")  # of a change in these the invited are told


def link_of(activity: Activity) -> str:
    """Where a deputy reads of an activity."""
    return reverse("portal_activity", args=[activity.pk])


def _check(by: Membership, values: dict[str, Any]) -> None:
    faults = date_faults(
        values.get("starts_at"), values.get("ends_at"), values.get("sign_up_closes_at")
    )
    if faults:
        raise NotAllowed(next(iter(faults.values())))
    organiser = values.get("organiser")
    if organiser and not access.organisers_for(by).filter(pk=organiser.pk).exists():
        raise NotAllowed("只能以本单位的名义组织活动")


def _local(activity: Activity) -> tuple[dt.datetime, dt.datetime]:
    return timezone.localtime(activity.starts_at), timezone.localtime(activity.ends_at)


def _make_sessions(activity: Activity) -> None:
    """A kind counted by half-days gets one session for each; any other has one session."""
    starts_at, ends_at = _local(activity)
    by_half_days = activity.kind.quantity_rule != "once" and starts_at.date() != ends_at.date()
    plans = half_day_sessions(starts_at, ends_at) if by_half_days else []
    if len(plans) > MOST_SESSIONS:
        raise NotAllowed("活动时间太长，签到场次过多，请核对起止日期")
    if len(plans) > 1:
        Session.objects.bulk_create(
            Session(
                activity=activity,
                name=p.name,
                starts_at=p.starts_at,
                ends_at=p.ends_at,
                half_days=p.half_days,
            )
            for p in plans
        )
    else:
        Session.objects.create(
            activity=activity,
            name="全程",
            starts_at=activity.starts_at,
            ends_at=activity.ends_at,
            half_days=half_days_of(starts_at, ends_at),
        )


@transaction.atomic
def plan(*, by: Membership, **values: Any) -> Activity:
    """Write down a planned activity as a draft. Takes the values of FIELDS; refuses times that
    make no sense and a unit that is not the member's own."""
    if by.role not in access.PLANNERS:
        raise NotAllowed("只有代工委、专工委和街道（镇）可以组织活动")
    _check(by, values)
    activity = Activity(created_by=by, **{k: values[k] for k in FIELDS if k in values})
    if not activity.by_sign_up:
        activity.capacity = None
    activity.save()
    _make_sessions(activity)
    audit.record(by, "activities.plan", activity)
    return activity


@transaction.atomic
def revise(activity: Activity, *, by: Membership, **values: Any) -> Activity:
    """Change the plan until it is closed. Of another time or place those invited are told.

    Once people have been marked at sessions the times stay as they are."""
    activity = hold_to_run(activity, by)
    refuse_settled(activity)
    before = {k: getattr(activity, k) for k in FIELDS}
    _check(by, {**before, **values, "organiser": values.get("organiser")})
    for name in FIELDS:
        if name in values:
            setattr(activity, name, values[name])
    if not activity.by_sign_up:
        activity.capacity = None
    elif activity.capacity is not None:
        _refuse_too_few_places(activity)
    changed = [k for k in FIELDS if before[k] != getattr(activity, k)]
    if not changed:
        return activity
    activity.save()
    if {"starts_at", "ends_at", "kind"} & set(changed):
        _move_sessions(activity)
    if activity.is_open and set(TOLD) & set(changed) and activity.ends_at > timezone.now():
        send(
            "activities/changed",
            to=_invited(activity),
            activity=activity,
            link=link_of(activity),
        )
    keep_answer_deadlines(activity, by=by)
    audit.record(
        by,
        "activities.revise",
        activity,
        before={k: str(before[k]) for k in changed},
        after={k: str(getattr(activity, k)) for k in changed},
    )
    return activity


def _refuse_too_few_places(activity: Activity) -> None:
    taken = Invitation.objects.filter(activity=activity, signed_up_at__isnull=False).count()
    if taken > activity.capacity:
        raise NotAllowed(f"已有 {taken} 人报名，名额不能少于这个数")


def _move_sessions(activity: Activity) -> None:
    sessions = list(activity.sessions.all())
    starts_at, ends_at = _local(activity)
    if len(sessions) == 1 and (
        activity.kind.quantity_rule == "once" or starts_at.date() == ends_at.date()
    ):
        session = sessions[0]
        session.starts_at, session.ends_at = activity.starts_at, activity.ends_at
        session.half_days = half_days_of(starts_at, ends_at)
        session.code, session.code_opens_at, session.code_closes_at = "", None, None
        session.save()
        return
    _refuse_marked(activity)
    activity.sessions.all().delete()
    _make_sessions(activity)


def _refuse_marked(activity: Activity) -> None:
    if Participation.objects.filter(session__activity=activity).exists():
        raise NotAllowed("已有签到记录，签到场次和时间不能再改")
    if Invitation.objects.filter(activity=activity, leaves__session__isnull=False).exists():
        raise NotAllowed("已有代表按场次请假，签到场次和时间不能再改")


@transaction.atomic
def split_into_half_days(activity: Activity, *, by: Membership, split: bool = True) -> Activity:
    """Check in each half-day by itself, or (split=False) once for the whole activity."""
    activity = hold_to_run(activity, by)
    refuse_settled(activity)
    _refuse_marked(activity)
    plans = half_day_sessions(*_local(activity)) if split else []
    if split and len(plans) < 2:
        raise NotAllowed("活动不到两个半天，不需要分场次签到")
    if len(plans) > MOST_SESSIONS:
        raise NotAllowed("活动时间太长，签到场次过多，请核对起止日期")
    activity.sessions.all().delete()
    if split:
        Session.objects.bulk_create(
            Session(activity=activity, **{k: getattr(p, k) for k in p.__dataclass_fields__})
            for p in plans
        )
    else:
        Session.objects.create(
            activity=activity,
            name="全程",
            starts_at=activity.starts_at,
            ends_at=activity.ends_at,
            half_days=half_days_of(*_local(activity)),
        )
    audit.record(by, "activities.split", activity, after={"场次": activity.sessions.count()})
    return activity


def _invited(activity: Activity) -> list[Membership]:
    """The logins of those asked; who has none is told by other means."""
    rows = Invitation.objects.filter(activity=activity, withdrawn_at=None).select_related(
        "deputy__membership"
    )
    return [row.deputy.membership for row in rows if row.deputy.membership_id]


@transaction.atomic
def publish(activity: Activity, *, by: Membership) -> Activity:
    """The invited see it and are told. An activity that is over already (entered afterwards) is
    published without messages: there is nothing left to answer."""
    activity = take(activity, Activity.Step.PUBLISH, by)
    if not Invitation.objects.filter(activity=activity, withdrawn_at=None).exists():
        raise NotAllowed("还没有邀请代表。请先在“邀请与报名”里选定参加的代表，再发布")
    activity.published_at = timezone.now()
    activity.save()
    told = 0
    if activity.ends_at > activity.published_at:
        told = send(
            "activities/invited",
            to=_invited(activity),
            activity=activity,
            link=link_of(activity),
        )
    keep_answer_deadlines(activity, by=by)
    audit.record(by, "activities.publish", activity, after={"已通知": told})
    return activity


@transaction.atomic
def cancel(activity: Activity, *, by: Membership, reason: str) -> Activity:
    """It will not take place; those invited are told why."""
    if not reason.strip():
        raise NotAllowed("请写明取消的原因")
    was_draft = activity.state == Activity.State.DRAFT
    activity = take(activity, Activity.Step.CANCEL, by)
    activity.reason = reason.strip()
    activity.save()
    activity.sessions.exclude(code="").update(code="", code_opens_at=None, code_closes_at=None)
    if not was_draft:
        send(
            "activities/cancelled",
            to=_invited(activity),
            activity=activity,
            link=link_of(activity),
        )
    keep_answer_deadlines(activity, by=by)
    audit.record(by, "activities.cancel", activity, note=activity.reason)
    return activity
