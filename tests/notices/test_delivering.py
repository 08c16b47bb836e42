"""From a message to a mail or SMS: when, once, with nothing that should not leave."""

import datetime as dt

import pytest
from django.utils import timezone

from congress.flow import NotAllowed
from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from notices import actions, outgoing, tasks
from notices.actions import delivering
from notices.models import Channel, Delivery, Notice, Preference, Way
from tests import cast

from .servers import mail_server, sms_gateway
from .stage import mail_on, moment, sms_on, with_mail, with_phone

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])
State = Delivery.State


@pytest.fixture(autouse=True)
def _inside(settings):
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1"]


@pytest.fixture
def gateway():
    with sms_gateway() as found:
        yield found


@pytest.fixture
def box():
    with mail_server() as found:
        yield found


@pytest.fixture
def clock(monkeypatch):
    """The house's clock, set by the test; Friday noon at first."""

    class Clock:
        now = moment("2026-03-06T12:00")

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


def told(member, template="activities/cancelled", **more) -> None:
    with in_congress(member.congress):
        actions.send(template, to=[member], link="/me/a/", **more)


def rows(congress) -> list[Delivery]:
    with in_congress(congress):
        return list(Delivery.objects.order_by("pk"))


def test_a_message_goes_out_by_sms_with_a_link_and_without_its_content(binhai, gateway, clock):
    sms_on(binhai, gateway.url, headers="Authorization: Bearer {{secret}}")
    deputy = with_phone(binhai)
    told(deputy, "suggestions/assigned")
    assert tasks.start_sweep(tasks.deliver) == 1
    (headers, body) = gateway.got[0]
    assert body["to"] == "13812345678" and body["auth"] == "geheim"
    assert headers["Authorization"] == "Bearer geheim"
    with in_congress(binhai):
        notice = Notice.objects.get()
    assert body["text"] == (
        "【滨海区人大】您有一条代表建议办理方面的新消息 "
        f"http://binhai.localhost/me/notices/{notice.pk}/"
    )
    assert notice.title not in body["text"]
    row = rows(binhai)[0]
    assert (row.state, row.shown_to, row.tries) == (State.SENT, "138****5678", 1)
    assert row.public_id.hex == body["key"]
    assert tasks.start_sweep(tasks.deliver) == 0


def test_a_message_goes_out_by_mail_to_a_confirmed_address(binhai, box, clock):
    mail_on(binhai, box)
    deputy = with_mail(cast.member(binhai, Role.DEPUTY))
    told(deputy)
    actions.deliver(binhai)
    to, mail = box.got[0]
    assert (
        to == "jia@example.cn" and mail["Subject"] == "【滨海区人大】您有一条活动安排方面的新消息"
    )
    assert str(rows(binhai)[0].public_id) in mail["Message-ID"]
    with in_congress(binhai):
        notice = Notice.objects.get()
    assert f"/me/notices/{notice.pk}/" in box.text and notice.title not in box.text
    assert rows(binhai)[0].shown_to == "j***@example.cn"


def test_an_unconfirmed_address_and_an_unwilling_member_get_nothing(binhai, box, gateway, clock):
    mail_on(binhai, box)
    sms_on(binhai, gateway.url)
    deputy = with_phone(binhai)
    with in_congress(binhai):
        Preference.objects.create(member=deputy, mail="jia@example.cn", wants_sms=False)
    told(deputy)
    actions.deliver(binhai)
    assert (box.got, gateway.got, rows(binhai)) == ([], [], [])


def test_who_has_no_phone_is_written_down(binhai, gateway, clock):
    sms_on(binhai, gateway.url)
    told(cast.member(binhai, Role.DEPUTY))
    actions.deliver(binhai)
    assert [(r.state, r.note) for r in rows(binhai)] == [(State.DROPPED, "没有登记手机号")]


def test_night_and_rest_days_are_waited_over_but_not_by_urgent_ones(binhai, gateway, clock):
    sms_on(binhai, gateway.url)
    deputy = with_phone(binhai)
    clock.now = moment("2026-03-06T22:00")
    told(deputy)
    told(deputy, "activities/changed", urgent=True)
    actions.deliver(binhai)
    assert len(gateway.got) == 1
    clock.now = moment("2026-03-07T12:00")  # Saturday
    actions.deliver(binhai)
    assert len(gateway.got) == 1
    clock.now = moment("2026-03-09T08:00")
    actions.deliver(binhai)
    assert len(gateway.got) == 2 and len(set(gateway.keys)) == 2


def test_what_waited_over_an_outage_is_one_message(binhai, gateway, clock):
    sms_on(binhai, gateway.url)
    deputy = with_phone(binhai)
    for _ in range(3):
        told(deputy)
    actions.deliver(binhai)
    assert len(gateway.got) == 1 and "您有 3 条新消息" in gateway.got[0][1]["text"]
    assert "/me/notices/" in gateway.got[0][1]["text"]
    found = rows(binhai)
    assert {r.state for r in found} == {State.SENT}
    assert [r.carried_by_id for r in found] == [None, found[0].pk, found[0].pk]


