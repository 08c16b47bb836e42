"""协调会 between units, papers sent elsewhere, more time from a draft."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import access, actions
from suggestions.models import Assignment, Coordination, Review
from tests import cast

from . import stage
from .test_desk import at, words

MARCH = dt.date(2026, 3, 10)
APRIL = dt.date(2026, 4, 1)
LATE = dt.date(2026, 6, 1)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


def page(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def story(row) -> str:
    return f"/admin/suggestions/suggestion/{row.pk}/change/"


# -- 协调会 ------------------------------------------------------------------------------------


@pytest.fixture
def handed_on(binhai, people, unit, office):
    """By the office to 住建局 and 财政局; gives the suggestion and both tasks."""
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
        plans = [actions.Plan(unit.unit, "lead"), actions.Plan(finance, "joint")]
        with stage.on(stage.ASSIGNED, 15):
            actions.assign_on(stage.task_of(row, office.unit), by=office, plans=plans)
        return row, stage.task_of(row, unit.unit), stage.task_of(row, finance)


def test_the_office_calls_its_units_and_writes_down_what_was_agreed(
    binhai, unit, office, handed_on, client_of
):
    row, lead, joint = handed_on
    limits = (lead.legal_due_on, joint.legal_due_on)
    asked = {"on": "2026-04-01", "place": "政府办会议室", "issue": "资金由谁承担",
             "units": [lead.pk, joint.pk]}  # fmt: skip
    with stage.on(MARCH):
        desk = client_of(office)
        assert at("coordination", lead.pk) in words(desk.get(at("task", lead.pk)))
        one = desk.post(at("coordination", lead.pk), asked | {"units": [lead.pk]})
        assert one.status_code == 422 and "至少两个单位" in words(one)
        assert desk.post(at("coordination", lead.pk), asked).status_code == 302
        with in_congress(binhai):
            meeting = Coordination.objects.get()
            told = Notice.objects.filter(template="suggestions/coordination")
            assert {n.to.role for n in told} == {Role.HANDLING_UNIT, Role.DEPUTY_AFFAIRS}
            with pytest.raises(NotAllowed, match="还没有召开"):
                actions.note_coordination(meeting, by=office, result="财政局承担")
        shown = words(client_of(unit).get(at("task", lead.pk)))
        assert "资金由谁承担" in shown and at("coordinated", meeting.pk) not in shown
        assert client_of(unit).get(at("coordination", lead.pk)).status_code == 404
        assert client_of(unit).get(at("coordinated", meeting.pk)).status_code == 404
    with stage.on(APRIL):
        desk = client_of(office)
        sent = desk.post(at("coordinated", meeting.pk), {"result": "财政局承担，住建局牵头。"})
        assert sent.status_code == 302
        assert desk.get(at("coordinated", meeting.pk)).status_code == 404  # once
        assert "财政局承担" in words(client_of(unit).get(at("task", lead.pk)))
        assert "财政局承担" in words(client_of(stage.clerk(binhai)).get(story(row)))
    with in_congress(binhai):
        lead.refresh_from_db()
        joint.refresh_from_db()
        assert (lead.legal_due_on, joint.legal_due_on) == limits  # no limit moves by it


def test_the_committee_calls_any_units_of_the_suggestion(binhai, people, handed_on, client_of):
    row, lead, joint = handed_on
    with stage.on(MARCH):
        desk = client_of(stage.clerk(binhai))
        assert page("coordination", row.pk) in words(desk.get(story(row)))
        asked = {"on": "2026-03-09", "issue": "资金由谁承担", "units": [lead.pk, joint.pk]}
        assert desk.post(page("coordination", row.pk), asked).status_code == 302
        with in_congress(binhai):
            meeting = Coordination.objects.get()
        desk.post(page("coordinated", meeting.pk), {"result": "分两年安排。"})
        assert "分两年安排" in words(desk.get(story(row)))


def test_who_may_not_call(binhai, people, unit, office, handed_on):
    row, lead, joint = handed_on
    with in_congress(binhai), stage.on(MARCH):
        call = {"on": MARCH, "issue": "资金", "tasks": [lead, joint]}
        for who in (unit, people[0].membership, cast.member(binhai, Role.COMMITTEE)):
            assert not access.tasks_to_coordinate(who, row).exists()
            with pytest.raises(NotAllowed, match="由代工委或者分办的政府办"):
                actions.call_coordination(row, by=who, **call)
        other = stage.assigned(binhai, people[1], [(unit.unit, "sole")])
        foreign = stage.task_of(other, unit.unit)
        with pytest.raises(NotAllowed, match="由代工委或者分办的政府办"):
            actions.call_coordination(row, by=office, **(call | {"tasks": [lead, foreign]}))
        with pytest.raises(NotAllowed, match="不能早于交办"):
            actions.call_coordination(row, by=office, **(call | {"on": dt.date(2026, 1, 1)}))


def test_the_office_does_not_call_what_it_did_not_assign(binhai, people, unit, office):
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(unit.unit, "lead"), (finance, "joint")])
        assert not access.tasks_to_coordinate(office, row).exists()


# -- 转信访、转上级 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words_of"), [("petition", "转信访"), ("higher", "转上级"), ("reference", "转有关")]
)
def test_a_paper_is_sent_elsewhere_and_says_where(binhai, people, client_of, outcome, words_of):
    with in_congress(binhai):
        row = stage.submitted(people[0])
    asked = {"ground": "petition", "explanation": "属于转交的信访材料，已当面说明。",
             "deputy_told_on": "2026-01-13", "outcome": outcome}  # fmt: skip
    with stage.on(stage.SITTING, 15):
        desk = client_of(stage.clerk(binhai))
        bare = desk.post(page("refuse", row.pk), asked)
        assert bare.status_code == 422 and "请写明转给谁" in words(bare)
        assert desk.post(page("refuse", row.pk), asked | {"sent_to": "区信访局"}).status_code == 302
        shown = words(desk.get(story(row)))
        assert words_of in shown and "区信访局" in shown
    with in_congress(binhai):
        review = Review.objects.get(result="refused")
        with stage.on(stage.SITTING, 15):
            letter = desk.get(page("sent_on", review.pk))
        said = "".join(p.extract_text() for p in PdfReader(io.BytesIO(letter.content)).pages)
        said = "".join(said.split())
        for part in ("区信访局：", people[0].name, row.title, row.requests[0], "已当面说明"):
            assert part in said, part
        assert (review.outcome, review.sent_to) == (outcome, "区信访局")
        told = Notice.objects.get(template="suggestions/refused")
        assert told.to == people[0].membership and "区信访局" in told.body


def test_what_goes_back_to_the_deputy_goes_nowhere_else(binhai, people):
    with in_congress(binhai), stage.on(stage.SITTING, 15):
        row = stage.submitted(people[0])
        actions.refuse(
            row, by=stage.clerk(binhai), ground="vague", explanation="没有具体内容",
            deputy_told_on=stage.SITTING, sent_to="区信访局",
        )  # fmt: skip
        review = Review.objects.get(result="refused")
        assert (review.outcome, review.sent_to) == ("back", "")
        assert not access.sent_on_by(stage.clerk(binhai)).exists()


def test_a_state_secret_is_on_no_letter(binhai, people, client_of):
    with in_congress(binhai), stage.on(stage.SITTING, 15):
        row = stage.submitted(people[0])
        actions.refuse(
            row, by=stage.clerk(binhai), ground="secret", explanation="请由机要渠道提出",
            deputy_told_on=stage.SITTING, outcome="reference", sent_to="区委保密办",
        )  # fmt: skip
        review = Review.objects.get(result="refused")
        desk = client_of(stage.clerk(binhai))
        assert desk.get(page("sent_on", review.pk)).status_code == 404
        assert page("sent_on", review.pk) not in words(desk.get(story(row)))


# -- 延期 --------------------------------------------------------------------------------------


EXTENSION = {"reason": "wide", "progress": "涉及多个部门，正在协调。", "to_on": "2026-07-01"}


def test_more_time_is_asked_from_a_draft_and_the_draft_stays(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
        stage.drafted(task, unit, MARCH)
    with stage.on(APRIL):
        desk = client_of(unit)
        assert at("task_extension", task.pk) in words(desk.get(at("task", task.pk)))
        assert desk.post(at("task_extension", task.pk), EXTENSION).status_code == 302
        with in_congress(binhai):
            task.refresh_from_db()
            assert task.state == Assignment.State.EXTENSION_ASKED
            asked = task.extension_requests.get()
            actions.decide_extension(asked, by=stage.clerk(binhai), agrees=True)
            task.refresh_from_db()
            assert (task.state, task.extended_to) == ("drafted", dt.date(2026, 7, 1))
            asked = actions.ask_extension(
                task, by=unit, reason="wide", progress="仍在协调。", to_on=dt.date(2026, 7, 20)
            )
            actions.decide_extension(
                asked, by=stage.clerk(binhai), agrees=False, note="已经延过"
            )  # fmt: skip
            task.refresh_from_db()
            assert task.state == "drafted"
            assert "sign_off" in access.task_steps(unit, task)


def test_after_the_day_no_more_time_is_offered(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
    with stage.on(task.legal_due_on):
        assert at("task_extension", task.pk) in words(client_of(unit).get(at("task", task.pk)))
    with stage.on(LATE):
        desk = client_of(unit)
        assert at("task_extension", task.pk) not in words(desk.get(at("task", task.pk)))
        refused = desk.get(at("task_extension", task.pk))
        assert refused.status_code == 409 and "已过，不能再申请延期" in words(refused)
