"""A handling unit at its desk: sign, talk, answer; the government office hands on and decides."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role, Unit
from congress.tenancy import in_congress
from reports.queries.desk import home_of
from suggestions import actions, queries
from suggestions.models import Reply, Suggestion
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def task(binhai, people, unit):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        return stage.task_of(row, unit.unit)


def at(name: str, *args) -> str:
    return reverse(f"desk_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


REPLY = {
    "document_number": "滨建函〔2026〕12号", "text": "收悉您的建议后，我们到现场作了调查。",
    "publicity": "full", "point_1": "已列入今年计划。", "point_2": "已减为三个环节。",
    "contact_person": "李某", "contact_phone": "025-10000000",
}  # fmt: skip


def test_a_unit_signs_talks_answers_and_serves(binhai, people, unit, task, client_of):
    desk = client_of(unit)
    assert "待签收" in words(desk.get(at("items")))
    desk.post(at("task_sign", task.pk))
    talk = {"phase": "before", "mode": "face", "on": "２０２６-03-10", "who": "副局长李某",
            "opinions": "代表同意分两批实施。"}  # fmt: skip
    assert desk.post(at("task_contact", task.pk), talk).status_code == 302
    with in_congress(binhai):
        klass = stage.klass("B")
    desk.post(at("task_reply", task.pk), REPLY | {"result_class": klass.pk})
    page = words(desk.get(at("task_sign_off", task.pk)))
    assert "还不能签发" in page and "承诺事项" in page and "沟通记录" in page
    assert desk.post(at("task_sign_off", task.pk), {"signer": "局长程某"}).status_code == 409
    with in_congress(binhai):
        contact = task.contacts.get()
        actions.confirm_contact(contact, by=people[0].membership, confirmed=True)
    pledge = {"promise_1": "完成首批十二部电梯", "due_1": "2026-10-30"}
    assert "请填写这项承诺的完成日期" in words(
        desk.post(at("task_reply", task.pk), REPLY | {"promise_1": "完成首批"})
    )
    desk.post(at("task_reply", task.pk), REPLY | pledge | {"result_class": klass.pk})
    assert desk.post(at("task_sign_off", task.pk), {"signer": "局长程某"}).status_code == 302
    letter = desk.get(at("task_letter", task.pk))
    assert letter.content.startswith(b"%PDF-")
    pk = people[0].pk
    served = {f"mode_{pk}": "face", f"on_{pk}": "2026-03-10"}
    assert desk.post(at("task_serve", task.pk), served).status_code == 302
    with in_congress(binhai):
        assert Reply.objects.get(state="served").services.count() == 1
        assert Suggestion.objects.get().state == "answered"
    assert "<h2>代表评价" not in words(desk.get(at("task", task.pk)))
    with in_congress(binhai):
        stage.judged(Suggestion.objects.get(), MARCH)
    assert "满意 1 人" not in words(desk.get(at("task", task.pk)))  # one deputy is a name
    assert "完成首批十二部电梯" in words(desk.get(at("promises")))


def test_the_office_hands_on_and_decides_a_return(binhai, people, unit, client_of):
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        finance, clerk = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(office.unit, "owner")])
        owner = stage.task_of(row, office.unit)
    desk = client_of(office)
    bad = desk.post(at("task_assign_on", owner.pk), {"unit_1": finance.pk})
    assert bad.status_code == 422 and "请选择承办方式" in words(bad)
    desk.post(at("task_assign_on", owner.pk), {"unit_1": finance.pk, "role_1": "sole"})
    with in_congress(binhai):
        task = stage.task_of(row, finance)
        task.assigned_on = dt.date(2026, 3, 9)
        task.save()
    asked = {"reason": "not_ours", "explanation": "属住建局职责", "legal_basis": "三定规定",
             "approved_by_head": "局长"}  # fmt: skip
    assert client_of(clerk).post(at("task_return", task.pk), asked).status_code == 302
    address = at("task_decide_return", task.pk)
    refused = desk.post(address, {"accept": "yes", "decision": "同意"})
    assert refused.status_code == 422 and "改由哪个单位" in words(refused)
    desk.post(address, {"accept": "yes", "decision": "同意", "unit": unit.unit.pk})
    with in_congress(binhai):
        assert stage.task_of(row, unit.unit).legal_due_on == task.legal_due_on
    assert client_of(unit).get(address).status_code == 404


def test_a_hidden_name_is_nowhere_at_the_desk(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")], hides_name=True)
        task = stage.task_of(row, unit.unit)
    desk = client_of(unit)
    for address in (at("items"), at("task", task.pk), at("task_contact", task.pk)):
        assert people[0].name not in words(desk.get(address))


def test_other_units_and_neighbours_find_nothing(binhai, shanyang, people, unit, task, client_of):
    with in_congress(binhai):
        _, other = stage.unit("财政局")
    for who in (other, cast.member(shanyang, Role.HANDLING_UNIT)):
        for name in ("task", "task_sign", "task_reply", "task_letter", "task_return"):
            assert client_of(who).get(at(name, task.pk)).status_code == 404
    assert client_of(people[0].membership).get(at("task", task.pk)).status_code == 403


def test_the_desk_asks_the_same_however_many_tasks(binhai, people, unit, task, client_of):
    desk = client_of(unit)
    desk.get(at("items"))
    with CaptureQueriesContext(connection) as few:
        desk.get(at("items"))
    with in_congress(binhai):
        for _ in range(12):
            stage.assigned(binhai, people[1], [(unit.unit, "sole")])
    with CaptureQueriesContext(connection) as many:
        desk.get(at("items"))
    assert len(many) == len(few)


def test_ten_are_signed_for_at_once(binhai, people, unit, task, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[1], [(unit.unit, "sole")])
        second = stage.task_of(row, unit.unit)
    client_of(unit).post(at("items_sign"), {"task": [task.pk, second.pk]})
    with in_congress(binhai):
        assert not row.assignments.filter(state="to_sign").exists()


def test_a_number_of_the_first_screen_is_the_rows_behind_it(binhai, people, unit, client_of):
    """Also once an opinion was given, handed on, late or answered."""
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        finance, who = stage.unit("财政局")
        Unit.objects.filter(pk=finance.pk).update(parent=office.unit)
        row = stage.assigned(binhai, people[0], [(unit.unit, "lead"), (finance, "joint")])
        joint = stage.task_of(row, finance)
        actions.sign_for(joint, by=who)
        actions.give_opinion(joint, by=who, text="同意由主办单位答复。", signer="局长")
        stage.assigned(binhai, people[1], [(finance, "sole")])
        stage.assigned(binhai, people[0], [(office.unit, "owner")])
        handed = stage.assigned(binhai, people[0], [(office.unit, "owner")])
        owner = stage.task_of(handed, office.unit)
        actions.assign_on(owner, by=office, plans=[actions.Plan(finance, "sole")])
        done = stage.assigned(binhai, people[1], [(unit.unit, "sole")])
        stage.answered(stage.task_of(done, unit.unit), unit, dt.date(2026, 3, 9))
    for member, day in ((unit, 10), (who, 10), (office, 10), (office, 130), (who, 130)):
        with time_machine.travel(
            dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC) + dt.timedelta(days=day), tick=False
        ):
            with in_congress(binhai):
                subjects, figures = home_of(member)
            desk = client_of(member)
            shown = [(s.title, s.count, s.url) for s in subjects if s.url.startswith("/desk/items")]
            shown += [(f.label, f.value, f.url) for f in figures]
            for label, count, url in shown:
                listed = desk.get(url).context["page"].paginator.count
                assert listed == int(count), (member.name, day, label, url)
    with in_congress(binhai):
        assert queries.desk_tasks(who, "given").get() == joint
