"""Messages outside and time limits: a channel on trial, the outbox, a call, the ladder, the
working of a day; the member's own choice on the phone."""

import datetime as dt

import pytest
from django.utils import timezone

from congress.models import Role, Unit
from congress.tenancy import in_congress
from deadlines import actions as deadlines
from deadlines.models import Deadline
from deadlines.rules import Limit
from deadlines.rules import Unit as In
from deputies.models import Deputy
from notices import actions
from notices.models import Delivery, Notice
from tests import cast
from tests.notices.stage import BODY

from .conftest import DESK, PHONE

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def year(binhai):
    """A deputy with a phone and unread messages; time limits of a unit and of the deputy."""
    with in_congress(binhai):
        staff = cast.member(binhai, Role.DEPUTY_AFFAIRS)
        deputy, clerk = cast.member(binhai, Role.DEPUTY), cast.member(binhai, Role.HANDLING_UNIT)
        Deputy.objects.create(
            name=deputy.name, name_key="daibiaojia", phone="13812345678", membership=deputy
        )
        cast.add_member(binhai, Role.HANDLING_UNIT, "刘联络", "liaison")
        cast.add_member(binhai, Role.HANDLING_UNIT, "魏局长", "head")
        unit, today = Unit.objects.get(short_name="住建局"), timezone.localdate()
        for n, days in enumerate((-6, 2, 40)):
            deadlines.set_deadline(
                f"t.{n}", unit, by=staff, units=[unit], what=f"办理{12 + n}号建议（主办）",
                limit=Limit(In.FIXED, on=today + dt.timedelta(days=days), law="代表法第五十一条"),
                start_on=today - dt.timedelta(days=50), link="/desk/tasks/1/",
            )  # fmt: skip
        deadlines.set_deadline(
            "t.me", unit, by=staff, members=[deputy], what="核对履职记录", link="/me/performance/",
            limit=Limit(In.WORKING_DAYS, 15, law="履职积分办法第九条"), start_on=today,
        )  # fmt: skip
        actions.send("suggestions/assigned", to=[deputy, clerk], link="/me/suggestions/")
        actions.send("activities/cancelled", to=[deputy], link="/me/activities/")
        Notice.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    return binhai


def shots(page, shot, accessible, size, name: str) -> None:
    shot(page, f"messages-{name}-{size['width']}")
    accessible(page)


@SIZES
def test_staff_set_up_sms_on_trial_see_what_would_go_out_and_call(year, at, shot, accessible, size):
    page = at(cast.member(year, Role.DEPUTY_AFFAIRS), size)
    page.goto("/admin/notices/channels/")
    shots(page, shot, accessible, size, "channels")
    page.click("#content >> text=短信")
    page.fill("input[name=url]", "http://10.0.0.8/send")
    page.check("input[name=mode][value=trial]")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".error-summary")
    shots(page, shot, accessible, size, "channel-error")
    page.fill("input[name=url]", "https://sms.example.com/v1/send")
    page.fill("textarea[name=headers]", "Authorization: Bearer {{secret}}")
    page.fill("textarea[name=body]", BODY)
    page.fill("input[name=secret]", "geheim")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=设置已保存")
    shots(page, shot, accessible, size, "channel")
    with in_congress(year):
        actions.route(timezone.now())
        Delivery.objects.update(
            state="trial", shown_to="138****5678", sent_at=timezone.now(), tries=1
        )
        Delivery.objects.filter(to__role=Role.HANDLING_UNIT).update(state="dropped", shown_to="")
        failed = Delivery.objects.filter(notice__template="activities/cancelled")
        failed.update(state="failed", note="服务器答复 503", tries=6)
    page.goto("/admin/notices/outbox/")
    shots(page, shot, accessible, size, "outbox")
    page.click(".state-tabs >> text=发送失败")
    page.click("text=勾选本页")
    shots(page, shot, accessible, size, "outbox-failed")
    page.click("button:has-text('所选重新发送')")
    page.wait_for_selector("text=已重新发送 1 条")
    page.goto("/admin/notices/outbox/")
    page.click("#content table a >> nth=0")
    shots(page, shot, accessible, size, "delivery")
    page.goto("/admin/notices/calls/")
    page.wait_for_selector("text=138****5678")
    shots(page, shot, accessible, size, "calls")
    page.click("#content table a:has-text('代表甲')")
    shots(page, shot, accessible, size, "call")
    page.click("text=查看号码")
    page.fill("#content [name=reason]", "电话通知活动取消")
    page.click("#content button:has-text('查看')")
    page.wait_for_selector("text=13812345678")
    shots(page, shot, accessible, size, "call-phone")
    page.click("text=记录通话结果")
    page.click("label:has-text('已告知本人')")
    page.click("button:has-text('记录通话')")
    page.wait_for_selector("text=已记录：代表甲，已告知本人")
    shots(page, shot, accessible, size, "calls-done")


@SIZES
def test_staff_plan_the_ladder_and_see_how_a_day_was_counted(year, at, shot, accessible, size):
    page = at(cast.member(year, Role.DEPUTY_AFFAIRS), size)
    page.goto("/admin/deadlines/plan/")
    page.fill("input[name=before]", "30、10、x")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".error-summary")
    shots(page, shot, accessible, size, "plan-error")
    page.fill("input[name=before]", "30、10、5、1")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=提醒规则已保存")
    shots(page, shot, accessible, size, "plan")
    page.goto("/admin/deadlines/posts/")
    page.click("#content table a:has-text('住建局')")
    page.click("fieldset:has-text('刘联络') >> label:has-text('联络员')")
    page.click("fieldset:has-text('魏局长') >> label:has-text('主要负责人')")
    shots(page, shot, accessible, size, "unit-posts")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=2 人有变动")
    shots(page, shot, accessible, size, "posts")
    page.goto("/admin/deadlines/")
    shots(page, shot, accessible, size, "deadlines")
    page.click("#content table a >> nth=0")
    page.wait_for_selector("text=逐级提醒")
    shots(page, shot, accessible, size, "deadline")
    page.goto("/admin/deadlines/?light=green&q=住建")
    page.wait_for_selector("text=共 1 项")


@SIZES
def test_a_member_chooses_how_to_hear_and_sees_the_working(year, at, shot, accessible, size):
    page = at(cast.member(year, Role.DEPUTY), size)
    page.goto("/me/notices/")
    shots(page, shot, accessible, size, "inbox")
    page.click("text=消息接收方式")
    page.check("input[name=wants_mail]")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".error-summary")
    shots(page, shot, accessible, size, "ways-error")
    page.fill("input[name=mail]", "jia@example.cn")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=接收方式已保存")
    shots(page, shot, accessible, size, "ways")
    with in_congress(year):
        mine = Deadline.objects.get(kind="t.me")
    page.goto(f"/me/deadlines/{mine.pk}/")
    page.wait_for_selector("text=怎样推算的")
    shots(page, shot, accessible, size, "my-deadline")


@SIZES
def test_a_unit_says_who_its_liaison_is(year, at, shot, accessible, size):
    page = at(cast.member(year, Role.HANDLING_UNIT), size)
    page.goto("/desk/posts/")
    page.click("fieldset:has-text('刘联络') >> label:has-text('联络员')")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=1 人有变动")
    shots(page, shot, accessible, size, "desk-posts")
    with in_congress(year):
        row = Deadline.objects.get(kind="t.0")
    page.goto(f"/desk/deadlines/{row.pk}/")
    shots(page, shot, accessible, size, "desk-deadline")
