"""Carrying messages outside. The row is the truth: it is claimed in one transaction, sent outside
of any, and settled in another. Whoever dies in between is found by the next sweep, which sends
the same message under the same key; any number of copies may run.
"""

import datetime as dt
import time
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Congress, Membership
from congress.tenancy import current_congress, in_congress

from .. import access, outgoing, queries, reach
from ..models import Channel, Delivery, Notice, Way
from ..rules import (
    INTERRUPTED_AFTER,
    fill,
    may_send,
    next_moment,
    read_headers,
    wait_after,
    words_outside,
    words_together,
)

State, Mode = Delivery.State, Channel.Mode
AT_ONCE = 500
LONGEST = 60  # seconds one run goes on; the next sweep takes the rest


@dataclass(frozen=True)
class Parcel:
    """One message on its way: who carries it, which attempt, and everything the wire needs."""

    lead: Delivery
    channel: Channel
    address: str
    text: str
    link: str
    house: Congress
    rows: tuple[int, ...]


# -- From notices to deliveries ----------------------------------------------------------------


@transaction.atomic
def route(now: dt.datetime) -> int:
    """Give every new message its deliveries; gives how many messages were looked at."""
    notices = list(
        Notice.objects.filter(routed_at=None)
        .select_related("to")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")[:AT_ONCE]
    )
    channels = list(Channel.objects.exclude(mode=Mode.OFF)) if notices else []
    calendar = work_calendar() if channels else None
    local, rows = timezone.localtime(now), []
    for channel in channels:
        known = reach.addresses({n.to_id for n in notices}, channel.kind)
        refused = _unwilling(channel.kind, notices)
        for notice in notices:
            has = notice.to_id in known
            if notice.to_id in refused or (not has and channel.kind == Way.MAIL):
                continue
            rows.append(
                Delivery(
                    congress=current_congress(),
                    notice=notice,
                    to=notice.to,
                    way=channel.kind,
                    state=State.WAITING if has else State.DROPPED,
                    note="" if has else "没有登记手机号",
                    text=words_outside(notice.template, notice.outside),
                    link=queries.link_of(notice),
                    is_urgent=notice.is_urgent,
                    due_at=next_moment(local, channel.window, calendar, notice.is_urgent),
                )
            )
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    Notice.objects.filter(pk__in=[n.pk for n in notices]).update(routed_at=now)
    return len(notices)


def _unwilling(way: str, notices: list[Notice]) -> set[int]:
    chosen = reach.preferences({n.to_id for n in notices})
    wants = "wants_sms" if way == Way.SMS else "wants_mail"
    return {pk for pk, p in chosen.items() if not getattr(p, wants)}


# -- Claiming ----------------------------------------------------------------------------------


def due(now: dt.datetime):
    """Deliveries to be sent now, and those whose sender fell silent."""
    return Delivery.objects.filter(
        Q(state=State.WAITING, due_at__lte=now)
        | Q(state=State.SENDING, claimed_at__lt=now - INTERRUPTED_AFTER),
        carried_by=None,
    )


@transaction.atomic
def claim(way: str, now: dt.datetime) -> Parcel | None:
    """Take the next message of a way; None when there is none. What need not or may not go now is
    put where it belongs on the way.

    The channel's row is held meanwhile, so that quotas are counted by one at a time.
    """
    channel = Channel.objects.select_for_update().filter(kind=way).first()
    if channel is None:
        return None
    local, calendar = timezone.localtime(now), work_calendar()
    left = channel.per_day - queries.sent_today(way, local.date()) - _under_way(way)
    for lead in due(now).filter(way=way).select_related("to__user", "notice").order_by(
        "-is_urgent", "due_at", "pk"
    )[:AT_ONCE]:  # fmt: skip
        lead = Delivery.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "to__user", "notice"
        ).filter(pk=lead.pk, state=lead.state).first()  # fmt: skip
        if lead is None:
            continue
        own_test = lead.purpose == Delivery.Purpose.TEST
        if why := _pointless(lead, channel):
            _drop([lead.pk], why)
            continue
        if not lead.is_urgent and not may_send(local, channel.window, calendar):
            _put_off(lead, next_moment(local, channel.window, calendar), lead.note)
            continue
        if left <= 0 and not own_test and lead.state == State.WAITING:
            tomorrow = (local + dt.timedelta(days=1)).replace(hour=0, minute=0)
            again = next_moment(tomorrow, channel.window, calendar)
            _put_off(lead, again, "当日发送已到上限，顺延")
            continue
        parcel = _take(lead, channel, now)
        if parcel is not None:
            return parcel
    return None


