"""Channels, outbox and call list at the staff's desk; a member's own choice."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from deputies.models import Deputy
from notices import actions, queries
from notices.models import Call, Channel, Delivery, Notice, Preference, Way
from tests import cast

from .stage import BODY, moment

pytestmark = pytest.mark.django_db
SMS = {
    "mode": "on", "url": "https://sms.example.com/send", "method": "POST", "body_kind": "json",
    "headers": "", "body": BODY, "accepted": "", "secret": "geheim", "opens": "08:00",
    "closes": "20:00", "rhythm": "each", "daily_at": "09:00", "per_day": "500", "timeout": "10",
}  # fmt: skip


@pytest.fixture
def staff(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = moment("2026-03-10T10:00")

    monkeypatch.setattr(timezone, "now", lambda: Clock.now)
    return Clock


def at(congress, member, text: str, **more) -> Notice:
    """A message sent at a moment."""
    with in_congress(congress):
        actions.send("activities/cancelled", to=[member], link="/me/", **more)
        row = Notice.objects.latest("pk")
        Notice.objects.filter(pk=row.pk).update(created_at=moment(text))
        return row


# -- Channels ---------------------------------------------------------------------------------


def test_a_channel_is_set_up_and_its_secret_never_shown(binhai, staff):
    assert "停用" in staff.get("/admin/notices/channels/").content.decode()
    answer = staff.post("/admin/notices/channels/sms/", SMS)
    assert answer.status_code == 302
    page = staff.get("/admin/notices/channels/sms/").content.decode()
    assert "geheim" not in page and "已保存，不再显示" in page and "发送测试消息" in page
    staff.post("/admin/notices/channels/sms/", {**SMS, "secret": "", "per_day": "9"})
    with in_congress(binhai):
        row = Channel.objects.get()
    assert (row.secret, row.per_day, row.mode) == ("geheim", 9, "on")
    assert "启用" in staff.get("/admin/notices/channels/").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "https://10.0.0.8/x"}, "内网地址"),
        ({"url": "http://sms.example.com/"}, "https"),
        ({"headers": "Host: x"}, "由系统填写"),
        ({"body": "{{name}}"}, "不认识占位符"),
        ({"opens": "20:00", "closes": "08:00"}, "应当晚于"),
        ({"timeout": "99"}, "1 至 30"),
        ({"url": ""}, "启用前请先填写"),
        ({"per_day": "-1"}, "大于或等于"),
    ],
)
def test_a_wrong_setting_is_refused_in_words(binhai, staff, change, said):
    answer = staff.post("/admin/notices/channels/sms/", {**SMS, **change})
    assert answer.status_code == 422 and said in answer.content.decode()
    with in_congress(binhai):
        assert not Channel.objects.filter(mode="on").exists()


def test_a_test_message_is_written_down_and_its_row_shown(binhai, staff):
    staff.post("/admin/notices/channels/sms/", {**SMS, "mode": "off"})
    bad = staff.post("/admin/notices/channels/sms/", {"test": "1", "test-address": "12"})
    assert bad.status_code == 422 and "11 位手机号" in bad.content.decode()
    good = {"test": "1", "test-address": "+86 138-1234-5678"}
    answer = staff.post("/admin/notices/channels/sms/", good, follow=True)
    assert "测试" in answer.content.decode() and "待发送" in answer.content.decode()
    with in_congress(binhai):
        assert Delivery.objects.get().address == "13812345678"


@pytest.mark.parametrize("name", ["channels", "channels/sms", "channels/mail", "outbox", "calls"])
def test_others_do_not_get_in(binhai, client_of, stranger_at, name):
    for role in (Role.CHAIR, Role.STREET, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN, Role.DEPUTY):
        assert (
            client_of(cast.member(binhai, role)).get(f"/admin/notices/{name}/").status_code == 403
        )
    assert stranger_at(binhai).get(f"/admin/notices/{name}/").status_code == 302
    system = client_of(cast.member(binhai, Role.SYSTEM_ADMIN))
    expected = 403 if name == "calls" else 200
    assert system.get(f"/admin/notices/{name}/").status_code == expected


# -- Outbox -----------------------------------------------------------------------------------


def sent(congress, n: int = 1, state: str = "sent") -> list[Delivery]:
    with in_congress(congress):
        deputy = cast.member(congress, Role.DEPUTY)
        made = []
        for _ in range(n):
            actions.send("activities/cancelled", to=[deputy])
            made.append(
                Delivery.objects.create(
                    notice=Notice.objects.latest("pk"), to=deputy, way=Way.SMS, state=state,
                    text="您有一条新消息", shown_to="138****5678", due_at=timezone.now(), tries=6,
                )
            )  # fmt: skip
        return made


def test_the_outbox_lists_filters_and_exports(binhai, staff):
    sent(binhai, 2)
    sent(binhai, 1, "failed")
    page = staff.get("/admin/notices/outbox/").content.decode()
    assert "共 3 条" in page and "138****5678" in page
    assert "共 1 条" in staff.get("/admin/notices/outbox/?state__exact=failed").content.decode()
    assert "没有符合条件" in staff.get("/admin/notices/outbox/?q=无此人").content.decode()
    assert "没有符合条件" in staff.get("/admin/notices/outbox/?way=mail").content.decode()
    assert staff.get("/admin/notices/outbox/?since=x&way=z&page=99").status_code == 200
    answer = staff.get("/admin/notices/outbox/?export=1")
    assert "spreadsheetml" in answer["Content-Type"]


def test_failed_ones_are_sent_anew_in_bulk(binhai, staff):
    rows = sent(binhai, 2, "failed")
    page = staff.get("/admin/notices/outbox/?state__exact=failed&ticked=1").content.decode()
    assert page.count("checked") >= 2
    answer = staff.post("/admin/notices/outbox/bulk/", {"pick": [r.pk for r in rows]}, follow=True)
    assert "已重新发送 2 条" in answer.content.decode()
    again = staff.post("/admin/notices/outbox/bulk/", {"pick": [rows[0].pk, "x"]})
    assert again.status_code == 409
    answer = staff.post("/admin/notices/outbox/bulk/", {"pick": rows[0].pk, "drop": 1}, follow=True)
    assert "已停止发送 1 条" in answer.content.decode()


def test_one_message_shows_its_way(binhai, staff, shanyang):
    row = sent(binhai)[0]
    assert "138****5678" in staff.get(f"/admin/notices/outbox/{row.pk}/").content.decode()
    other = sent(shanyang)[0]
    assert staff.get(f"/admin/notices/outbox/{other.pk}/").status_code == 404


def test_the_outbox_takes_the_same_queries_for_many(binhai, staff):
    sent(binhai, 1)
    few = queries_of(staff, "/admin/notices/outbox/")
    sent(binhai, 29)
    assert queries_of(staff, "/admin/notices/outbox/") == few


def queries_of(client, url: str) -> int:
    """How many queries a page takes, looked at once before."""
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


# -- The call list ----------------------------------------------------------------------------


def test_who_has_not_read_for_two_working_days_is_called(binhai, staff, clock):
    deputy = cast.member(binhai, Role.DEPUTY)
    with in_congress(binhai):
        Deputy.objects.create(name="代表甲", name_key="d", phone="13812345678", membership=deputy)
    at(binhai, deputy, "2026-03-09T09:00")  # Monday; it is Tuesday
    assert "没有需要电话通知的人" in staff.get("/admin/notices/calls/").content.decode()
    at(binhai, deputy, "2026-03-06T17:00")  # Friday
    page = staff.get("/admin/notices/calls/").content.decode()
    assert "代表甲" in page and "138****5678" in page and "13812345678" not in page


def test_the_number_is_shown_for_a_reason_that_is_logged(binhai, staff, clock):
    deputy = cast.member(binhai, Role.DEPUTY)
    with in_congress(binhai):
        Deputy.objects.create(name="代表甲", name_key="d", phone="13812345678", membership=deputy)
    at(binhai, deputy, "2026-03-05T09:00")
    address = f"/admin/notices/calls/{deputy.pk}/phone/"
    assert "13812345678" not in staff.get(address).content.decode()
    assert staff.post(address, {"reason": "x"}).status_code == 422
    answer = staff.post(address, {"reason": "电话通知会议取消"})
    assert "13812345678" in answer.content.decode() and "no-store" in answer["Cache-Control"]
    with in_congress(binhai):
        entry = LogEntry.objects.get(step="notices.reveal_phone")
        assert entry.note == "电话通知会议取消" and "13812345678" not in str(entry.after)


def test_who_was_told_leaves_the_list_until_there_is_more(binhai, staff, clock):
    deputy = cast.member(binhai, Role.DEPUTY)
    at(binhai, deputy, "2026-03-05T09:00")
    address = f"/admin/notices/calls/{deputy.pk}/"
    assert staff.post(address, {"result": "x"}).status_code == 422
    staff.post(address, {"result": "no_answer", "note": "关机"})
    page = staff.get("/admin/notices/calls/").content.decode()
    assert "无人接听" in page and f'name="pick" value="{deputy.pk}"' in page
    staff.post("/admin/notices/calls/", {"pick": [deputy.pk, "x"]})
    assert f'value="{deputy.pk}"' not in staff.get("/admin/notices/calls/").content.decode()
    assert staff.get(address).status_code == 404
    at(binhai, deputy, "2026-03-05T10:00")
    assert staff.get(address).status_code == 200
    with in_congress(binhai):
        assert [c.result for c in Call.objects.order_by("pk")] == ["no_answer", "told"]


def test_one_reader_of_a_unit_has_read_for_it(binhai, in_binhai, clock):
    one = cast.member(binhai, Role.HANDLING_UNIT)
    two = cast.add_member(binhai, Role.HANDLING_UNIT, "程二", "h2")
    actions.send("activities/cancelled", to=[one, two])
    Notice.objects.update(created_at=moment("2026-03-05T09:00"))
    assert queries.members_to_call().count() == 2
    actions.mark_read(one)
    assert queries.members_to_call().count() == 0


def test_the_committees_own_people_and_those_who_left_are_not_called(binhai, in_binhai, clock):
    gone = cast.add_member(binhai, Role.DEPUTY, "离任", "gone")
    type(gone).objects.filter(pk=gone.pk).update(valid_to=dt.date(2026, 3, 1))
    actions.send("activities/cancelled", to=[gone, cast.member(binhai, Role.CHAIR)])
    Notice.objects.update(created_at=moment("2026-03-02T09:00"))
    assert queries.members_to_call().count() == 0


def test_the_call_list_takes_the_same_queries_for_many(binhai, in_binhai, clock):
    counts = []
    for n in (1, 30):
        people = [cast.add_member(binhai, Role.DEPUTY, f"代{n}{i}", f"d{n}-{i}") for i in range(n)]
        actions.send("activities/cancelled", to=people)
        Notice.objects.update(created_at=moment("2026-03-05T09:00"))
        with CaptureQueriesContext(connection) as found:
            assert len(queries.call_lines(queries.members_to_call())) >= n
        counts.append(len(found))
    assert counts[0] == counts[1]


# -- A member's own choice --------------------------------------------------------------------


def test_a_member_chooses_ways_and_a_wrong_address_is_told(binhai, client_of):
    phone = client_of(cast.member(binhai, Role.DEPUTY))
    assert "短信" in phone.get("/me/notices/ways/").content.decode()
    bad = phone.post("/me/notices/ways/", {"wants_mail": "on", "mail": "x", "phone": "12"})
    assert bad.status_code == 422 and "11 位手机号" in bad.content.decode()
    bad = phone.post("/me/notices/ways/", {"wants_mail": "on"})
    assert "请填写邮箱" in bad.content.decode()
    good = {"wants_sms": "on", "wants_mail": "on", "mail": "jia@example.cn", "phone": "13812345678"}
    page = phone.post("/me/notices/ways/", good, follow=True).content.decode()
    assert "未验证" in page and "还没有启用邮件通道" in page
    with in_congress(binhai):
        row = Preference.objects.get()
        assert (row.mail, row.phone, row.mail_verified_at) == (
            "jia@example.cn", "13812345678", None,
        )  # fmt: skip
    refused = phone.post("/me/notices/mail/send/")
    assert refused.status_code == 409 and "还没有启用邮件通道" in refused.content.decode()


def test_the_registers_number_is_not_typed_over(binhai, client_of):
    deputy = cast.member(binhai, Role.DEPUTY)
    with in_congress(binhai):
        Deputy.objects.create(name="代表甲", name_key="d", phone="13812345678", membership=deputy)
    phone = client_of(deputy)
    page = phone.get("/me/notices/ways/").content.decode()
    assert "138****5678" in page and 'name="phone"' not in page
    phone.post("/me/notices/ways/", {"phone": "13900000000"})
    with in_congress(binhai):
        assert Preference.objects.get().phone == ""


def test_an_old_link_says_so(binhai, client_of):
    phone = client_of(cast.member(binhai, Role.DEPUTY))
    assert "链接已失效" in phone.get("/me/notices/mail/?t=abc").content.decode()
    assert phone.post("/me/notices/mail/", {"t": "abc"}).status_code == 409
