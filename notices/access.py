"""Who keeps the channels, sees what was sent, and calls people up."""

from django.db.models import QuerySet
from django.http import Http404

from congress.flow import NotAllowed
from congress.models import Membership, Role

from .models import Channel, Delivery

KEEPERS = (Role.DEPUTY_AFFAIRS, Role.SYSTEM_ADMIN)
READERS = (Role.DEPUTY_AFFAIRS, Role.SYSTEM_ADMIN)
CALLERS = (Role.DEPUTY_AFFAIRS,)
# Who is called when a message stays unread: people who are not in the committee's own offices.
CALLED = (Role.DEPUTY, Role.STATION_LIAISON, Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)


def require_keeper(by: Membership) -> None:
    """Channels: 代工委 and the system administrator; raises NotAllowed."""
    if by.role not in KEEPERS:
        raise NotAllowed("消息通道由代工委或系统管理员设置")


def require_caller(by: Membership) -> None:
    """The call list, phones in clear: 代工委 alone; raises NotAllowed."""
    if by.role not in CALLERS:
        raise NotAllowed("电话通知由代工委办理")


def deliveries_visible_to(member: Membership) -> QuerySet[Delivery]:
    """What was sent outside: for those who keep the channels."""
    rows = Delivery.objects.select_related("to__unit", "notice", "carried_by")
    return rows if member.role in READERS else rows.none()


def find_delivery(member: Membership, pk: int) -> Delivery:
    """One row of it, otherwise 404."""
    row = deliveries_visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def channel(kind: str) -> Channel:
    """The congress's channel of a kind, as stored or as it would begin."""
    return Channel.objects.filter(kind=kind).first() or Channel(kind=kind)
