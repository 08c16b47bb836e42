"""退办 and 延期 at the staff's desk: decided by the level that assigned, the legal date unmoved."""

import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from congress.xlsx import read
from notices.models import Notice
from suggestions import actions
from suggestions.models import Assignment, ExtensionRequest, Suggestion
from tests import cast

from . import stage

FEBRUARY, MARCH, MAY = dt.date(2026, 2, 5), dt.date(2026, 3, 10), dt.date(2026, 5, 8)
LEGAL = dt.date(2026, 5, 6)
WORDS = {"reason": "not_ours", "explanation": "电梯属住房保障范围", "legal_basis": "三定规定第二条",
         "approved_by_head": "程局长"}  # fmt: skip
State, Task = Suggestion.State, Assignment.State
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def february():
    with stage.on(FEBRUARY):
        yield


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready(extension_approvers=["government_office", "deputy_affairs"])
        return stage.people()


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def finance(binhai, people):
    with in_congress(binhai):
        return stage.unit("财政局")


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def direct(binhai, people, unit) -> Assignment:
    row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
    return stage.task_of(row, unit.unit)


def handed_on(binhai, people, unit, office) -> Assignment:
    row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
    plans = [actions.Plan(unit.unit, "sole")]
    with stage.on(stage.ASSIGNED):
        actions.assign_on(stage.task_of(row, office.unit), by=office, plans=plans)
    return stage.task_of(row, unit.unit)


def test_trap_01_a_return_decided_late_gives_the_new_unit_no_fresh_three_months(
    binhai, people, unit, clerk, finance, client_of
):
    with in_congress(binhai):
        task = direct(binhai, people, unit)
        row = actions.ask_return(task, by=unit, proposed_unit=finance[0], **WORDS)
    desk = client_of(clerk)
    page = words(desk.get(at("rulings")))
    assert "不属于本单位职责" in page and "财政局" in page
    page = words(desk.get(at("ruling_return", row.pk)))
    assert "三定规定第二条" in page and "改办不改变" in page
    assert f'value="{finance[0].pk}" selected' in page  # what the unit proposes stands there
    with stage.on(MARCH):
        desk = client_of(clerk)
        assert "已逾期" in words(desk.get(at("ruling_return", row.pk)))
        form = {"accept": "yes", "unit": finance[0].pk, "role": "sole", "decision": "属财政局职责"}
        assert desk.post(at("ruling_return", row.pk), form).url == at("rulings")
    with in_congress(binhai):
        new = task.suggestion.assignments.get(unit=finance[0])
        assert (new.assigned_on, new.legal_due_on) == (MARCH, LEGAL)
        task.refresh_from_db()
        assert task.state == Task.RETURNED
        told = Notice.objects.filter(title__contains="已同意退办").values_list("to", flat=True)
        assert {unit.pk, people[0].membership_id} <= set(told)
    page = words(desk.get(at("rulings") + "?show=returned"))
    assert "同意" in page and "滨海区财政局" in page
    assert desk.post(at("ruling_return", row.pk), form).status_code == 409
    reader = PdfReader(io.BytesIO(desk.get(at("ruling_letter", row.pk)).content))
    letter = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert "滨海区财政局：" in letter and "不晚于2026年5月6日" in letter


def test_trap_47_talks_of_the_unit_that_was_released_stay_and_the_deputy_is_told(
    binhai, people, unit, clerk, finance, client_of
):
    with in_congress(binhai):
        task = direct(binhai, people, unit)
        actions.sign_for(task, by=unit)
        contact = stage.talked(task, unit, FEBRUARY)
        row = actions.ask_return(task, by=unit, **WORDS)
        plan = actions.Plan(finance[0], "sole")
        actions.decide_return(row, by=clerk, accept=True, decision="属财政局", plan=plan)
        contact.refresh_from_db()
        assert contact.assignment == task and contact.confirmations.get().confirmed
        assert Notice.objects.filter(to=people[0].membership, title__contains="已同意退办").exists()
    # No letter for a return that is not accepted.
    with in_congress(binhai):
        other = actions.ask_return(direct(binhai, people, unit), by=unit, **WORDS)
    assert client_of(clerk).get(at("ruling_letter", other.pk)).status_code == 404


