"""A street answers what it was handed; the head of a delegation looks at a suggestion on the
phone; units are brought together; a street collects a paper form."""

import datetime as dt

import pytest

from congress.models import Role, Unit
from congress.tenancy import in_congress
from deputies.models import Delegation, Mandate
from suggestions import actions
from suggestions.models import Feedback, Suggestion
from tests import cast
from tests.suggestions import stage
from tests.suggestions.test_judging_desk import PNG

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARCH = dt.date(2026, 3, 10)


@pytest.fixture
def looked_at(at, shot, accessible):
    """One page at both widths: nothing sticks out, nobody is shut out."""

    def look(member, address: str, name: str) -> None:
        for size, width in ((PHONE, 390), (DESK, 1366)):
            page = at(member, size)
            page.goto(address)
            shot(page, f"{name}-{width}")
            assert page.evaluate(OVERFLOW) <= 0
            accessible(page)

    return look


def test_a_street_signs_in_finds_its_task_and_answers(binhai, at, shot, looked_at):
    street = cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        stage.ready()
        people = stage.people()
        people[0].phone = "13900001111"
        people[0].occupation = "东湖街道办事处副主任"
        people[0].save()
        Mandate.objects.update(street=Unit.objects.get(short_name="西园街道"))
        row = stage.assigned(
            binhai, people[0], [(street.unit, "sole")], contact_hours="工作日下午"
        )  # fmt: skip
        task = stage.task_of(row, street.unit)
    desk = at(street, DESK)
    desk.goto("/first/")
    assert "本街道（镇）承办的建议" in desk.inner_text("main")
    desk.click(f"main a:has-text('{row.title}') >> nth=0")
    assert "13900001111" in desk.inner_text("main") and "工作日下午" in desk.inner_text("main")
    looked_at(street, f"/desk/tasks/{task.pk}/", "street-task")
    looked_at(street, "/desk/items/", "street-items")
    desk.click("a.btn:has-text('签收')")
    desk.click("button:has-text('签收')")
    with in_congress(binhai):
        stage.talked(task, street, MARCH)
    desk.click("a.btn:has-text('拟写答复')")
    desk.select_option("#id_result_class", index=1)
    desk.fill("#id_text", "收悉您提出的建议后，我们到现场作了调查，现答复如下。")
    desk.fill("#id_point_1", "已列入今年计划，首批十二部。")
    desk.fill("#id_point_2", "已减为三个环节。")
    desk.select_option("#id_publicity", "full")
    desk.click("text=保存答复稿")
    looked_at(street, f"/desk/tasks/{task.pk}/sign-off/", "street-sign-off")
    desk.click("a.btn:has-text('签发')")
    desk.fill("#id_signer", "主任街某")
    desk.click("button:has-text('签发')")
    desk.click("a.btn:has-text('送达答复')")
    desk.click("button:has-text('确认送达')")
    shot(desk, "street-served-1366")
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == Suggestion.State.ANSWERED
        assert Feedback.objects.get().has_conflict
    looked_at(people[0].membership, f"/me/suggestions/{row.pk}/judge/", "judge-own-unit")


def test_a_head_looks_at_a_suggestion_on_the_phone(binhai, at, shot, looked_at):
    clerk = stage.clerk(binhai)
    with in_congress(binhai):
        stage.ready(pre_review_steps=["delegation"])
        people = stage.people()
        east = Delegation.objects.create(name="东湖代表团")
        Mandate.objects.update(delegation=east)
        head = people[1].membership
        actions.name_reviewer(by=clerk, step="delegation", member=head, delegation=east)
        row = stage.submitted(people[0])
    looked_at(clerk, "/admin/suggestions/reviewers/", "reviewers")
    looked_at(clerk, "/admin/suggestions/reviewers/new/", "reviewer-new")
    looked_at(head, "/me/suggestions/reviews/", "pre-reviews")
    looked_at(head, f"/me/suggestions/reviews/{row.pk}/", "pre-review")
    looked_at(people[2].membership, "/me/suggestions/new/", "write")
    phone = at(head, PHONE)
    phone.goto("/me/")
    phone.click(f"main a:has-text('{row.title}') >> nth=0")
    phone.check("label:has-text('同意提交')")
    phone.fill("#id_opinion", "内容具体，同意提交。")
    phone.click("text=提交初审意见")
    assert "没有等待初审的建议" in phone.inner_text("main")
    shot(phone, "pre-reviewed-390")
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == Suggestion.State.REVIEW


def test_units_are_brought_together(binhai, at, looked_at):
    office, unit = (cast.member(binhai, r) for r in (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT))
    with in_congress(binhai):
        stage.ready()
        people = stage.people()
        finance, _ = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
        plans = [actions.Plan(unit.unit, "lead"), actions.Plan(finance, "joint")]
        with stage.on(stage.ASSIGNED, 15):
            actions.assign_on(stage.task_of(row, office.unit), by=office, plans=plans)
        task = stage.task_of(row, unit.unit)
    looked_at(office, f"/desk/tasks/{task.pk}/coordination/", "coordination")
    desk = at(office, DESK)
    desk.goto(f"/desk/tasks/{task.pk}/")
    desk.click("text=召开协调会")
    desk.fill("#id_on", "2026-03-10")
    for box in desk.query_selector_all("input[name=units]"):
        box.check()
    desk.fill("#id_issue", "资金由谁承担")
    desk.click("button:has-text('登记')")
    desk.click("text=登记协调结果")
    desk.fill("#id_result", "财政局承担，住建局牵头。")
    desk.click("button:has-text('登记')")
    looked_at(unit, f"/desk/tasks/{task.pk}/", "coordinated-task")
    looked_at(stage.clerk(binhai), f"/admin/suggestions/suggestion/{row.pk}/change/", "coordinated")


def test_a_street_enters_a_paper_form(binhai, at, looked_at, tmp_path):
    street, unit = (cast.member(binhai, r) for r in (Role.STREET, Role.HANDLING_UNIT))
    with in_congress(binhai):
        stage.ready(feedback_collector="street")
        people = stage.people()
        Mandate.objects.update(street=street.unit)
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
    looked_at(street, "/admin/suggestions/judging/collect/", "collect")
    desk = at(street, DESK)
    desk.goto("/admin/suggestions/judging/collect/")
    desk.click("text=录入纸质表")
    for name in ("d0", "d1"):
        desk.check(f"input[name={name}][value=satisfied]")
    scan = tmp_path / "评价表.png"
    scan.write_bytes(PNG)
    desk.set_input_files("input[type=file]", scan)
    desk.click("button:has-text('录入')")
    assert "代工委核对后生效" in desk.inner_text("body")