def _under_way(way: str) -> int:
    return Delivery.objects.filter(way=way, state=State.SENDING, carried_by=None).count()


def _pointless(lead: Delivery, channel: Channel) -> str:
    if lead.purpose == Delivery.Purpose.TEST:
        return ""
    if channel.mode == Mode.OFF:
        return "通道已停用"
    if not lead.to.user.is_active or (lead.to.valid_to and lead.to.valid_to < timezone.localdate()):
        return "收件人已离任或停用"
    if lead.notice and lead.notice.read_at and lead.state == State.WAITING and not lead.tries:
        return "已在平台阅读"
    return ""


def _drop(pks: list[int], why: str) -> None:
    Delivery.objects.filter(Q(pk__in=pks) | Q(carried_by__in=pks)).update(
        state=State.DROPPED, note=why
    )


def _put_off(lead: Delivery, until: dt.datetime, note: str) -> None:
    Delivery.objects.filter(pk=lead.pk).update(due_at=until, note=note)


def _take(lead: Delivery, channel: Channel, now: dt.datetime) -> Parcel | None:
    """Mark it as being sent, together with whatever else is due to the same person now."""
    address = lead.address or reach.addresses([lead.to_id], lead.way).get(lead.to_id, "")
    if not address:
        _drop([lead.pk], "收件人没有可用的地址，或者已选择不接收")
        return None
    group = [lead.pk]
    if lead.purpose == Delivery.Purpose.NOTICE:
        if not lead.tries:  # a message that was tried keeps its content with its key
            group += _companions(lead, now)
        else:
            group += list(lead.carries.values_list("pk", flat=True))
    is_trial = channel.mode == Mode.TRIAL and lead.purpose == Delivery.Purpose.NOTICE
    interrupted = lead.state == State.SENDING
    values = {
        "state": State.TRIAL if is_trial else State.SENDING,
        "claimed_at": now,
        "sent_at": now if is_trial else None,
        "shown_to": reach.masked(address)[:80],
        "note": "上次发送中断，以同一编号重发" if interrupted else "",
    }
    Delivery.objects.filter(pk__in=group[1:]).update(carried_by=lead, **values)
    Delivery.objects.filter(pk=lead.pk).update(tries=F("tries") + 1, **values)
    text, link = lead.text, lead.link
    if len(group) > 1:
        text = words_together(len(group))
        link = link.rpartition("/notices/")[0] + "/notices/"
        Delivery.objects.filter(pk=lead.pk).update(text=text, link=link)
    lead.refresh_from_db()
    house = current_congress()
    if link:
        link = queries.house_address(house) + link
    return Parcel(lead, channel, address, text, link, house, tuple(group))


def _companions(lead: Delivery, now: dt.datetime) -> list[int]:
    rows = Delivery.objects.filter(
        to=lead.to_id, way=lead.way, state=State.WAITING, due_at__lte=now, tries=0,
        carried_by=None, purpose=Delivery.Purpose.NOTICE,
    ).exclude(pk=lead.pk)  # fmt: skip
    rows = rows.select_for_update(of=("self",), skip_locked=True).select_related("notice")
    found, read = [], []
    for row in rows.order_by("pk"):
        (read if row.notice.read_at else found).append(row.pk)
    if read:
        _drop(read, "已在平台阅读")
    return found


# -- Sending and settling ----------------------------------------------------------------------


def carry(parcel: Parcel) -> None:
    """Send one message over the wire. Raises outgoing.CannotSend."""
    (_by_mail if parcel.channel.kind == Way.MAIL else _by_sms)(parcel)


def _by_mail(parcel: Parcel) -> None:
    channel, house = parcel.channel, parcel.house
    context = {"congress": house, "title": parcel.text, "text": "", "link": parcel.link}
    message = EmailMessage()
    message["Subject"] = f"【{house.short_name}】{parcel.text}"
    user, _, domain = channel.sender.rpartition("@")
    message["From"] = Address(house.standing_committee_name, user, domain)
    message["To"] = parcel.address
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = f"<{parcel.lead.public_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(render_to_string("notices/mail.txt", context))
    message.add_alternative(render_to_string("notices/mail.html", context), subtype="html")
    outgoing.mail(
        message, host=channel.host, port=channel.port, security=channel.security,
        username=channel.username, password=channel.secret, timeout=channel.timeout,
    )  # fmt: skip