def test_a_digest_is_one_message_a_day(binhai, gateway, clock):
    sms_on(binhai, gateway.url, rhythm=Channel.Rhythm.DAILY, daily_at=dt.time(9))
    deputy = with_phone(binhai)
    for _ in range(2):
        told(deputy)
    actions.deliver(binhai)
    assert gateway.got == []
    clock.now = moment("2026-03-09T09:00")
    actions.deliver(binhai)
    assert len(gateway.got) == 1 and "您有 2 条新消息" in gateway.got[0][1]["text"]


def test_the_quota_of_a_day_holds_and_the_rest_goes_the_next_day(binhai, gateway, clock):
    sms_on(binhai, gateway.url, per_day=2)
    first = with_phone(binhai)
    with in_congress(binhai):
        others = [cast.add_member(binhai, Role.DEPUTY, f"代{n}", f"d{n}") for n in range(2)]
        for n, member in enumerate(others):
            Preference.objects.create(member=member, phone=f"1390000000{n}")
    for member in [first, *others]:
        told(member)
    actions.deliver(binhai)
    assert len(gateway.got) == 2
    late = rows(binhai)[2]
    assert late.note == "当日发送已到上限，顺延"
    assert timezone.localtime(late.due_at) == timezone.localtime(moment("2026-03-09T08:00"))
    clock.now = moment("2026-03-09T08:00")
    actions.deliver(binhai)
    assert len(set(gateway.phones)) == 3


def test_what_was_read_meanwhile_is_not_sent(binhai, gateway, clock):
    sms_on(binhai, gateway.url)
    deputy = with_phone(binhai)
    clock.now = moment("2026-03-06T22:00")
    told(deputy)
    actions.deliver(binhai)
    with in_congress(binhai):
        actions.mark_read(deputy)
    clock.now = moment("2026-03-09T08:00")
    actions.deliver(binhai)
    assert gateway.got == [] and rows(binhai)[0].note == "已在平台阅读"


def test_failures_are_tried_again_later_with_the_same_key_and_then_end(binhai, gateway, clock):
    sms_on(binhai, gateway.url)
    told(with_phone(binhai), urgent=True)
    gateway.answers = [(503, "busy")] * 6
    for n in range(1, 7):
        actions.deliver(binhai)
        assert len(gateway.got) == n
        actions.deliver(binhai)  # not before its time
        assert len(gateway.got) == n
        clock.now = rows(binhai)[0].due_at
    assert len(set(gateway.keys)) == 1
    row = rows(binhai)[0]
    assert (row.state, row.note) == (State.FAILED, "服务器答复 503")
    with in_congress(binhai):
        staff = cast.member(binhai, Role.DEPUTY_AFFAIRS)
        assert actions.retry([row.pk], by=staff) == 1
        with pytest.raises(NotAllowed, match="没有发送失败"):
            actions.retry([row.pk], by=staff)
    actions.deliver(binhai)
    assert rows(binhai)[0].state == State.SENT


def test_a_gateway_that_says_no_is_not_asked_again(binhai, gateway, clock):
    sms_on(binhai, gateway.url, accepted='"code":"OK"')
    told(with_phone(binhai))
    gateway.answers = [(200, '{"code":"QUOTA"}')]
    actions.deliver(binhai)
    row = rows(binhai)[0]
    assert row.state == State.FAILED and "QUOTA" in row.note


def test_on_trial_everything_is_written_down_and_nothing_sent(binhai, gateway, clock):
    sms_on(binhai, gateway.url, mode=Channel.Mode.TRIAL)
    told(with_phone(binhai))
    actions.deliver(binhai)
    row = rows(binhai)[0]
    assert gateway.got == [] and row.state == State.TRIAL
    assert row.text.startswith("您有一条活动安排") and row.shown_to == "138****5678"


def test_a_sender_that_died_is_found_and_its_message_sent_under_the_same_key(
    binhai, gateway, clock
):
    sms_on(binhai, gateway.url)
    told(with_phone(binhai))
    with in_congress(binhai):
        delivering.route(clock.now)
        dead = delivering.claim(Way.SMS, clock.now)
    assert dead is not None
    actions.deliver(binhai)
    assert gateway.got == []  # it may still be at work
    clock.now += dt.timedelta(minutes=6)
    actions.deliver(binhai)
    row = rows(binhai)[0]
    assert gateway.keys == [dead.lead.public_id.hex]
    assert (row.state, row.tries) == (State.SENT, 2)
    with in_congress(binhai):  # the one thought dead wakes up: its word no longer counts
        assert not delivering.settle(dead, clock.now, outgoing.CannotSend("late"))
    assert rows(binhai)[0].state == State.SENT


