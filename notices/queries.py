"""Lists and counts of messages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from congress.holidays import work_calendar
from congress.models import Congress, CongressHost, Membership, Role
from congress.tenancy import current_congress

from . import access, reach
from .models import Call, Delivery, Notice
from .rules import cutoff


def inbox(member: Membership, only_unread: bool = False) -> QuerySet[Notice]:
    """A member's messages, the newest first."""
    rows = Notice.objects.filter(to=member)
    return rows.filter(read_at=None) if only_unread else rows


def unread_count(member: Membership) -> int:
    """How many messages a member has not read."""
    return Notice.objects.filter(to=member, read_at=None).count()


# -- Outside -----------------------------------------------------------------------------------


def house_address(congress: Congress) -> str:
    """Where the congress is found from outside: its own host first."""
    host = CongressHost.objects.filter(congress=congress).order_by("pk").first()
    name = host.host if host else f"{congress.key}.{settings.BASE_DOMAIN}"
    return f"{'https' if settings.HTTPS else 'http'}://{name}"


def link_of(notice: Notice) -> str:
    """The page that opens a message, in the frame of the reader's role."""
    desk = notice.to.role in (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)
    return f"/{'desk' if desk else 'me'}/notices/{notice.pk}/"


def delivery_counts(rows: QuerySet[Delivery]) -> dict[str, int]:
    """How many there are in each state."""
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


def sent_today(way: str, today: dt.date) -> int:
    """How many messages went out by a way today, or would have."""
    begins = timezone.make_aware(dt.datetime.combine(today, dt.time()))
    return Delivery.objects.filter(
        way=way,
        carried_by=None,
        state__in=[Delivery.State.SENT, Delivery.State.TRIAL],
        sent_at__gte=begins,
        sent_at__lt=begins + dt.timedelta(days=1),
    ).count()


# -- The call list -----------------------------------------------------------------------------


@dataclass
class ToCall:
    """A member who has not read for two working days, and what was tried."""

    member: Membership
    count: int
    titles: list[str] = field(default_factory=list)
    since: dt.datetime | None = None
    phone: str = ""
    last_call: Call | None = None


def unread_long(now: dt.datetime | None = None) -> QuerySet[Notice]:
    """Messages nobody they concern has read for two working days: not the person, not a
    colleague of the same unit, and nobody was told by telephone."""
    today = timezone.localdate(now)
    last = cutoff(today, work_calendar())
    before = timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), dt.time()))
    colleague = Notice.objects.filter(
        batch=OuterRef("batch"),
        to__unit=OuterRef("to__unit"),
        to__role=OuterRef("to__role"),
        read_at__isnull=False,
    )
    told = Call.objects.filter(
        member=OuterRef("to"),
        result__in=[Call.Result.TOLD, Call.Result.LEFT_WORD],
        up_to__gte=OuterRef("pk"),
    )
    return (
        Notice.objects.filter(read_at=None, created_at__lt=before, to__role__in=access.CALLED)
        .filter(Q(to__valid_to=None) | Q(to__valid_to__gte=today), to__user__is_active=True)
        .filter(~Exists(colleague), ~Exists(told))
        .order_by("pk")
    )


def unread_of(member: Membership) -> list[Notice]:
    """A member's messages that call for a call, the oldest first."""
    return list(unread_long().filter(to=member))


def members_to_call() -> QuerySet[Membership]:
    """Who is to be called, by role and name."""
    return (
        Membership.objects.filter(pk__in=unread_long().order_by().values("to"))
        .annotate(last_call_pk=Coalesce(Max("calls"), 0))
        .select_related("unit")
        .order_by("role", "name", "pk")
    )


def call_lines(members: Iterable[Membership]) -> list[ToCall]:
    """What a page of the call list shows, with a constant number of queries."""
    members = list(members)
    lines = {m.pk: ToCall(m, 0) for m in members}
    for notice in unread_long().filter(to__in=members):
        line = lines[notice.to_id]
        line.count += 1
        line.since = line.since or notice.created_at
        if len(line.titles) < 3:
            line.titles.append(notice.title)
    for pk, phone in reach.phones(lines).items():
        lines[pk].phone = reach.masked(phone)
    calls = Call.objects.filter(pk__in=[getattr(m, "last_call_pk", 0) for m in members])
    for call in calls.select_related("by"):
        lines[call.member_id].last_call = call
    return list(lines.values())


def present_address() -> str:
    """Where the open congress is found from outside."""
    return house_address(current_congress())
