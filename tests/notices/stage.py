"""Channels set up at the small servers, phones in the books, a clock at office hours."""

import datetime as dt

from django.utils import timezone

from congress.models import Congress, Role
from congress.tenancy import in_congress
from deputies.models import Deputy
from notices import actions
from notices.models import Channel, Preference, Way
from tests import cast

BODY = '{"to": "{{phone}}", "text": "{{text}}", "key": "{{key}}", "auth": "{{secret}}"}'
NOON = dt.datetime(2026, 3, 6, 12)  # a Friday


def moment(text: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(text))


def sms_on(congress: Congress, url: str, **more) -> Channel:
    """SMS through this gateway."""
    values = {"mode": Channel.Mode.ON, "url": url, "body": BODY, "timeout": 5, **more}
    with in_congress(congress):
        by = cast.member(congress, Role.DEPUTY_AFFAIRS)
        return actions.save_channel(Way.SMS, by=by, secret="geheim", **values)


def mail_on(congress: Congress, box, **more) -> Channel:
    """Mail through this server."""
    values = {"mode": Channel.Mode.ON, "host": box.host, "port": box.port, "security": "none",
              "sender": "rd@example.cn", **more}  # fmt: skip
    with in_congress(congress):
        by = cast.member(congress, Role.DEPUTY_AFFAIRS)
        return actions.save_channel(Way.MAIL, by=by, **values)


def with_phone(congress: Congress, phone: str = "13812345678"):
    """The cast's deputy, in the registry with a phone."""
    with in_congress(congress):
        member = cast.member(congress, Role.DEPUTY)
        Deputy.objects.create(name=member.name, name_key="daibiao", phone=phone, membership=member)
    return member


def with_mail(member, mail: str = "jia@example.cn"):
    """A confirmed address for mail."""
    with in_congress(member.congress):
        Preference.objects.create(member=member, mail=mail, mail_verified_at=timezone.now())
    return member