def test_a_refusal_needs_words_and_the_unit_goes_on(
    binhai, people, unit, clerk, finance, client_of
):
    with in_congress(binhai):
        task = direct(binhai, people, unit)
        row = actions.ask_return(task, by=unit, **WORDS)
    desk = client_of(clerk)
    answer = desk.post(at("ruling_return", row.pk), {"accept": "yes", "decision": "是"})
    assert answer.status_code == 422 and "请选择改由哪个单位办理" in words(answer)
    assert desk.post(at("ruling_return", row.pk), {"accept": "no"}).status_code == 422
    desk.post(at("ruling_return", row.pk), {"accept": "no", "decision": "三定规定已明确"})
    with in_congress(binhai):
        task.refresh_from_db()
        assert (task.state, task.returns) == (Task.SIGNED, 1)
    assert "不同意，继续办理" in words(desk.get(at("ruling_return", row.pk)))


def test_what_the_office_assigned_the_office_decides(
    binhai, people, unit, office, clerk, finance, client_of
):
    with in_congress(binhai):
        task = handed_on(binhai, people, unit, office)
        row = actions.ask_return(task, by=unit, **WORDS)
    page = words(client_of(clerk).get(at("ruling_return", row.pk)))
    assert "等待政府办决定" in page and "提交决定" not in page
    form = {"accept": "yes", "unit": finance[0].pk, "role": "sole", "decision": "属财政局"}
    assert client_of(clerk).post(at("ruling_return", row.pk), form).status_code == 409


def test_a_second_return_of_what_the_office_assigned_is_ruled_on_by_the_keepers(
    binhai, people, unit, office, clerk, finance, client_of
):
    with in_congress(binhai):
        third, _ = stage.unit("民政局")
        task = handed_on(binhai, people, unit, office)
        first = actions.ask_return(task, by=unit, **WORDS)
        plan = actions.Plan(finance[0], "sole")
        actions.decide_return(first, by=office, accept=True, decision="属财政局", plan=plan)
        new = stage.task_of(task.suggestion, finance[0])
        again = actions.ask_return(new, by=finance[1], **WORDS)
        assert Notice.objects.filter(to=clerk, title__contains="退办申请").count() == 1
        with pytest.raises(NotAllowed, match="须由代工委裁定"):
            plan = actions.Plan(third, "sole")
            actions.decide_return(again, by=office, accept=True, decision="属民政局", plan=plan)
    desk = client_of(clerk)
    page = words(desk.get(at("rulings")))
    assert "再次退办" in page and "第 2 次" in page and "代工委裁定" in page
    page = words(desk.get(at("ruling_return", again.pk)))
    assert "以前的退办" in page and "本次由代工委裁定" in page
    form = {"accept": "yes", "unit": third.pk, "role": "sole", "decision": "裁定由民政局办理"}
    assert desk.post(at("ruling_return", again.pk), form).status_code == 302
    with in_congress(binhai):
        last = stage.task_of(task.suggestion, third)
        assert (last.parent.unit, last.legal_due_on) == (office.unit, LEGAL)


