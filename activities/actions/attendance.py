"""Checking in: by the deputy with the code shown at the venue, or by staff with the list."""

import datetime as dt
import secrets
from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from .. import access, queries
from ..models import Activity, Outcome, Participation, Session
from ..rules import ATTENDED, WRONG_CODES, arrived
from .taking import hold, hold_to_run, refuse_unless_open

How = Participation.How
OPENS_BEFORE = dt.timedelta(hours=1)
LEAST_OPEN = dt.timedelta(minutes=30)


def _session(session: Session, activity: Activity) -> Session:
    return activity.sessions.get(pk=session.pk)


@transaction.atomic
def open_check_in(session: Session, *, by: Membership) -> Session:
    """Give a session a fresh six-digit code, valid from an hour before it begins until its end
    (at least half an hour from now)."""
    activity = hold_to_run(session.activity, by)
    refuse_unless_open(activity)
    session = _session(session, activity)
    now = timezone.now()
    session.code = f"{secrets.randbelow(900000) + 100000}"
    session.code_opens_at = max(now, session.starts_at - OPENS_BEFORE)
    session.code_closes_at = max(session.ends_at, now + LEAST_OPEN)
    session.save()
    audit.record(by, "activities.open_check_in", activity, note=session.name)
    return session


@transaction.atomic
def close_check_in(session: Session, *, by: Membership) -> Session:
    """The code is worth nothing from now on."""
    activity = hold_to_run(session.activity, by)
    session = _session(session, activity)
    session.code, session.code_opens_at, session.code_closes_at = "", None, None
    session.save()
    audit.record(by, "activities.close_check_in", activity, note=session.name)
    return session


@transaction.atomic
def check_in(session: Session, *, by: Membership, code: str) -> Participation | None:
    """The deputy is at the venue and gives the code shown there; no place, no photo is asked.

    Checking in again changes nothing. Gives None for a wrong code, so that the attempt stays
    counted; raises NotAllowed at the wrong moment or after too many of them.
    """
    activity = hold(session.activity)
    invitation = access.invitation_of(by, activity)
    session = _session(session, activity)
    done = Participation.objects.filter(session=session, invitation=invitation).first()
    if done and done.value in ATTENDED:
        return done
    refuse_unless_open(activity)
    now = timezone.now()
    if not session.code:
        raise NotAllowed("现在没有开放签到，请听会场工作人员安排")
    if now < session.code_opens_at:
        raise NotAllowed("还没有到签到时间")
    if now >= session.code_closes_at:
        raise NotAllowed("签到时间已过，请找会场工作人员登记")
    if invitation.wrong_codes >= WRONG_CODES:
        raise NotAllowed("签到码输错次数过多，请找会场工作人员登记")
    if not secrets.compare_digest(code.strip().encode(), session.code.encode()):
        invitation.wrong_codes += 1
        invitation.save(update_fields=["wrong_codes"])
        return None
    if not queries.in_office_ids([invitation], queries.local_day(session.starts_at)):
        raise NotAllowed("当天不在代表任职期间，不用签到")
    if invitation.wrong_codes:
        invitation.wrong_codes = 0
        invitation.save(update_fields=["wrong_codes"])
    row, _ = Participation.objects.update_or_create(
        session=session,
        invitation=invitation,
        defaults={
            "value": arrived(now, session.starts_at, activity.kind.late_after),
            "how": How.CODE,
            "checked_in_at": now,
            "by": by,
        },
    )
    audit.record(by, "activities.check_in", activity, note=session.name)
    return row


@transaction.atomic
def mark(session: Session, *, by: Membership, values: Mapping[int, str]) -> Counter:
    """Staff enter who came: invitation id → outcome, "" takes an entry back. Gives how many of
    each outcome were entered; those not in office that day are counted as not obliged and not
    entered. What is already so is left as it is, with its own time."""
    activity = hold_to_run(session.activity, by)
    refuse_unless_open(activity)
    session = _session(session, activity)
    now = timezone.now()
    if queries.local_day(session.starts_at) > timezone.localdate(now):
        raise NotAllowed(f"“{session.name}”还没有到日子，不能登记出席情况")
    if set(values.values()) - {*Outcome.values, ""} or Outcome.NOT_OBLIGED in values.values():
        raise NotAllowed("“不应到”由系统按任职日期认定，不能登记")
    invitations = list(queries.live_invitations(activity).filter(pk__in=list(values)))
    office = queries.in_office_ids(invitations, queries.local_day(session.starts_at))
    known = dict(
        Participation.objects.filter(session=session).values_list("invitation_id", "value")
    )
    rows, gone, counts = [], [], Counter()
    for invitation in invitations:
        value = values[invitation.pk]
        if value == known.get(invitation.pk, ""):
            continue
        if not value:
            gone.append(invitation.pk)
        elif invitation.deputy_id not in office:
            counts[Outcome.NOT_OBLIGED] += 1
        else:
            counts[value] += 1
            rows.append(
                Participation(
                    session=session,
                    invitation=invitation,
                    value=value,
                    how=How.STAFF,
                    checked_in_at=now if value in ATTENDED else None,
                    by=by,
                    at=now,
                )
            )
    Participation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["congress", "session", "invitation"],
        update_fields=["value", "how", "checked_in_at", "by", "at"],
    )
    Participation.objects.filter(session=session, invitation__in=gone).delete()
    if rows or gone:
        after = {Outcome(v).label: n for v, n in counts.items()}
        if gone:
            after["撤回登记"] = len(gone)
        audit.record(by, "activities.mark", activity, after=after, note=session.name)
    return counts
