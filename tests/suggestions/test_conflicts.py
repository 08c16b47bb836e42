"""A deputy who heads or works in the unit that handles (trap 32): marked wherever a unit comes in,
shown to who assigns, and marked on that deputy's word alone."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from congress.models import Membership, Role, User
from congress.tenancy import in_congress
from deputies.models import Delegation
from suggestions import actions, queries
from suggestions.models import Assignment, Feedback, Suggestion
from suggestions.rules.conflicts import works_in
from tests import cast

from . import stage
from .test_desk import at, words

MARCH = dt.date(2026, 3, 10)
NAMES = ["滨海区住房和城乡建设局", "住建局"]
on_database = pytest.mark.django_db(databases=["default", "platform"])


@pytest.mark.parametrize(
    "occupation",
    [
        "滨海区住房和城乡建设局局长",
        "区住房和城乡建设局副局长",
        "区住建局局长",
        "住建局质监站站长",
        "湖东市滨海区住建局局长",
        "区工商联副主席、住建局副局长",
    ],
)
def test_an_occupation_that_names_the_unit(occupation):
    assert works_in(occupation, NAMES)


@pytest.mark.parametrize(
    "occupation",
    [
        "",
        "区财政局局长",
        "湖东市住建局副局长",  # the city's bureau is another unit
        "山阳区住建局局长",  # and so is another district's
        "住建局幼儿园园长",
        "住建局下属建工集团公司经理",
    ],
)
def test_an_occupation_that_does_not(occupation):
    assert not works_in(occupation, NAMES)


def test_a_village_of_the_street_is_not_the_street():
    assert works_in("东湖街道党工委书记", ["滨海区东湖街道工作委员会", "东湖街道"])
    assert not works_in("东湖街道湖滨社区党委书记", ["滨海区东湖街道工作委员会", "东湖街道"])


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def people(binhai):
    """The second of them is deputy head of 住建局."""
    with in_congress(binhai):
        stage.ready()
        rows = stage.people()
        rows[1].occupation = "区住建局副局长"
        rows[1].save()
        return rows


def marked(row: Suggestion) -> set[str]:
    tasks = row.assignments.filter(deputies_conflict=True)
    return {f"{t.unit.short_name}{t.state}" for t in tasks.select_related("unit")}


@on_database
def test_trap_32_the_word_of_who_works_in_the_unit_is_marked_and_no_other(
    binhai, people, unit, client_of
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")], people[1:2])
        assert marked(row) == {"住建局to_sign"}
        task = stage.task_of(row, unit.unit)
    page = words(client_of(stage.clerk(binhai)).get(
        f"/admin/suggestions/suggestion/{row.pk}/change/"))  # fmt: skip
    assert "提出人任职于承办单位" in page and "住房和城乡建设局有本件的提出人任职" in page
    assert "提出人中有代表任职于" in words(client_of(unit).get(at("task", task.pk)))
    with in_congress(binhai):
        stage.answered(task, unit, MARCH)
        said = dict(Feedback.objects.values_list("deputy__name", "has_conflict"))
        assert said == {people[0].name: False, people[1].name: True}
        stage.judged(Suggestion.objects.get(), MARCH)  # it is given and counted as any other
        assert Suggestion.objects.get().state == "closed"
    judging = client_of(stage.clerk(binhai)).get(f"/admin/suggestions/suggestion/{row.pk}/change/")
    assert words(judging).count("任职于该单位") == 1


@on_database
def test_the_deputy_is_told_on_the_form(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[1], [(unit.unit, "sole")])
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
        assert Feedback.objects.get().has_conflict
    page = client_of(people[1].membership).get(f"/me/suggestions/{row.pk}/judge/", follow=True)
    assert "您在这个单位任职" in words(page)


@on_database
def test_every_way_a_unit_comes_in_marks_it(binhai, people, unit):
    clerk, office = stage.clerk(binhai), cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        finance, money = stage.unit("财政局")
        # by the office
        row = stage.assigned(binhai, people[1], [(office.unit, "owner")])
        assert marked(row) == set()
        owner = stage.task_of(row, office.unit)
        actions.assign_on(owner, by=office, plans=[actions.Plan(unit.unit, "sole")])
        assert marked(row) == {"住建局to_sign"}
        # added
        row = stage.assigned(binhai, people[1], [(finance, "sole")])
        assert marked(row) == set()
        plan = actions.Plan(unit.unit, "joint")
        actions.add_unit(row, by=clerk, plan=plan, reason="须住建局配合")
        assert marked(row) == {"住建局to_sign"}
        # in another's place
        row = stage.assigned(binhai, people[1], [(finance, "sole")])
        task = stage.task_of(row, finance)
        plan = actions.Plan(unit.unit, "sole")
        actions.change_unit(task, by=clerk, plan=plan, reason="职责不符", stays_joint=True)
        assert marked(row) == {"住建局to_sign"}
        # after a return
        row = stage.assigned(binhai, people[1], [(finance, "sole")], day=dt.date(2026, 3, 9))
        task = stage.task_of(row, finance)
        asked = actions.ask_return(
            task, by=money, reason="not_ours", explanation="属住建局职责", legal_basis="三定规定",
            approved_by_head="局长",
        )  # fmt: skip
        actions.decide_return(asked, by=clerk, accept=True, decision="同意", plan=plan)
        assert marked(row) == {"住建局to_sign"}


@on_database
def test_a_login_for_the_unit_marks_as_well(binhai, people):
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        user = User.objects.get(pk=people[2].membership.user_id)
        post = Membership.objects.create(
            user=user, role=Role.HANDLING_UNIT, name=people[2].name, unit=finance
        )
        assert queries.working_in(people, [finance]) == {(people[2].pk, finance.pk)}
        post.valid_to = dt.date(2026, 3, 9)
        post.save()
        assert queries.working_in(people, [finance]) == set()


@on_database
def test_who_assigns_sees_it_before(binhai, people, unit, client_of):
    clerk, second = stage.clerk(binhai), cast.second(binhai)
    with in_congress(binhai):
        row = stage.registered(binhai, people[1])
        batch = actions.open_batch(by=clerk, title="第一批", assigned_on=MARCH)
        actions.fill_batch(batch, by=clerk, suggestions=[row])
        proposal = actions.Proposal(actions.Plan(unit.unit, "sole"))
        actions.propose_units(row, by=clerk, batch=batch, proposals=[proposal])
    page = client_of(clerk).get(reverse("admin:suggestions_batch_units", args=[batch.pk, row.pk]))
    assert f"{people[1].name}任职于滨海区住房和城乡建设局" in words(page)
    check = client_of(second).get(reverse("admin:suggestions_batch_check", args=[batch.pk]))
    assert "提出人任职于该单位" in words(check)


@on_database
def test_a_new_head_of_the_delegation_is_looked_at_again(binhai, people, unit):
    with in_congress(binhai):
        group = Delegation.objects.create(name="东湖代表团")
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        Suggestion.objects.filter(pk=row.pk).update(
            lead=None, delegation=group, delegation_head=people[0]
        )
        row = actions.name_head(
            Suggestion.objects.get(pk=row.pk), by=stage.clerk(binhai), head=people[1]
        )
        assert Assignment.objects.get().deputies_conflict