def test_an_owner_who_is_not_the_right_one_gives_way_to_another_or_to_a_unit(
    binhai, people, unit, office, clerk, finance
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
        task = stage.task_of(row, office.unit)
        request = actions.ask_return(task, by=office, **WORDS)
        plan = actions.Plan(unit.unit, "sole")
        actions.decide_return(request, by=clerk, accept=True, decision="直接办理", plan=plan)
        row.refresh_from_db()
        assert row.state == State.HANDLING
        request = actions.ask_return(stage.task_of(row, unit.unit), by=unit, **WORDS)
        plan = actions.Plan(finance[0], "owner")
        actions.decide_return(request, by=clerk, accept=True, decision="由其分办", plan=plan)
        row.refresh_from_db()
        assert row.state == State.ASSIGNED


def test_a_return_to_a_unit_that_handles_it_already_is_refused(
    binhai, people, unit, clerk, finance, client_of
):
    with in_congress(binhai):
        plans = [(unit.unit, "lead"), (finance[0], "joint")]
        row = stage.assigned(binhai, people[0], plans)
        request = actions.ask_return(stage.task_of(row, unit.unit), by=unit, **WORDS)
    form = {"accept": "yes", "unit": finance[0].pk, "role": "lead", "decision": "属财政局"}
    answer = client_of(clerk).post(at("ruling_return", request.pk), form)
    assert answer.status_code == 409 and "已在承办这件建议" in words(answer)
    with in_congress(binhai):
        other, _ = stage.unit("民政局")
    form |= {"unit": other.pk, "role": "sole"}
    answer = client_of(clerk).post(at("ruling_return", request.pk), form)
    assert answer.status_code == 409 and "独办时不能再有其他承办单位" in words(answer)


def test_trap_06_an_extension_needs_every_approver_the_rules_name(
    binhai, people, unit, office, clerk, client_of
):
    with in_congress(binhai):
        task = handed_on(binhai, people, unit, office)
        actions.sign_for(task, by=unit)
        row = actions.ask_extension(
            task, by=unit, reason="wide", progress="已完成摸底", to_on=dt.date(2026, 7, 1)
        )
    desk = client_of(clerk)
    page = words(desk.get(at("rulings") + "?show=extensions"))
    assert "政府办、代工委" in page
    page = words(desk.get(at("ruling_extension", row.pk)))
    assert "2026年8月3日" in page  # six months from 交办; 2 August is a Sunday
    assert "已完成摸底" in page
    desk.post(at("ruling_extension", row.pk), {"agrees": "yes"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.granted is None
    page = words(desk.get(at("ruling_extension", row.pk)))
    assert "等待政府办批准" in page
    # The keepers speak once.
    assert desk.post(at("ruling_extension", row.pk), {"agrees": "yes"}).status_code == 409
    with in_congress(binhai):
        actions.decide_extension(row, by=office, agrees=True)
        task.refresh_from_db()
        assert (task.extended_to, task.legal_due_on) == (dt.date(2026, 7, 1), LEGAL)
    assert "已同意延期" in words(desk.get(at("ruling_extension", row.pk)))


def test_trap_05_and_06_a_grant_after_the_limit_is_told_to_count_for_nothing(
    binhai, people, unit, clerk, client_of
):
    with in_congress(binhai):
        task = direct(binhai, people, unit)
        actions.sign_for(task, by=unit)
        row = actions.ask_extension(
            task, by=unit, reason="wide", progress="已完成摸底", to_on=dt.date(2026, 7, 1)
        )
    with stage.on(MAY):
        page = words(client_of(clerk).get(at("ruling_extension", row.pk)))
    assert "答复仍按逾期统计" in page


def test_where_only_the_office_approves_the_keepers_do_so_for_what_they_assigned(
    binhai, unit, clerk, client_of
):
    with in_congress(binhai):
        stage.ready(extension_approvers=["government_office"])
        task = direct(binhai, stage.people(), unit)
        actions.sign_for(task, by=unit)
        row = actions.ask_extension(
            task, by=unit, reason="wide", progress="已完成摸底", to_on=dt.date(2026, 7, 1)
        )
    client_of(clerk).post(at("ruling_extension", row.pk), {"agrees": "yes"})
    with in_congress(binhai):
        assert ExtensionRequest.objects.get().granted is True


def test_a_refused_extension_says_why(binhai, people, unit, clerk, client_of):
    with in_congress(binhai):
        task = direct(binhai, people, unit)
        actions.sign_for(task, by=unit)
        row = actions.ask_extension(
            task, by=unit, reason="wide", progress="已完成摸底", to_on=dt.date(2026, 7, 1)
        )
    desk = client_of(clerk)
    assert desk.post(at("ruling_extension", row.pk), {"agrees": "no"}).status_code == 422
    desk.post(at("ruling_extension", row.pk), {"agrees": "no", "note": "请按期答复"})
    assert "不同意延期：请按期答复" in words(desk.get(at("ruling_extension", row.pk)))


def test_strangers_and_the_neighbour_see_no_ruling(
    binhai, shanyang, people, unit, clerk, client_of
):
    with in_congress(binhai):
        row = actions.ask_return(direct(binhai, people, unit), by=unit, **WORDS)
    page = at("ruling_return", row.pk)
    assert client_of(stage.clerk(shanyang)).get(page).status_code == 404
    assert client_of(unit).get(page).status_code == 403
    chair = client_of(cast.member(binhai, Role.CHAIR))
    assert "提交决定" not in words(chair.get(page))
    form = {"accept": "no", "decision": "三定规定已明确"}
    assert chair.post(page, form).status_code == 409


def test_the_list_is_found_in_exported_and_asks_as_often_for_one_as_for_many(
    binhai, people, unit, clerk, client_of
):
    desk = client_of(clerk)

    def ask():
        desk.get(at("rulings"))
        with CaptureQueriesContext(connection) as found:
            desk.get(at("rulings"))
        return len(found)

    with in_congress(binhai):
        row = actions.ask_return(direct(binhai, people, unit), by=unit, **WORDS)
        number = row.assignment.suggestion.number
    once = ask()
    with in_congress(binhai):
        for _ in range(5):
            actions.ask_return(direct(binhai, people, unit), by=unit, **WORDS)
    assert ask() == once
    assert number in words(desk.get(at("rulings") + f"?show=returns&q={number}"))
    assert "没有符合条件的申请" in words(desk.get(at("rulings") + "?show=returns&q=没有的"))
    book = desk.get(at("rulings") + "?export=1")
    assert len(read(book.content, "x.xlsx")[0].rows) >= 6