def test_trap_52_who_left_office_is_not_written_to(binhai, gateway, clock):
    sms_on(binhai, gateway.url)
    deputy = with_phone(binhai)
    clock.now = moment("2026-03-06T22:00")
    told(deputy)
    actions.deliver(binhai)
    with in_congress(binhai):
        type(deputy).objects.filter(pk=deputy.pk).update(valid_to=dt.date(2026, 3, 7))
    clock.now = moment("2026-03-09T08:00")
    actions.deliver(binhai)
    assert gateway.got == [] and rows(binhai)[0].note == "收件人已离任或停用"


def test_the_neighbours_messages_and_channels_stay_apart(binhai, shanyang, gateway, clock):
    sms_on(binhai, gateway.url)
    told(with_phone(shanyang, "13900000000"))
    assert tasks.start_sweep(tasks.deliver) == 1
    assert gateway.got == [] and rows(binhai) == [] and rows(shanyang) == []


def test_a_channel_inside_our_network_is_refused(binhai, settings):
    settings.OUTGOING_PRIVATE_HOSTS = []
    for url in ("https://10.0.0.1/x", "http://sms.example.com/"):
        with pytest.raises(NotAllowed):
            sms_on(binhai, url)


def test_another_server_is_never_handed_the_secret_of_the_first(binhai, gateway):
    sms_on(binhai, gateway.url)
    with in_congress(binhai):
        staff = cast.member(binhai, Role.SYSTEM_ADMIN)
        with pytest.raises(NotAllowed, match="重新填写"):
            actions.save_channel(Way.SMS, by=staff, url="https://elsewhere.example.com/")
        actions.save_channel(Way.SMS, by=staff, per_day=9)  # the same server keeps it
        assert Channel.objects.get().secret == "geheim"
        entry = LogEntry.objects.filter(step="notices.save_channel").order_by("-number").first()
        assert entry.after == {"每日上限": "9"}
        logged = LogEntry.objects.filter(step="notices.save_channel").order_by("number").first()
        assert "geheim" not in str(logged.after)
        with pytest.raises(NotAllowed):
            actions.save_channel(Way.SMS, by=cast.member(binhai, Role.CHAIR), per_day=1)


def test_a_test_goes_out_though_the_channel_is_off(binhai, gateway, clock):
    sms_on(binhai, gateway.url, mode=Channel.Mode.OFF)
    clock.now = moment("2026-03-07T23:00")
    with in_congress(binhai):
        actions.test_channel(
            Way.SMS, by=cast.member(binhai, Role.SYSTEM_ADMIN), address="13700000000"
        )
    actions.deliver(binhai)
    assert gateway.phones == ["13700000000"] and rows(binhai)[0].state == State.SENT


def test_a_mail_address_is_confirmed_by_its_own_person(binhai, box, clock):
    mail_on(binhai, box)
    deputy, other = cast.member(binhai, Role.DEPUTY), cast.member(binhai, Role.CHAIR)
    with in_congress(binhai):
        actions.choose_ways(by=deputy, wants_sms=True, wants_mail=True, mail="jia@example.cn")
        sent = actions.verify_mail(by=deputy)
    actions.deliver(binhai)
    token = sent.link.partition("?t=")[2]
    assert token in box.text
    with in_congress(binhai):
        with pytest.raises(NotAllowed, match="失效"):
            actions.confirm_mail(token, by=other)
        actions.choose_ways(by=deputy, wants_sms=True, wants_mail=True, mail="yi@example.cn")
        with pytest.raises(NotAllowed, match="失效"):
            actions.confirm_mail(token, by=deputy)  # of an earlier address
        actions.choose_ways(by=deputy, wants_sms=True, wants_mail=True, mail="jia@example.cn")
        actions.confirm_mail(token, by=deputy)
        assert Preference.objects.get().mail_verified_at is not None
        with pytest.raises(NotAllowed, match="已经验证"):
            actions.verify_mail(by=deputy)
    told(deputy)
    actions.deliver(binhai)
    assert len(box.got) == 2


def test_the_confirming_mail_is_sent_a_few_times_a_day(binhai, box, clock):
    mail_on(binhai, box)
    deputy = cast.member(binhai, Role.DEPUTY)
    with in_congress(binhai):
        actions.choose_ways(by=deputy, wants_sms=True, wants_mail=True, mail="jia@example.cn")
        for _ in range(5):
            actions.verify_mail(by=deputy)
        with pytest.raises(NotAllowed, match="明天再试"):
            actions.verify_mail(by=deputy)


def test_routing_takes_the_same_queries_for_many(
    binhai, gateway, clock, django_assert_max_num_queries
):
    sms_on(binhai, gateway.url)
    with in_congress(binhai):
        people = [cast.add_member(binhai, Role.DEPUTY, f"代{n}", f"d{n}") for n in range(30)]
        for n, member in enumerate(people):
            Preference.objects.create(member=member, phone=f"139000000{n:02}")
        actions.send("activities/cancelled", to=people)
        with django_assert_max_num_queries(12):
            delivering.route(clock.now)
        assert Delivery.objects.count() == 30
