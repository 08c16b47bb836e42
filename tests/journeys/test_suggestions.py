"""A suggestion from the deputy's phone to the judgement."""

import datetime as dt

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Suggestion
from tests import cast
from tests.suggestions import stage

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARCH = dt.date(2026, 3, 10)


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready()
        found = stage.people(12)
        stage.registered(binhai, found[3], title="关于湖滨社区增设公交站点的建议")
        return found


def test_a_deputy_writes_invites_and_submits(binhai, people, at, shot, accessible):
    phone = at(people[0].membership, PHONE)
    phone.goto("/me/suggestions/")
    shot(phone, "suggestions-empty-390")
    accessible(phone)
    phone.click("text=提建议 >> nth=0")
    phone.fill("#id_title", "关于在湖滨社区增设公交站点的建议")
    phone.fill("#id_situation", stage.SITUATION)
    phone.click("text=保存草稿")
    shot(phone, "suggestion-write-390")
    accessible(phone)
    assert "往年有相近的建议" in phone.inner_text("main")
    phone.fill("#id_request_1", "在湖滨社区西门增设公交站")
    with phone.expect_response("**/autosave/"):
        phone.fill("#id_request_2", "延长三路公交车末班时间")
        phone.press("#id_request_2", "Tab")
    phone.wait_for_selector("text=自动保存")
    phone.click("text=下一步：检查")
    shot(phone, "suggestion-check-390")
    accessible(phone)
    phone.click("text=邀请联名")
    shot(phone, "suggestion-invite-390")
    accessible(phone)
    phone.click(f"label:has-text('{people[1].name}')")
    phone.click("text=邀请勾选的代表")
    assert "待确认" in phone.inner_text("main")

    other = at(people[1].membership, PHONE)
    other.goto("/me/suggestions/")
    shot(other, "suggestions-asked-390")
    other.click("text=邀请您联名")
    shot(other, "suggestion-sign-390")
    accessible(other)
    other.click("text=同意联名")
    assert "您已确认联名" in other.inner_text("main")

    phone.reload()
    phone.click("button:has-text('提交')")
    shot(phone, "suggestion-submitted-390")
    accessible(phone)
    assert "三个月内答复" in phone.inner_text("main")
    with in_congress(binhai):
        row = Suggestion.objects.get(lead=people[0])
        assert (row.state, row.signatures.get().state) == ("review", "confirmed")


def test_a_deputy_confirms_a_talk_and_judges(binhai, people, at, shot, accessible):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(who.unit, "sole")])
        task = stage.task_of(row, who.unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=who)
            actions.record_contact(
                task, by=who, phase="before", mode="face", on=MARCH, who="副局长程某、科长李某",
                opinions="到湖滨社区现场察看，代表同意分两批实施，希望首批在汛期前完成。",
            )  # fmt: skip
    phone = at(people[0].membership, PHONE)
    phone.goto("/me/suggestions/")
    shot(phone, "suggestions-waiting-390")
    phone.click("text=确认沟通 >> nth=0")
    shot(phone, "suggestion-contact-390")
    accessible(phone)
    phone.click("label:has-text('属实') >> nth=0")
    phone.click("text=提交")
    with in_congress(binhai):
        stage.drafted(task, who, MARCH)
        with stage.on(MARCH):
            actions.sign_off(task, by=who, signer="局长程某")
            actions.serve(task, by=who, served={people[0]: ("face", MARCH)})
    phone.reload()
    shot(phone, "suggestion-answered-390")
    accessible(phone)
    assert phone.evaluate(OVERFLOW) <= 0
    phone.click("text=去评价")
    phone.click("text=提交评价")
    assert "请选择一项" in phone.inner_text(".error-summary")
    shot(phone, "suggestion-judge-error-390")
    accessible(phone)
    for name in ("d0", "d1"):
        phone.check(f"input[name={name}][value=satisfied]")
    phone.click("text=提交评价")
    shot(phone, "suggestion-judged-390")
    assert "评价已提交" in phone.inner_text("main")
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "closed"


def test_a_unit_answers_at_its_desk(binhai, people, at, shot, accessible):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(who.unit, "sole")], [people[1]])
        task = stage.task_of(row, who.unit)
    desk = at(who, DESK)
    desk.goto("/desk/")
    shot(desk, "desk-home-1366")
    accessible(desk)
    desk.goto("/desk/items/")
    shot(desk, "desk-items-1366")
    accessible(desk)
    desk.click(f"th a:has-text('{row.title}')")
    desk.click("a.btn:has-text('签收')")
    desk.click("button:has-text('签收')")
    with in_congress(binhai):
        stage.talked(task, who, MARCH)
    desk.click("a.btn:has-text('拟写答复')")
    desk.select_option("#id_result_class", index=1)
    desk.fill("#id_text", "收悉您提出的建议后，我们到现场作了调查，现答复如下。")
    desk.fill("#id_point_1", "已列入今年计划，首批十二部。")
    shot(desk, "desk-reply-1366")
    accessible(desk)
    desk.click("text=保存答复稿")
    shot(desk, "desk-task-1366")
    accessible(desk)
    assert "还有1条没有答复" in desk.inner_text("main")
    phone = at(who, PHONE)
    phone.goto(f"/desk/tasks/{task.pk}/")
    shot(phone, "desk-task-390")
    accessible(phone)
    assert phone.evaluate(OVERFLOW) <= 0
