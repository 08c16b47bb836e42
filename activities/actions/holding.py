"""An activity entered after it was held, with everybody's attendance: one call, the same steps."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from congress.models import Membership, Unit

from ..models import Activity, ActivityKind, Invitation, Outcome
from .attendance import mark
from .closing import close
from .inviting import invite
from .planning import plan, publish


@transaction.atomic
def record_held(
    *,
    by: Membership,
    kind: ActivityKind,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    organiser: Unit,
    attendance: Mapping[int, str | Sequence[str]],
    result: str = "",
    source: str = Invitation.Source.PICKED,
    source_name: str = "",
    level: str = "",
    **more: Any,
) -> Activity:
    """Plan, invite, publish, mark and close an activity that is over, by the actions themselves.

    `attendance`: deputy id → outcome (present, late, leave, absent), for several sessions (a
    sitting counted by half-days) one outcome for all or a sequence with one per session. Who was
    not in office that day comes out as not obliged, whatever is given. `more`: description,
    audience, is_public and other values of `plan`. Messages are sent to nobody but those absent
    in the last 30 days. Gives the closed activity; raises NotAllowed as the steps do.
    """
    activity = plan(
        by=by,
        kind=kind,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        organiser=organiser,
        **more,
    )
    invite(
        activity,
        by=by,
        deputy_ids=attendance.keys(),
        source=source,
        source_name=source_name,
        level=level,
    )
    publish(activity, by=by)
    ids = dict(Invitation.objects.filter(activity=activity).values_list("deputy_id", "pk"))
    for number, session in enumerate(activity.sessions.all()):
        values = {
            ids[deputy_id]: given if isinstance(given, str) else given[number]
            for deputy_id, given in attendance.items()
        }
        # Absence is what remains at the closing: not entered by hand.
        mark(
            session,
            by=by,
            values={pk: value for pk, value in values.items() if value != Outcome.ABSENT},
        )
    return close(activity, by=by, result=result)
