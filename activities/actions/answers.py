"""What a deputy answers: coming, not coming after all, on leave."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from notices.actions import send

from .. import access, queries
from ..models import Activity, Invitation, LeaveRequest, Participation, Session
from ..rules import LEAVE_FLOW
from .asking import answered, keep_answer_deadlines
from .planning import link_of
from .taking import hold, hold_to_run, refuse_unless_open

Step, State = LeaveRequest.Step, LeaveRequest.State


def _in_time(activity: Activity) -> None:
    """A deputy answers until sign-up closes, or until it begins where no time is set."""
    refuse_unless_open(activity)
    closes = activity.sign_up_closes_at or activity.starts_at
    if timezone.now() >= closes:
        tell = f"请联系{activity.organiser}" + (
            f"（{activity.contact}）" if activity.contact else ""
        )
        raise NotAllowed(f"报名和请假已经截止，{tell}")


def _own(activity: Activity, by: Membership) -> Invitation:
    if by.role != Role.DEPUTY:
        raise NotAllowed("只有受邀的代表本人可以办理这一步")
    return access.invitation_of(by, activity)


def _give_place(activity: Activity, invitation: Invitation, by: Membership) -> None:
    day = queries.local_day(activity.starts_at)
    if not queries.in_office_ids([invitation], day):
        raise NotAllowed("活动当天不在代表任职期间，不能报名")
    leave = invitation.leaves.filter(session=None, state__in=[State.ASKED, State.APPROVED]).first()
    if leave:
        raise NotAllowed("已经请假，先撤回请假再报名")
    if queries.places_left(activity) == 0:
        raise NotAllowed("名额已满，不能再报名")
    invitation.signed_up_at, invitation.signed_up_by = timezone.now(), by
    invitation.save()
    answered(activity, invitation, by=by)


@transaction.atomic
def sign_up(activity: Activity, *, by: Membership) -> Invitation:
    """The deputy will come (报名). Twice makes one; the last place goes to one person, because
    the activity is locked while places are counted."""
    activity = hold(activity)
    invitation = _own(activity, by)
    _in_time(activity)
    if invitation.signed_up_at:
        return invitation
    _give_place(activity, invitation, by)
    audit.record(by, "activities.sign_up", activity)
    return invitation


@transaction.atomic
def sign_up_for(invitation: Invitation, *, by: Membership) -> Invitation:
    """Staff sign a deputy up who said so by telephone (代录), until the activity is closed."""
    activity = hold_to_run(invitation.activity, by)
    refuse_unless_open(activity)
    invitation = activity.invitations.select_related("deputy").get(pk=invitation.pk)
    if invitation.withdrawn_at:
        raise NotAllowed("这位代表已不在邀请名单中")
    if invitation.signed_up_at:
        return invitation
    _give_place(activity, invitation, by)
    audit.record(by, "activities.sign_up_for", activity, note=invitation.deputy.name)
    return invitation


@transaction.atomic
def cancel_sign_up(activity: Activity, *, by: Membership) -> Invitation:
    """The deputy takes the sign-up back in time; the place is free again."""
    activity = hold(activity)
    invitation = _own(activity, by)
    _in_time(activity)
    if invitation.signed_up_at is None:
        return invitation
    invitation.signed_up_at = invitation.signed_up_by = None
    invitation.save()
    keep_answer_deadlines(activity, by=by)
    audit.record(by, "activities.cancel_sign_up", activity)
    return invitation


# -- Leave -------------------------------------------------------------------------------------


def _new_leave(invitation, session, reason, by, state) -> LeaveRequest:
    if not reason.strip():
        raise NotAllowed("请写明请假事由")
    if session is not None and session.activity_id != invitation.activity_id:
        raise NotAllowed("这一场不属于本次活动")
    live = invitation.leaves.filter(state__in=[State.ASKED, State.APPROVED])
    if live.filter(session=None).exists() or (session is None and live.exists()):
        raise NotAllowed("已经有一份请假，先撤回原来的再提出")
    try:
        with transaction.atomic():
            leave = LeaveRequest.objects.create(
                invitation=invitation,
                session=session,
                reason=reason.strip()[:200],
                state=state,
                asked_by=by,
                decided_by=by if state == State.APPROVED else None,
                decided_at=timezone.now() if state == State.APPROVED else None,
            )
    except IntegrityError:
        raise NotAllowed("这一场已经请过假") from None
    if session is None and invitation.signed_up_at:
        invitation.signed_up_at = invitation.signed_up_by = None
        invitation.save()
    if session is None:
        answered(invitation.activity, invitation, by=by)
    return leave


@transaction.atomic
def ask_leave(
    activity: Activity, *, by: Membership, reason: str, session: Session | None = None
) -> LeaveRequest:
    """The deputy asks for leave from the whole activity or one session; its organ is told."""
    activity = hold(activity)
    invitation = _own(activity, by)
    refuse_unless_open(activity)
    if session is None:
        _in_time(activity)
    elif timezone.now() >= session.starts_at:
        raise NotAllowed("这一场已经开始，请联系组织单位补办请假")
    leave = _new_leave(invitation, session, reason, by, State.ASKED)
    send(
        "activities/leave_asked",
        to=_runners(activity),
        leave=leave,
        activity=activity,
        link=f"/admin/activities/{activity.pk}/leave/",
    )
    audit.record(by, "activities.ask_leave", activity, note=leave.reason)
    return leave


def _runners(activity: Activity) -> list[Membership]:
    """Those who decide on leave: who planned it and the organising unit's people."""
    today = timezone.localdate()
    rows = Membership.objects.filter(unit=activity.organiser, role__in=access.PLANNERS).exclude(
        valid_to__lt=today
    )
    found = {m.pk: m for m in rows}
    if activity.created_by_id:
        found.setdefault(activity.created_by_id, activity.created_by)
    return list(found.values())


