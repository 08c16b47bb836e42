"""A stage for activities: kinds, deputies with logins, a plan a week ahead."""

import datetime as dt

from django.utils import timezone

from activities import actions
from activities.models import Activity, ActivityKind
from congress.models import Membership, Role, Unit, User
from deputies.models import Deputy, Mandate
from tests import cast
from tests.performance import year


def soon(days: float = 7, hours: float = 0) -> dt.datetime:
    """9:00 local time, `days` from now."""
    day = timezone.localtime() + dt.timedelta(days=days)
    return day.replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(hours=hours)


def at(text: str) -> dt.datetime:
    """2026-01-12 09:00 as local time."""
    return timezone.make_aware(dt.datetime.fromisoformat(text))


def kind(code: str = "inspection") -> ActivityKind:
    actions.ship_kinds()
    return ActivityKind.objects.get(code=code)


def clerk(congress) -> Membership:
    return cast.member(congress, Role.DEPUTY_AFFAIRS)


def deputies(count: int = 6, street: str = "东湖街道", logins: bool = True) -> list[Deputy]:
    """Deputies in two delegations, all of one street; the first is the cast's 代表甲."""
    seats = year.seats(count)
    unit = Unit.objects.get(short_name=street)
    Mandate.objects.filter(pk__in=[s.pk for s in seats]).update(street=unit)
    found = [s.deputy for s in seats]
    first = Membership.objects.filter(role=Role.DEPUTY).order_by("pk").first()
    for n, deputy in enumerate(found):
        if n == 0:
            deputy.membership = first
        elif logins:
            user = User.objects.create_user(f"{unit.congress.key}-d{n}", must_change_password=False)
            deputy.membership = Membership.objects.create(
                user=user, role=Role.DEPUTY, name=deputy.name
            )
        deputy.save()
    return found


def planned(by: Membership, code: str = "inspection", **more) -> Activity:
    values = {
        "title": "视察老旧小区加装电梯",
        "kind": kind(code),
        "starts_at": soon(),
        "ends_at": soon(hours=3),
        "place": "东湖街道湖滨社区",
        "organiser": by.unit,
    } | more
    return actions.plan(by=by, **values)


def published(by: Membership, guests: list[Deputy], code: str = "inspection", **more) -> Activity:
    activity = planned(by, code, **more)
    actions.invite(activity, by=by, deputy_ids=[d.pk for d in guests])
    return actions.publish(activity, by=by)


def over(by: Membership, guests: list[Deputy], code: str = "inspection", **more) -> Activity:
    """Published and held yesterday morning."""
    times = {"starts_at": soon(-1), "ends_at": soon(-1, 3)} | more
    return published(by, guests, code, **times)
