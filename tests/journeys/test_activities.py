"""An activity from the plan to the fact: the clerk at the desk, the deputy with a phone."""

import datetime as dt

import pytest
from django.utils import timezone

from activities import actions
from activities.models import Activity, ActivityKind
from congress.models import Role
from congress.tenancy import in_congress
from deputies.models import Mandate
from tests import cast
from tests.activities import stage

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def district(binhai):
    """Forty-eight deputies in two delegations; the first is 代表甲."""
    with in_congress(binhai):
        actions.ship_kinds()
        stage.deputies(48, logins=False)
    return binhai


def local(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def the_activity(congress) -> Activity:
    with in_congress(congress):
        return Activity.objects.select_related("kind", "organiser").latest("pk")


def begin(congress, minutes_ago: int, over: bool = False) -> None:
    """Time goes on: the activity began so long ago."""
    with in_congress(congress):
        row = Activity.objects.latest("pk")
        now = timezone.now()
        ends = now - dt.timedelta(minutes=1) if over else now + dt.timedelta(hours=2)
        values = {"starts_at": now - dt.timedelta(minutes=minutes_ago), "ends_at": ends}
        row.sessions.update(**values)
        Activity.objects.filter(pk=row.pk).update(sign_up_closes_at=None, **values)


def test_from_the_plan_to_the_fact(district, at, shot, accessible):
    clerk = at(cast.member(district, Role.DEPUTY_AFFAIRS), DESK)
    clerk.goto("/admin/activities/activity/")
    shot(clerk, "list-empty-1366")
    accessible(clerk)
    clerk.click("text=新建活动 >> nth=0")
    clerk.fill("#id_title", "视察老旧小区加装电梯工作")
    clerk.select_option("#id_kind", label="视察")
    clerk.fill("#id_starts_at", local(stage.soon(7)))
    clerk.fill("#id_ends_at", local(stage.soon(6)))
    clerk.click("text=保存草稿")
    assert "结束时间要晚于开始时间" in clerk.inner_text(".error-summary")
    shot(clerk, "plan-error-1366")
    accessible(clerk)
    clerk.fill("#id_ends_at", local(stage.soon(7, 3)))
    clerk.fill("#id_place", "东湖街道湖滨社区党群服务中心")
    clerk.fill("#id_description", "上午9:00集合，先看三个小区，再开座谈会。\n请带代表证。")
    clerk.fill("#id_contact", "代工委，025-10000000")
    shot(clerk, "plan-filled-1366")
    clerk.click("text=保存草稿")
    shot(clerk, "picker-1366")
    accessible(clerk)
    clerk.click("label:has-text('第1代表团')")
    clerk.fill("#names", "代表第47\n王不在")
    clerk.click("button:has-text('查看名单')")
    assert "共 25 人" in clerk.inner_text("main")
    assert "王不在" in clerk.inner_text(".note-warn")
    shot(clerk, "picked-1366")
    accessible(clerk)
    clerk.click("button:has-text('邀请勾选的代表')")
    shot(clerk, "guests-1366")
    accessible(clerk)
    clerk.click("text=概况")
    clerk.click("a.step-button:has-text('发布')")
    shot(clerk, "publish-1366")
    clerk.click("button:has-text('发布')")
    shot(clerk, "about-1366")
    accessible(clerk)

    phone = at(cast.member(district, Role.DEPUTY), PHONE)
    phone.goto("/me/activities/")
    shot(phone, "mine-390")
    accessible(phone)
    phone.click("text=视察老旧小区加装电梯工作")
    shot(phone, "activity-390")
    accessible(phone)
    assert phone.evaluate(OVERFLOW) <= 0
    phone.click("text=我能参加")
    shot(phone, "signed-up-390")
    phone.click("text=撤回确认")
    phone.click("text=我能参加")
    assert "您已确认参加" in phone.inner_text("main")

    begin(district, 5)
    clerk.click("text=签到 >> nth=0")
    shot(clerk, "checkin-1366")
    accessible(clerk)
    clerk.click("text=签到码 >> nth=0")
    clerk.click("button:has-text('开放签到')")
    shot(clerk, "code-1366")
    accessible(clerk)
    digits = clerk.inner_text(".venue-digits").replace(" ", "")

    phone.reload()
    phone.click("text=签到 >> nth=0")
    phone.fill("#id_code", "000000" if digits != "000000" else "000001")
    phone.click("button:has-text('签到')")
    assert "签到码不对" in phone.inner_text(".error-summary")
    shot(phone, "check-in-error-390")
    accessible(phone)
    phone.fill("#id_code", digits)
    phone.click("button:has-text('签到')")
    assert "签到成功" in phone.inner_text("main")
    shot(phone, "checked-in-390")

    clerk.click(".breadcrumb >> text=签到")
    clerk.check("label:has-text('只看未登记')")
    clerk.click("text=筛选")
    shot(clerk, "desk-1366")
    accessible(clerk)
    clerk.check(".desk-line:has-text('区启明') input[value=late]")
    clerk.click("button:has-text('其余都记为出席')")
    assert "出席 23 人，迟到 1 人" in clerk.inner_text("main").replace(
        "迟到 1 人，出席 23 人", "出席 23 人，迟到 1 人"
    )

    begin(district, 120, over=True)
    clerk.click("text=概况")
    shot(clerk, "to-close-1366")
    clerk.click("a.step-button:has-text('办结')")
    clerk.fill("#id_result", "看了三个小区，提出加快资金拨付等四条意见。")
    shot(clerk, "close-1366")
    clerk.click("button:has-text('办结')")
    assert "已记入 25 条履职记录" in clerk.inner_text("main")
    shot(clerk, "closed-1366")
    accessible(clerk)

    phone.goto("/me/activities/")
    phone.click("text=视察老旧小区加装电梯工作")
    assert "参加视察 1 次，出席" in phone.inner_text("main")
    shot(phone, "fact-390")
    accessible(phone)


def test_a_sitting_of_half_days_at_a_desk_on_a_phone(district, at, shot, accessible):
    member = cast.member(district, Role.DEPUTY_AFFAIRS)
    with in_congress(district):
        seats = Mandate.objects.all()
        activity = actions.plan(
            by=member,
            title="滨海区第十九届人民代表大会第五次会议",
            kind=ActivityKind.objects.get(code="sitting"),
            starts_at=stage.soon(-1),
            ends_at=stage.soon(1, 8),
            place="区会议中心",
            organiser=member.unit,
            is_public=True,
        )
        actions.invite(
            activity,
            by=member,
            deputy_ids=seats.values_list("deputy", flat=True),
            source="all",
            source_name="全体区县人大代表",
            level="county",
        )
        actions.publish(activity, by=member)
        leave = actions.ask_leave(
            activity,
            by=cast.member(district, Role.DEPUTY),
            reason="住院治疗，下午请假",
            session=activity.sessions.last(),
        )
        first = activity.sessions.first()
    clerk = at(member, PHONE)
    clerk.goto(f"/admin/activities/{activity.pk}/check-in/")
    shot(clerk, "sessions-390")
    accessible(clerk)
    clerk.goto(f"/admin/activities/{activity.pk}/check-in/{first.pk}/")
    shot(clerk, "desk-390")
    accessible(clerk)
    assert clerk.evaluate(OVERFLOW) <= 0
    clerk.goto(f"/admin/activities/{activity.pk}/check-in/{first.pk}/names/")
    clerk.fill("#id_names", "1、单林芳\n2、区启明\n3、不认识")
    clerk.click("button:has-text('读取名单')")
    assert "找到 2 人" in clerk.inner_text("main")
    shot(clerk, "names-390")
    accessible(clerk)
    clerk.click("button:has-text('登记这 2 人')")
    assert "出席 2 人" in clerk.inner_text("main")
    desk = at(member, DESK)
    desk.goto(f"/admin/activities/{activity.pk}/leave/")
    shot(desk, "leave-1366")
    accessible(desk)
    desk.click("button:has-text('准假') >> nth=0")
    assert "已准假" in desk.inner_text("main")
    desk.goto("/admin/activities/activity/")
    shot(desk, "list-1366")
    desk.goto(f"/admin/activities/{activity.pk}/outcome/")
    shot(desk, "outcome-1366")
    accessible(desk)
    desk.goto(f"/admin/activities/{activity.pk}/sheet/")
    shot(desk, "sheet")
    desk.goto("/admin/activities/activitykind/")
    shot(desk, "kinds-1366")
    phone = at(cast.member(district, Role.DEPUTY), PHONE)
    phone.goto(f"/me/activities/{activity.pk}/")
    shot(phone, "sitting-390")
    accessible(phone)
    phone.goto(f"/me/activities/{activity.pk}/leave/")
    phone.click("button:has-text('提交请假')")
    shot(phone, "leave-error-390")
    accessible(phone)
    public = at(None, PHONE, district)
    public.goto("/activities/")
    shot(public, "public-390")
    accessible(public)
    public.click("text=滨海区第十九届")
    shot(public, "public-activity-390")
    accessible(public)
    assert leave.reason not in public.inner_text("main")