@transaction.atomic
def enter_leave(
    invitation: Invitation, *, by: Membership, reason: str, session: Session | None = None
) -> LeaveRequest:
    """Staff enter leave asked for by telephone (代录): it is approved with that."""
    activity = hold_to_run(invitation.activity, by)
    refuse_unless_open(activity)
    if invitation.withdrawn_at:
        raise NotAllowed("这位代表已不在邀请名单中")
    leave = _new_leave(invitation, session, reason, by, State.APPROVED)
    audit.record(
        by, "activities.enter_leave", activity, note=f"{invitation.deputy.name}：{leave.reason}"
    )
    return leave


def _decide(leave: LeaveRequest, step: Step, by: Membership, decision: str) -> LeaveRequest:
    activity = hold_to_run(leave.invitation.activity, by)
    refuse_unless_open(activity)
    leave = LeaveRequest.objects.select_related("invitation__deputy__membership").get(pk=leave.pk)
    leave.state = LEAVE_FLOW.after(leave.state, step)
    leave.decided_by, leave.decided_at, leave.decision = by, timezone.now(), decision[:200]
    leave.save()
    keep_answer_deadlines(activity, by=by)
    send(
        "activities/leave_decided",
        to=[leave.invitation.deputy.membership],
        leave=leave,
        activity=activity,
        link=link_of(activity),
    )
    return leave


@transaction.atomic
def approve_leave(leave: LeaveRequest, *, by: Membership, decision: str = "") -> LeaveRequest:
    """准假; the deputy is told."""
    leave = _decide(leave, Step.APPROVE, by, decision.strip())
    audit.record(by, "activities.approve_leave", leave)
    return leave


@transaction.atomic
def decline_leave(leave: LeaveRequest, *, by: Membership, decision: str) -> LeaveRequest:
    """不准假, with the reason; the deputy is told."""
    if not decision.strip():
        raise NotAllowed("请写明不准假的原因")
    leave = _decide(leave, Step.DECLINE, by, decision.strip())
    audit.record(by, "activities.decline_leave", leave, note=leave.decision)
    return leave


@transaction.atomic
def drop_leave(leave: LeaveRequest, *, by: Membership) -> LeaveRequest:
    """The deputy takes the request back before it begins, or staff do until the closing."""
    activity = hold(leave.invitation.activity)
    leave = LeaveRequest.objects.select_related("invitation__deputy", "session").get(pk=leave.pk)
    refuse_unless_open(activity)
    if by.role == Role.DEPUTY:
        if leave.invitation.deputy.membership_id != by.pk:
            raise NotAllowed("只能撤回本人的请假")
        begins = leave.session.starts_at if leave.session else activity.starts_at
        if timezone.now() >= begins:
            raise NotAllowed("活动已经开始，请联系组织单位")
    elif not access.may_run(by, activity):
        raise NotAllowed(f"这项活动由{activity.organiser}组织，请与其联系")
    leave.state = LEAVE_FLOW.after(leave.state, Step.DROP)
    leave.save()
    Participation.objects.filter(
        invitation=leave.invitation, value="leave", how=Participation.How.CLOSING
    ).delete()
    keep_answer_deadlines(activity, by=by)
    audit.record(by, "activities.drop_leave", activity, note=leave.invitation.deputy.name)
    return leave
