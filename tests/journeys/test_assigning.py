"""交办 from the staff's desk: a batch from its opening to its papers, a return, the rules."""

import datetime as dt

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Assignment, AssignmentBatch, Category, LikelyUnit
from tests import cast
from tests.suggestions import stage

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TITLES = (
    "关于加快老旧小区加装电梯的建议",
    "关于在湖滨社区增设公交站点的建议",
    "关于规范住宅小区物业收费的建议",
    "关于整治建国路占道停车的建议",
)


@pytest.fixture
def rows(binhai):
    """Four registered suggestions; 住建局 as a rule handles what concerns 物业管理."""
    with in_congress(binhai):
        stage.ready()
        unit = cast.member(binhai, Role.HANDLING_UNIT).unit
        LikelyUnit.objects.create(category=Category.objects.get(name="物业管理"), unit=unit)
        stage.unit("财政局")
        people = stage.people(5)
        before = stage.registered(binhai, people[4], title="关于湖滨社区增设公交站点的建议")
        with stage.on(stage.SITTING, 16):
            actions.assign(
                before, by=stage.clerk(binhai),
                plans=[actions.Plan(stage.unit("交通运输局")[0], "sole")],
            )  # fmt: skip
        return [
            stage.registered(binhai, p, title=t)
            for p, t in zip(people, TITLES, strict=False)
        ]  # fmt: skip


def test_a_batch_is_filled_divided_checked_and_handed_over(binhai, rows, at, shot, accessible):
    clerk = stage.clerk(binhai)
    desk = at(clerk, DESK)
    desk.goto("/admin/suggestions/batches/")
    shot(desk, "batches-empty-1366")
    accessible(desk)
    desk.click("text=建立批次 >> nth=0")
    desk.fill("#id_title", "区十九届人大五次会议代表建议交办会")
    desk.fill("#id_reply_due_on", (dt.date.today() + dt.timedelta(days=80)).isoformat())
    desk.fill("#id_document_number", "滨人代函〔2026〕3号")
    shot(desk, "batch-new-1366")
    accessible(desk)
    desk.click("button:has-text('建立')")
    shot(desk, "batch-pick-1366")
    accessible(desk)
    desk.click("button:has-text('全部放入')")
    shot(desk, "batch-1366")
    accessible(desk)
    assert "相似" in desk.inner_text("#content")
    desk.click(f"th a:has-text('{TITLES[0]}')")
    shot(desk, "batch-units-1366")
    accessible(desk)
    desk.select_option("#id_role_1", "lead")
    desk.select_option("#id_unit_2", label="滨海区财政局")
    desk.click("text=保存拟定意见")
    shot(desk, "batch-units-error-1366")
    assert "请选择承办方式" in desk.inner_text(".error-summary")
    desk.select_option("#id_role_2", "joint")
    desk.fill("#id_content_2", "资金安排")
    desk.click("text=保存拟定意见")

    second = at(cast.second(binhai), DESK)
    with in_congress(binhai):
        batch = AssignmentBatch.objects.get()
    second.goto(f"/admin/suggestions/batches/{batch.pk}/check/?ticked=1")
    shot(second, "batch-check-1366")
    accessible(second)
    second.click("text=所选核对无误")
    assert "已核对4件" in second.inner_text(".staff-main")

    desk.goto(f"/admin/suggestions/batches/{batch.pk}/")
    desk.click("a.btn:text-is('交办')")
    shot(desk, "batch-hand-over-1366")
    accessible(desk)
    desk.click("button:has-text('确认交办 4 件')")
    desk.wait_for_url(f"**/batches/{batch.pk}/")
    shot(desk, "batch-done-1366")
    accessible(desk)
    assert "已交办" in desk.inner_text("#content")
    with in_congress(binhai):
        assert Assignment.objects.filter(batch=batch).count() == 5
    desk.click("a.btn:has-text('交办函和清单')")
    shot(desk, "batch-papers-1366")
    accessible(desk)

    phone = at(clerk, PHONE)
    for path in ("", f"{batch.pk}/", f"{batch.pk}/papers/"):
        phone.goto(f"/admin/suggestions/batches/{path}")
        assert phone.evaluate(OVERFLOW) <= 0
    shot(phone, "batch-papers-390")


