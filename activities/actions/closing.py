"""Closing writes the duty facts, once; reopening takes them back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from notices.actions import send
from performance.actions import record_duties, withdraw_duties
from performance.models import DutyItem, DutyRecord

from .. import queries
from ..models import Activity, ActivityKind, Invitation, Outcome, Participation, Session
from ..queries import ACTIVITY_SOURCE, SESSION_SOURCE
from ..rules import ATTENDED, becomes_fact, combined, quantity, settled
from .asking import keep_answer_deadlines
from .planning import link_of
from .taking import take

TELL_ABSENT_WITHIN = dt.timedelta(days=30)  # older absences are entered afterwards: no message


@transaction.atomic
def close(activity: Activity, *, by: Membership, result: str = "") -> Activity:
    """The activity is over: everybody's attendance is settled and becomes duty facts, in the
    same transaction. Closing again is refused; the database holds each fact once per source."""
    activity = take(activity, Activity.Step.CLOSE, by)
    now = timezone.now()
    if now < activity.ends_at:
        raise NotAllowed("活动还没有结束，结束以后再办结")
    if result.strip():
        activity.result = result.strip()
    activity.closed_at = now
    activity.save()
    activity.sessions.exclude(code="").update(code="", code_opens_at=None, code_closes_at=None)
    sessions = list(activity.sessions.all())
    invitations = {i.pk: i for i in queries.live_invitations(activity)}
    attendance = _settle(activity, sessions, invitations, by)
    written = record_duties(by, _facts(activity, sessions, invitations, attendance, by))
    if now - activity.ends_at < TELL_ABSENT_WITHIN:
        _tell_absent(activity, invitations, attendance)
    keep_answer_deadlines(activity, by=by)
    audit.record(by, "activities.close", activity, after={"记入履职记录": written})
    return activity


def _settle(
    activity: Activity,
    sessions: list[Session],
    invitations: dict[int, Invitation],
    by: Membership,
) -> dict[int, dict[int, Outcome]]:
    """Fill in who was not marked, correct who was not in office; gives session → invitation →
    outcome."""
    marks = {
        (p.session_id, p.invitation_id): p
        for p in Participation.objects.filter(
            session__in=sessions, invitation__in=list(invitations)
        )
    }
    leaves = queries.approved_leaves(activity)
    offices: dict[dt.date, set[int]] = {}
    found: dict[int, dict[int, Outcome]] = {s.pk: {} for s in sessions}
    rows, now = [], timezone.now()
    for session in sessions:
        day = queries.local_day(session.starts_at)
        if day not in offices:
            offices[day] = queries.in_office_ids(invitations.values(), day)
        for pk, invitation in invitations.items():
            mark = marks.get((session.pk, pk))
            value = settled(
                mark.value if mark else None,
                in_office=invitation.deputy_id in offices[day],
                on_leave=(pk, session.pk) in leaves or (pk, None) in leaves,
                expected=queries.is_expected(activity, invitation),
            )
            if value is None:
                continue
            found[session.pk][pk] = value
            if mark is None or mark.value != value:
                rows.append(
                    Participation(
                        session=session,
                        invitation=invitation,
                        value=value,
                        how=Participation.How.CLOSING,
                        checked_in_at=mark.checked_in_at if mark else None,
                        by=by,
                        at=now,
                    )
                )
    Participation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["congress", "session", "invitation"],
        update_fields=["value", "how", "by", "at"],
    )
    return found


def _facts(activity, sessions, invitations, attendance, by) -> list[DutyRecord]:
    """A kind counted once gives one fact per deputy and activity; one counted by half-days or
    days gives one per deputy and session, each with its own day and outcome."""
    kind = activity.kind
    items = list(DutyItem.objects.filter(pk__in=kind.feeds.values("item"), is_active=True))
    rows = []
    for deputy_id, on, value, amount, source, name in _counted(
        activity, sessions, invitations, attendance
    ):
        if not becomes_fact(value, kind.absence_counts):
            continue
        for item in items:
            rows.append(
                DutyRecord(
                    deputy_id=deputy_id,
                    item=item,
                    on=on,
                    title=name,
                    quantity=amount,
                    outcome=value,
                    attributes={"activity": activity.pk, "kind": kind.code},
                    source_kind=source[0],
                    source_id=str(source[1]),
                    entered_by=by,
                )
            )
    return rows


def _counted(activity, sessions, invitations, attendance):
    """(deputy, day, outcome, quantity, source, title) for all that was settled."""
    rule = activity.kind.quantity_rule
    if rule != ActivityKind.Quantity.ONCE:
        for session in sessions:
            day = queries.local_day(session.starts_at)
            amount = quantity(rule, session.half_days)
            name = activity.title if len(sessions) == 1 else f"{activity.title}（{session.name}）"
            for pk, value in attendance[session.pk].items():
                source = (SESSION_SOURCE, session.pk)
                yield invitations[pk].deputy_id, day, value, amount, source, name
        return
    first_day = queries.local_day(activity.starts_at)
    for pk, invitation in invitations.items():
        came = [
            queries.local_day(s.starts_at) for s in sessions if attendance[s.pk].get(pk) in ATTENDED
        ]
        value = combined(attendance[s.pk][pk] for s in sessions if pk in attendance[s.pk])
        day = came[0] if came else first_day
        source = (ACTIVITY_SOURCE, activity.pk)
        yield invitation.deputy_id, day, value, quantity(rule, 1), source, activity.title


def _tell_absent(activity: Activity, invitations, attendance) -> None:
    """Who was counted absent hears of it at once, to object in time."""
    absent = {
        pk for values in attendance.values() for pk, v in values.items() if v == Outcome.ABSENT
    }
    members = Membership.objects.filter(deputy__in=[invitations[pk].deputy_id for pk in absent])
    send("activities/absent", to=members, activity=activity, link=link_of(activity))


@transaction.atomic
def reopen(activity: Activity, *, by: Membership, reason: str) -> Activity:
    """Something was wrong: the facts are taken back (they stay as withdrawn rows), those concerned
    are told, and it is closed again afterwards. Refused where a period of its days is locked."""
    if not reason.strip():
        raise NotAllowed("请写明重新打开的原因")
    activity = take(activity, Activity.Step.REOPEN, by)
    activity.reason = reason.strip()
    activity.save()
    facts = queries.facts_of(activity)
    deputies = set(facts.values_list("deputy_id", flat=True))
    sources = set(facts.values_list("source_kind", "source_id"))
    count = sum(
        withdraw_duties(
            by=by, source_kind=kind, source_id=pk, reason=f"活动重新打开：{activity.reason}"[:200]
        )
        for kind, pk in sorted(sources)
    )
    Participation.objects.filter(session__activity=activity, how=Participation.How.CLOSING).delete()
    if deputies:
        send(
            "activities/reopened",
            to=Membership.objects.filter(deputy__in=deputies),
            activity=activity,
            link=link_of(activity),
        )
    audit.record(
        by, "activities.reopen", activity, after={"撤回履职记录": count}, note=activity.reason
    )
    return activity
