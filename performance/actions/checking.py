"""While objections are open, those whose points are counted are asked to look at them."""

from congress.models import Membership
from deadlines import actions as deadlines
from deadlines.rules import Limit, Unit
from deputies.queries import in_office_between

from ..models import Period

CHECK = "performance.check"
REMIND_BEFORE = (15, 3)


def ask_to_check(period: Period, *, by: Membership | None) -> None:
    """Give every deputy of the period with a login until the objections close."""
    if period.objections_until is None:
        return
    seats = in_office_between(period.starts_on, period.ends_on, period.level)
    deadlines.set_deadline(
        CHECK,
        period,
        by=by,
        members=Membership.objects.filter(deputy__mandates__in=seats, valid_to=None),
        what=f"核对履职记录，有出入请提出异议：{period.name}",
        limit=Limit(Unit.FIXED, on=period.objections_until),
        link="/me/performance/",
        lapses=True,
        remind_before=REMIND_BEFORE,
    )


def stop_asking(period: Period, *, by: Membership | None) -> None:
    """The period is locked: there is nothing left to object to."""
    deadlines.cancel(CHECK, period, by=by)