def test_the_pages_of_an_open_batch_hold_on_a_phone(binhai, rows, at, shot, accessible):
    clerk = stage.clerk(binhai)
    with in_congress(binhai):
        batch = actions.open_batch(by=clerk, title="交办会", assigned_on=dt.date.today())
        actions.fill_batch(batch, by=clerk, suggestions=rows[:3])
    phone = at(clerk, PHONE)
    pages = {
        "": "batch", "pick/": "pick", "check/": "check", "hand-over/": "hand-over",
        f"units/{rows[0].pk}/": "units",
    }  # fmt: skip
    for path, name in pages.items():
        phone.goto(f"/admin/suggestions/batches/{batch.pk}/{path}")
        shot(phone, f"batch-{name}-390")
        accessible(phone)
        assert phone.evaluate(OVERFLOW) <= 0, name


def test_a_return_is_decided_and_the_rules_are_kept(binhai, rows, at, shot, accessible):
    clerk, who = stage.clerk(binhai), cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(binhai):
        actions.assign(rows[0], by=clerk, plans=[actions.Plan(who.unit, "sole")])
        task = stage.task_of(rows[0], who.unit)
        actions.ask_return(
            task, by=who, reason="not_ours", explanation="加装电梯的资金补助由财政部门负责",
            legal_basis="三定规定第二条第三项", approved_by_head="局长程某",
        )  # fmt: skip
    desk = at(clerk, DESK)
    desk.goto("/admin/suggestions/rulings/")
    shot(desk, "rulings-1366")
    accessible(desk)
    desk.click(f"th a:has-text('{TITLES[0]}')")
    desk.click("button:has-text('提交决定')")
    shot(desk, "ruling-return-1366")
    accessible(desk)
    desk.check("input[name=accept][value=yes]")
    desk.select_option("#id_unit", label="滨海区财政局")
    desk.fill("#id_decision", "资金补助属财政局职责")
    desk.click("button:has-text('提交决定')")
    assert "法定期限不变" in desk.inner_text(".staff-main")

    desk.goto("/admin/suggestions/rules/")
    shot(desk, "rule-sets-1366")
    accessible(desk)
    desk.click("text=第1版 >> nth=-1")
    desk.click("a.btn:has-text('拟订新版本')")
    desk.click("button:has-text('拟订新版本')")
    shot(desk, "rule-set-1366")
    accessible(desk)
    desk.click("a.btn:has-text('办理和答复')")
    desk.fill("#id_reply_months", "4")
    desk.click("button:has-text('保存')")
    shot(desk, "rule-set-edit-error-1366")
    accessible(desk)
    assert "不能超过 3 个月（代表法第五十一条）" in desk.inner_text(".error-summary")
    desk.fill("#id_reply_months", "2")
    desk.click("button:has-text('保存')")
    desk.click("a.btn:has-text('修改结果类别')")
    shot(desk, "rule-set-classes-1366")
    accessible(desk)
    desk.go_back()
    desk.click("a.btn:has-text('与其他版本比较')")
    shot(desk, "rule-set-compare-1366")
    accessible(desk)
    desk.goto("/admin/suggestions/categories/")
    shot(desk, "categories-1366")
    accessible(desk)

    phone = at(clerk, PHONE)
    for path in ("rulings/?show=returned", "rules/", "categories/"):
        phone.goto(f"/admin/suggestions/{path}")
        shot(phone, f"{path.split('/')[0]}-390")
        accessible(phone)
        assert phone.evaluate(OVERFLOW) <= 0, path
