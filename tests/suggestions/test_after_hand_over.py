"""After 交办: a delegation is answered through its head, units change, several answer together."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.files import store
from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from deputies.models import Delegation
from notices.models import Notice
from performance.models import DutyRecord
from suggestions import actions
from suggestions.models import Assignment, Category, Feedback, Service, Suggestion
from suggestions.rules.texts import CHECKS
from tests import cast

from . import stage

FEBRUARY, MARCH, APRIL = dt.date(2026, 2, 5), dt.date(2026, 3, 10), dt.date(2026, 4, 15)
LEGAL = dt.date(2026, 5, 6)
State, Task = Suggestion.State, Assignment.State
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def february():
    with stage.on(FEBRUARY):
        yield


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready()
        return stage.people()


@pytest.fixture
def housing(binhai):
    return cast.member(binhai, Role.HANDLING_UNIT)


@pytest.fixture
def office(binhai):
    return cast.member(binhai, Role.GOVERNMENT_OFFICE)


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def desk(clerk, client_of):
    return client_of(clerk)


def staff(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def at(name: str, *args) -> str:
    return reverse(f"desk_{name}", args=args)


def page_of(row: Suggestion) -> str:
    return reverse("admin:suggestions_suggestion_change", args=[row.pk])


def words(response) -> str:
    return response.content.decode()


def told(member) -> list[str]:
    return list(Notice.objects.filter(to=member).order_by("pk").values_list("title", flat=True))


# -- 代表团建议 -------------------------------------------------------------------------------


@pytest.fixture
def delegations(binhai, people, clerk, housing):
    """A delegation's suggestion, handed over to one unit; nobody named to speak for it."""
    with in_congress(binhai), stage.on(stage.SITTING):
        own = Delegation.objects.create(name="东湖代表团")
        paper = store(
            "建议.pdf", b"%PDF-1.4", purpose="suggestions.file", by=clerk,
            content_type="application/pdf",
        )  # fmt: skip
        row = actions.enter(
            by=clerk, delegation=own, title="关于东湖片区公交接驳的建议", scan=paper,
            received_on=stage.SITTING, situation=stage.SITUATION, requests=stage.REQUESTS,
        )  # fmt: skip
        row = actions.register(
            row, by=clerk, category=Category.objects.get(name="物业管理"),
            checks=dict.fromkeys(CHECKS, True),
        )  # fmt: skip
    with in_congress(binhai), stage.on(stage.ASSIGNED):
        return actions.assign(row, by=clerk, plans=[actions.Plan(housing.unit, "sole")])


TALK = {"phase": "before", "mode": "face", "on": "2026-02-05", "who": "副局长李某",
        "opinions": "代表团同意分两批实施。"}  # fmt: skip
REPLY = {
    "document_number": "滨建函〔2026〕12号", "text": "收悉代表团的建议后，我们到现场作了调查。",
    "publicity": "full", "point_1": "已列入今年计划。", "point_2": "已减为三个环节。",
    "contact_person": "李某", "contact_phone": "025-10000000",
}  # fmt: skip


def test_trap_16_a_delegation_is_talked_with_answered_and_judges_through_its_head(
    binhai, people, delegations, housing, clerk, desk, client_of
):
    row, unit = delegations, client_of(housing)
    with in_congress(binhai):
        task = stage.task_of(row, housing.unit)
    assert "还没有登记团长" in words(desk.get(page_of(row)))
    unit.post(at("task_sign", task.pk))
    answer = unit.post(at("task_contact", task.pk), TALK)
    assert answer.status_code == 409 and "还没有登记团长" in words(answer)

    assert "请填写团长的姓名" in words(desk.post(staff("head", row.pk), {"head_name": ""}))
    desk.post(staff("head", row.pk), {"head_name": people[0].name})
    head = client_of(people[0].membership)
    with in_congress(binhai):
        assert "您已登记为代表团建议的团长：第5-001号" in told(people[0].membership)
    page = words(unit.get(at("task", task.pk)))
    assert f"东湖代表团（团长{people[0].name}）" in page
    unit.post(at("task_contact", task.pk), TALK)
    with in_congress(binhai):
        contact = task.contacts.get()
    assert "东湖代表团提出" in words(head.get("/me/suggestions/"))
    head.post(f"/me/suggestions/contacts/{contact.pk}/", {"confirmed": "yes"})
    with in_congress(binhai):
        klass = stage.klass("A")
    unit.post(at("task_reply", task.pk), REPLY | {"result_class": klass.pk})
    assert unit.post(at("task_sign_off", task.pk), {"signer": "局长程某"}).status_code == 302
    name = people[0].pk
    served = {f"mode_{name}": "face", f"on_{name}": "2026-02-05"}
    assert unit.post(at("task_serve", task.pk), served).status_code == 302
    with in_congress(binhai):
        service = Service.objects.get(reply__assignment=task)
        assert (service.deputy, service.delegation.name) == (people[0], "东湖代表团")
        row.refresh_from_db()
        assert row.state == State.ANSWERED
        assert [f.deputy for f in Feedback.objects.filter(suggestion=row)] == [people[0]]
        stage.judged(row, FEBRUARY)
        row.refresh_from_db()
        assert row.state == State.CLOSED
        # Nobody led it, so nobody is credited with raising it; judging it was duty done.
        codes = DutyRecord.objects.filter(deputy=people[0]).values_list("item__code", flat=True)
        assert list(codes) == ["B11"]


def test_trap_16_without_a_head_nothing_is_served(binhai, people, delegations, housing, clerk):
    with in_congress(binhai):
        task = stage.task_of(delegations, housing.unit)
        actions.sign_for(task, by=housing)
        actions.name_head(delegations, by=clerk, head=people[0])
        contact = actions.record_contact(
            task, by=housing, phase="before", mode="face", on=FEBRUARY, who="副局长李某",
            opinions="同意分两批。",
        )  # fmt: skip
        actions.confirm_contact(contact, by=people[0].membership, confirmed=True)
        stage.drafted(task, housing, FEBRUARY)
        actions.sign_off(task, by=housing, signer="局长程某")
        Suggestion.objects.update(delegation_head=None)
        with pytest.raises(NotAllowed, match="还没有登记团长"):
            actions.serve(task, by=housing, served={})


def test_trap_16_a_new_head_takes_over_what_still_waits(
    binhai, people, delegations, housing, clerk, desk
):
    with in_congress(binhai):
        task = stage.task_of(delegations, housing.unit)
        actions.sign_for(task, by=housing)
        actions.name_head(delegations, by=clerk, head=people[0])
        contact = actions.record_contact(
            task, by=housing, phase="before", mode="face", on=FEBRUARY, who="副局长李某",
            opinions="同意分两批。",
        )  # fmt: skip
        with pytest.raises(NotAllowed, match="已经登记为团长"):
            actions.name_head(delegations, by=clerk, head=people[0])
        actions.name_head(delegations, by=clerk, head=people[1])
        assert contact.confirmations.get().deputy == people[1]
        with pytest.raises(NotAllowed, match="由代工委登记"):
            actions.name_head(delegations, by=housing, head=people[2])
        ordinary = stage.assigned(binhai, people[0], [(housing.unit, "sole")])
    assert desk.get(staff("head", ordinary.pk)).status_code == 409
    assert "变更团长" in words(desk.get(page_of(delegations)))


def test_a_neighbours_delegation_has_no_head_from_here(binhai, delegations, shanyang, client_of):
    with in_congress(shanyang):
        stranger = stage.clerk(shanyang)
    assert client_of(stranger).get(staff("head", delegations.pk)).status_code == 404