def _by_sms(parcel: Parcel) -> None:
    channel = parcel.channel
    context = {"congress": parcel.house, "title": parcel.text, "link": parcel.link}
    values = {
        "phone": parcel.address,
        "text": render_to_string("notices/sms.txt", context).strip(),
        "link": parcel.link,
        "key": parcel.lead.public_id.hex,
        "secret": channel.secret,
        "house": parcel.house.short_name,
    }
    kinds = {"json": "application/json; charset=utf-8", "form": "application/x-www-form-urlencoded"}
    headers, faults = read_headers(fill(channel.headers, values))
    if faults:
        raise outgoing.CannotSend(faults[0], may_help=False)
    answer = outgoing.post(
        fill(channel.url, values, "form"), method=channel.method, headers=headers,
        body=fill(channel.body, values, channel.body_kind), content_type=kinds[channel.body_kind],
        timeout=channel.timeout,
    )  # fmt: skip
    if channel.accepted and channel.accepted not in answer:
        raise outgoing.CannotSend(f"短信平台没有接受：{answer[:120]}", may_help=False)


@transaction.atomic
def settle(parcel: Parcel, now: dt.datetime, fault: outgoing.CannotSend | None = None) -> bool:
    """Write how it went; gives whether this attempt was still the present one."""
    mine = Delivery.objects.select_for_update().filter(
        pk=parcel.lead.pk, state=State.SENDING, tries=parcel.lead.tries
    )
    if not mine.exists():
        return False
    rows = Delivery.objects.filter(pk__in=parcel.rows)
    if fault is None:
        rows.update(state=State.SENT, sent_at=now)
        return True
    wait = wait_after(parcel.lead.tries) if fault.may_help else None
    if wait is None or parcel.lead.purpose == Delivery.Purpose.TEST:
        rows.update(state=State.FAILED, note=fault.sentence[:300])
        return True
    local = timezone.localtime(now + wait)
    again = next_moment(local, parcel.channel.window, work_calendar(), True)
    rows.update(state=State.WAITING, due_at=again, note=fault.sentence[:300])
    return True


def deliver(congress: Congress) -> int:
    """Route and send all that is due in a congress (none may be open: sending holds no
    transaction); gives how many messages were sent, tried or, on trial, written down."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < LONGEST:
        with in_congress(congress):
            if not route(timezone.now()):
                break
    for way in Way.values:
        while time.monotonic() - began < LONGEST:
            with in_congress(congress):
                parcel = claim(way, timezone.now())
            if parcel is None:
                break
            count += 1
            if parcel.lead.state == State.TRIAL:
                continue
            fault = None
            try:
                carry(parcel)
            except outgoing.CannotSend as failed:
                fault = failed
            with in_congress(congress):
                settle(parcel, timezone.now(), fault)
    return count


# -- By hand -----------------------------------------------------------------------------------


@transaction.atomic
def retry(pks: list[int], *, by: Membership) -> int:
    """Send failed ones anew, with new tries; gives how many."""
    access.require_keeper(by)
    rows = access.deliveries_visible_to(by).filter(
        pk__in=pks, state=State.FAILED, carried_by=None, purpose=Delivery.Purpose.NOTICE
    )
    found = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not found:
        raise NotAllowed("所选的记录里没有发送失败、可以重发的消息")
    now = timezone.now()
    Delivery.objects.filter(Q(pk__in=found) | Q(carried_by__in=found)).update(
        state=State.WAITING, due_at=now, tries=1, note="已要求重新发送"
    )
    audit.record(by, "notices.retry", note=f"{len(found)}条")
    return len(found)


@transaction.atomic
def drop(pks: list[int], *, by: Membership) -> int:
    """Stop those that wait or failed; gives how many."""
    access.require_keeper(by)
    rows = access.deliveries_visible_to(by).filter(
        pk__in=pks, state__in=[State.FAILED, State.WAITING], carried_by=None
    )
    found = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not found:
        raise NotAllowed("所选的记录里没有待发送或发送失败的消息")
    _drop(found, f"由{by.name}停止发送")
    audit.record(by, "notices.drop", note=f"{len(found)}条")
    return len(found)
