"""What stands between a reply and the deputies: the word on paper, the check, the letter, 催办."""

import datetime as dt

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import ContactConfirmation, Reply
from tests import cast
from tests.suggestions import stage
from tests.suggestions.test_judging_desk import PNG

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MARCH = dt.date(2026, 3, 10)


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready(reply_precheck="deputy_affairs")
        return stage.people()


@pytest.fixture
def unit(binhai):
    return cast.member(binhai, Role.HANDLING_UNIT)


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


def test_the_committee_enters_a_word_and_checks_the_reply(
    binhai, people, unit, at, looked_at, tmp_path
):
    clerk, second = stage.clerk(binhai), cast.second(binhai)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
            actions.record_contact(
                task, by=unit, phase="before", mode="face", on=MARCH, who="副局长李某",
                opinions="代表同意分两批实施。",
            )  # fmt: skip
        stage.drafted(task, unit, MARCH)
        word = ContactConfirmation.objects.get()
    base = "/admin/suggestions"
    looked_at(clerk, f"{base}/talks/{word.pk}/word/", "talk-word")
    desk = at(clerk, DESK)
    desk.goto(f"{base}/suggestion/{row.pk}/change/")
    desk.click("text=代为确认")
    desk.check("label:has-text('属实') >> nth=0")
    desk.check("label:has-text('在纸质沟通记录上签字')")
    scan = tmp_path / "沟通记录.png"
    scan.write_bytes(PNG)
    desk.set_input_files("input[type=file]", scan)
    assert desk.input_value("#id_note") == ""  # the theme puts the name of the file there
    desk.click("button:has-text('录入')")
    assert "请另一位同事核对" in desk.inner_text("body")
    looked_at(second, f"{base}/talks/{word.pk}/compare/", "talk-compare")
    other = at(second, DESK)
    other.goto(f"{base}/talks/{word.pk}/compare/")
    other.click("text=与扫描件一致")
    assert "代表的意见生效" in other.inner_text("body")
    with in_congress(binhai):
        actions.sign_off(task, by=unit, signer="局长程某")
        actions.send_to_check(task, by=unit)
    looked_at(clerk, f"{base}/replies/{task.pk}/check/", "reply-check")
    desk.goto(f"{base}/suggestion/{row.pk}/change/")
    desk.click("text=预审答复")
    desk.check("label:has-text('通过') >> nth=0")
    desk.click("button:has-text('提交')")
    assert "预审通过" in desk.inner_text("body")


def test_the_letter_is_on_the_phone_and_the_office_urges(binhai, people, unit, at, shot, looked_at):
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[1], [(office.unit, "owner")])
        with stage.on(stage.ASSIGNED, 15):
            actions.assign_on(
                stage.task_of(row, office.unit), by=office,
                plans=[actions.Plan(unit.unit, "sole")],
            )  # fmt: skip
        open_task = stage.task_of(row, unit.unit)
    looked_at(office, "/desk/items/", "office-items")
    looked_at(office, f"/desk/tasks/{open_task.pk}/urge/", "office-urge")
    desk = at(office, DESK)
    desk.goto("/desk/items/")
    desk.check("input[name=task]")
    desk.click("text=催办勾选的")
    assert "1 件，1 个单位" in desk.inner_text("main")
    shot(desk, "office-urge-many-1366")
    desk.click("main button:has-text('催办')")
    assert "已催办 1 件" in desk.inner_text("body")
    with in_congress(binhai):
        other = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(other, unit.unit)
        clerk = stage.clerk(binhai)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
        stage.talked(task, unit, MARCH)
        stage.drafted(task, unit, MARCH)
        with stage.on(MARCH, 15):
            actions.sign_off(task, by=unit, signer="局长程某")
            actions.send_to_check(task, by=unit)
            actions.check_reply(task, by=clerk, passes=True)
            actions.serve(task, by=unit, served={people[0]: ("face", MARCH)})
        reply = Reply.objects.get(state="served")
    looked_at(people[0].membership, f"/me/suggestions/{other.pk}/", "deputy-letter")
    phone = at(people[0].membership, PHONE)
    phone.goto(f"/me/suggestions/{other.pk}/")
    asked = "fetch(`/me/suggestions/letters/%d/`).then(r => r.headers.get('content-type'))"
    assert phone.evaluate(asked % reply.pk) == "application/pdf"
    looked_at(unit, f"/desk/tasks/{task.pk}/", "unit-task")
