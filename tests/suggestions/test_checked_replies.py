"""预审, 延期 and the end of tasks: who has the word, and that nothing stays open for ever."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from deadlines.models import Deadline
from notices.models import Notice
from suggestions import access, actions, queries
from suggestions.models import Assignment, Feedback, Reply, Suggestion
from tests import cast

from . import stage

MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 15)
State, Task = Suggestion.State, Assignment.State
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def march():
    with stage.on(MARCH):
        yield


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


def ready(**values):
    stage.ready(**values)
    return stage.people()


def handed_on(congress, lead, owner, unit) -> Assignment:
    row = stage.assigned(congress, lead, [(owner.unit, "owner")])
    with stage.on(stage.ASSIGNED, 15):
        actions.assign_on(
            stage.task_of(row, owner.unit), by=owner, plans=[actions.Plan(unit.unit, "sole")]
        )
    return stage.task_of(row, unit.unit)


def sent_to_check(task, unit) -> Assignment:
    actions.sign_for(task, by=unit)
    stage.talked(task, unit, MARCH)
    stage.drafted(task, unit, MARCH)
    actions.sign_off(task, by=unit, signer="局长程某")
    actions.send_to_check(task, by=unit)
    return Assignment.objects.get(pk=task.pk)


def serve(task, unit):
    to = actions.answered_deputies(Assignment.objects.get(pk=task.pk))
    return actions.serve(task, by=unit, served={d: ("face", MARCH) for d in to})


def words(response) -> str:
    return response.content.decode()


# -- 预审 ---------------------------------------------------------------------------------------


def test_the_committee_checks_a_reply_on_its_own_page(binhai, unit, clerk, client_of):
    with in_congress(binhai):
        people = ready(reply_precheck="deputy_affairs")
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = sent_to_check(stage.task_of(row, unit.unit), unit)
        told = Notice.objects.filter(to=clerk, link__contains="/check/").get()
    desk = client_of(clerk)
    page = reverse("admin:suggestions_reply_check", args=[task.pk])
    assert told.link == page
    story = reverse("admin:suggestions_suggestion_change", args=[row.pk])
    assert page in words(desk.get(story))
    assert page in words(desk.get("/admin/"))
    shown = words(desk.get(page))
    assert "已列入今年计划" in shown and "统筹安排加装电梯的资金和计划" in shown
    draft = desk.get(reverse("admin:suggestions_reply_draft", args=[task.pk]))
    assert draft["Content-Type"] == "application/pdf"
    bare = desk.post(page, {"passes": "no"})
    assert bare.status_code == 422 and "请写明退回的原因" in words(bare)
    assert client_of(unit).get(page).status_code == 403
    assert desk.post(page, {"passes": "yes"}).status_code == 302
    assert desk.get(page).status_code == 404
    with in_congress(binhai):
        assert serve(task, unit).checked_by == clerk


def test_the_committee_stands_in_where_no_government_office_assigned(
    binhai, unit, office, clerk, client_of
):
    with in_congress(binhai):
        people = ready(reply_precheck="government_office")
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        first_level = sent_to_check(stage.task_of(row, unit.unit), unit)
        _, court = stage.unit("法院")
        under_court = sent_to_check(handed_on(binhai, people[1], court, unit), unit)
        of_office = sent_to_check(handed_on(binhai, people[2], office, unit), unit)
        for task in (first_level, under_court):
            assert access.may_check(clerk, task) and not access.may_check(office, task)
            assert not access.may_check(court, task) and not access.may_check(unit, task)
        assert access.may_check(office, of_office) and not access.may_check(clerk, of_office)
        assert set(access.tasks_to_check(clerk)) == {first_level, under_court}
        assert list(access.tasks_to_check(office)) == [of_office]
        with pytest.raises(NotAllowed, match="不由您预审"):
            actions.check_reply(under_court, by=court, passes=True)
        actions.check_reply(under_court, by=clerk, passes=True)
    page = reverse("admin:suggestions_reply_check", args=[of_office.pk])
    assert client_of(clerk).get(page).status_code == 404
    page = reverse("desk_task_check_reply", args=[of_office.pk])
    assert "已将审批环节减为三个" in words(client_of(office).get(page))
    assert client_of(office).post(page, {"passes": "yes"}).status_code == 302


def test_a_neighbour_checks_nothing(binhai, shanyang, unit, client_of):
    with in_congress(binhai):
        people = ready(reply_precheck="deputy_affairs")
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = sent_to_check(stage.task_of(row, unit.unit), unit)
    other = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    for name in ("reply_check", "reply_draft"):
        assert other.get(reverse(f"admin:suggestions_{name}", args=[task.pk])).status_code == 404


def test_a_reply_written_anew_after_its_check_is_checked_again(binhai, unit, clerk):
    with in_congress(binhai):
        people = ready(reply_precheck="deputy_affairs")
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = sent_to_check(stage.task_of(row, unit.unit), unit)
        actions.check_reply(task, by=clerk, passes=True)
        second = stage.drafted(task, unit, MARCH, text="另外的一份答复，没有经过预审。")
        assert task.replies.get(version=1).state == Reply.State.DROPPED
        actions.sign_off(task, by=unit, signer="局长程某")
        with pytest.raises(NotAllowed, match="须先送预审"):
            serve(task, unit)
        actions.send_to_check(task, by=unit)
        actions.check_reply(task, by=clerk, passes=True)
        assert serve(task, unit).pk == second.pk


def test_nothing_is_sent_to_a_check_the_rules_do_not_ask(binhai, unit):
    with in_congress(binhai):
        people = ready()
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        with pytest.raises(NotAllowed, match="不要求预审"):
            sent_to_check(stage.task_of(row, unit.unit), unit)


# -- 延期 ---------------------------------------------------------------------------------------


def test_more_time_below_a_court_is_for_the_committee_to_grant(
    binhai, unit, clerk, office, client_of
):
    with in_congress(binhai):
        people = ready(extension_approvers=["government_office"])
        _, court = stage.unit("法院")
        task = handed_on(binhai, people[0], court, unit)
        actions.sign_for(task, by=unit)
        asked = actions.ask_extension(
            task, by=unit, reason="wide", progress="正在调查", to_on=dt.date(2026, 7, 1)
        )
        assert asked in access.extensions_to_decide(clerk)
        assert asked not in access.extensions_to_decide(office)
    page = words(client_of(court).get(reverse("desk_items") + "?show=all"))
    assert "法院" in page or task.suggestion.title in page
    address = reverse("desk_task_decide_extension", args=[task.pk])
    assert client_of(court).get(address).status_code == 404
    ruling = reverse("admin:suggestions_ruling_extension", args=[asked.pk])
    assert client_of(clerk).post(ruling, {"agrees": "yes"}).status_code == 302
    with in_congress(binhai):
        asked.refresh_from_db()
        assert asked.granted is True


# -- The end -----------------------------------------------------------------------------------


def test_trap_08_a_waived_opinion_is_not_judged_and_ends_with_the_suggestion(binhai, unit, clerk):
    with in_congress(binhai):
        people = ready()
        finance, their = stage.unit("财政局")
        roads, _ = stage.unit("交通局")
        row = stage.assigned(
            binhai, people[0], [(unit.unit, "lead"), (finance, "joint"), (roads, "joint")]
        )
        joint, silent = stage.task_of(row, finance), stage.task_of(row, roads)
        actions.sign_for(joint, by=their)
        actions.waive_opinion(joint, by=unit, reason="意见已当面沟通")
        actions.waive_opinion(silent, by=unit, reason="意见已当面沟通")
        actions.give_opinion(joint, by=their, text="资金可在今年预算内统筹。", signer="局长")
        row = stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
        judged = set(Feedback.objects.filter(suggestion=row).values_list("assignment", flat=True))
        assert judged == {stage.task_of(row, unit.unit).pk, joint.pk}
        row = stage.judged(row, APRIL)
        assert row.state == State.CLOSED
        silent.refresh_from_db()
        assert silent.state == Task.CANCELLED
        owed = Deadline.objects.filter(done_at=None, cancelled_at=None)
        assert set(owed.values_list("kind", flat=True)) == {"suggestions.publish"}


def test_an_office_that_handed_on_is_done_with_it(binhai, unit, office, client_of):
    with in_congress(binhai):
        people = ready()
        task = handed_on(binhai, people[0], office, unit)
        owner = task.parent
        waiting = stage.assigned(binhai, people[1], [(office.unit, "owner")])
        own = set(queries.desk_tasks(office).values_list("pk", flat=True))
        assert own == {task.pk, stage.task_of(waiting, office.unit).pk}
    link = f'href="{reverse("desk_task", args=[owner.pk])}"'
    desk = client_of(office)
    for show in ("", "handling"):
        assert link not in words(desk.get(reverse("desk_items"), {"show": show}))
    assert link in words(desk.get(reverse("desk_items"), {"show": "handed_on"}))
    assert "已分办" not in words(client_of(unit).get(reverse("desk_items")))
    with in_congress(binhai):
        stage.judged(stage.answered(task, unit, MARCH), APRIL)
        owner.refresh_from_db()
        assert owner.state == Task.DONE
