"""答复函 kept as it was served, read by the deputy; who signs it; 催办 at the office's desk."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from congress import files
from congress.flow import NotAllowed
from congress.models import Membership, Role, User
from congress.tenancy import in_congress
from suggestions import access, actions
from suggestions.models import Assignment, Reply, Service, Suggestion, Urge
from tests import cast

from . import stage
from .test_desk import REPLY

MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 15)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def march():
    with stage.on(MARCH):
        yield


def words(response) -> str:
    return response.content.decode()


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


# -- 答复函 ------------------------------------------------------------------------------------


def test_a_deputy_reads_the_letter_as_it_was_served(binhai, shanyang, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
        reply = Reply.objects.get(state="served")
        assert reply.services.get().received_at is None
    phone = client_of(people[0].membership)
    page = reverse("portal_suggestion_letter", args=[reply.pk])
    assert page in words(phone.get(reverse("portal_suggestion", args=[row.pk])))
    first = phone.get(page)
    assert first["Content-Type"] == "application/pdf"
    assert "已列入今年计划" in text_of(first.content)
    with in_congress(binhai):
        reply.refresh_from_db()
        assert reply.letter_id and Service.objects.get().received_at
        Suggestion.objects.filter(pk=row.pk).update(title="后来改动的标题")
        kept = files.read(reply.letter)
        assert access.letter_readable(people[0].membership, reply.letter)
        assert not access.letter_readable(people[1].membership, reply.letter)
    assert phone.get(page).content == kept == first.content
    desk = client_of(unit)
    assert desk.get(reverse("desk_reply_letter", args=[reply.pk])).content == kept
    assert "查收" in words(desk.get(reverse("desk_task", args=[reply.assignment_id])))
    staff = client_of(stage.clerk(binhai))
    assert staff.get(reverse("admin:suggestions_letter", args=[reply.pk])).content == kept
    assert client_of(people[1].membership).get(page).status_code == 404
    neighbour = client_of(cast.member(shanyang, Role.HANDLING_UNIT))
    assert neighbour.get(reverse("desk_reply_letter", args=[reply.pk])).status_code == 404


def test_trap_29_the_letters_of_all_rounds_stay_at_the_desk(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        row = stage.judged(stage.answered(task, unit, MARCH), MARCH, "unsatisfied")
        actions.order_rehandling(
            row, by=stage.clerk(binhai), opinion="请落实资金", dimensions=["结果"]
        )
        stage.answered(task, unit, APRIL)
        first, second = Reply.objects.filter(state="served").order_by("round")
    page = words(client_of(unit).get(reverse("desk_task", args=[task.pk])))
    for reply in (first, second):
        assert reverse("desk_reply_letter", args=[reply.pk]) in page
    with in_congress(binhai):
        assert actions.keep_letter(first, by=unit) != actions.keep_letter(second, by=unit)
        draft = stage.assigned(binhai, people[1], [(unit.unit, "sole")])
        task = stage.task_of(draft, unit.unit)
        actions.sign_for(task, by=unit)
        with pytest.raises(NotAllowed, match="还没有送达"):
            actions.keep_letter(stage.drafted(task, unit, MARCH), by=unit)


def test_trap_39_a_hidden_name_is_not_in_the_letter(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")], hides_name=True)
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
        reply = Reply.objects.get(state="served")
    letter = client_of(unit).get(reverse("desk_reply_letter", args=[reply.pk]))
    assert people[0].name not in text_of(letter.content)
    assert "提出建议的代表" in text_of(letter.content)
    desk = client_of(unit)
    with in_congress(binhai):
        task = stage.task_of(row, unit.unit)
    page = desk.get(reverse("desk_task", args=[task.pk])).content.decode()
    assert row.title in page and people[0].name not in page


def test_trap_41_a_key_item_is_answered_in_the_governments_name(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        actions.sign_for(task, by=unit)
        stage.talked(task, unit, MARCH)
        klass = stage.klass("A").pk
    desk, page = client_of(unit), reverse("desk_task_reply", args=[task.pk])
    assert "署名单位" not in words(desk.get(page))
    with in_congress(binhai):
        Suggestion.objects.filter(pk=row.pk).update(is_key=True)
    assert "署名单位" in words(desk.get(page))
    said = REPLY | {"result_class": klass, "signed_in_name_of": "滨海区人民政府"}
    assert desk.post(page, said).status_code == 302
    letter = desk.get(reverse("desk_task_letter", args=[task.pk]))
    assert "滨海区人民政府" in text_of(letter.content)
    assert 'value="滨海区人民政府"' in words(desk.get(page))
    with in_congress(binhai):
        assert actions.sign_off(task, by=unit, signer="副区长").signed_in_name_of


def test_trap_42_no_other_name_stands_under_an_ordinary_reply(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        actions.sign_for(task, by=unit)
        klass = stage.klass("A").pk
    said = REPLY | {"result_class": klass, "signed_in_name_of": "住建局办公室"}
    client_of(unit).post(reverse("desk_task_reply", args=[task.pk]), said)
    with in_congress(binhai):
        assert Reply.objects.get().signed_in_name_of == ""


# -- 催办 ---------------------------------------------------------------------------------------


def handed_on(congress, lead, office, unit) -> Assignment:
    row = stage.assigned(congress, lead, [(office.unit, "owner")])
    actions.assign_on(
        stage.task_of(row, office.unit), by=office, plans=[actions.Plan(unit.unit, "sole")]
    )
    return stage.task_of(row, unit.unit)


def test_the_office_urges_its_units_one_or_several(binhai, people, unit, office, client_of):
    with in_congress(binhai):
        first = handed_on(binhai, people[0], office, unit)
        second = handed_on(binhai, people[1], office, unit)
    desk = client_of(office)
    page = reverse("desk_task_urge", args=[first.pk])
    assert page in words(desk.get(reverse("desk_task", args=[first.pk])))
    assert page not in words(client_of(unit).get(reverse("desk_task", args=[first.pk])))
    bare = desk.post(page, {"text": " "})
    assert bare.status_code == 422
    assert desk.post(page, {"text": "请抓紧办理", "with_letter": "on"}).status_code == 302
    with in_congress(binhai):
        assert Urge.objects.get().letter_id
    many = reverse("desk_items_urge")
    assert many in words(desk.get(reverse("desk_items")))
    asked = desk.post(many, {"task": [first.pk, second.pk]})
    assert "2 件，1 个单位" in words(asked)
    sent = {"task": [first.pk, second.pk], "send": "1", "text": "请抓紧办理"}
    assert desk.post(many, sent).status_code == 302
    with in_congress(binhai):
        assert Urge.objects.count() == 3


def test_nobody_urges_beyond_the_own_system(binhai, shanyang, people, unit, office, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        with pytest.raises(NotAllowed, match="本系统"):
            actions.urge(task, by=office, text="请抓紧办理")
        own = handed_on(binhai, people[1], office, unit)
    page = reverse("desk_task_urge", args=[own.pk])
    for who in (unit, cast.member(shanyang, Role.GOVERNMENT_OFFICE)):
        assert client_of(who).get(page).status_code == 404
    client_of(office).post(
        reverse("desk_items_urge"), {"task": [task.pk], "send": "1", "text": "急"}
    )
    with in_congress(binhai):
        assert not Urge.objects.exists()
        stage.answered(own, unit, MARCH)
    assert client_of(office).get(page).status_code == 404


def test_the_offices_list_asks_the_same_however_many(binhai, people, unit, office, client_of):
    with in_congress(binhai):
        handed_on(binhai, people[0], office, unit)
    desk = client_of(office)
    desk.get(reverse("desk_items"))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse("desk_items"))
    with in_congress(binhai):
        for _ in range(8):
            handed_on(binhai, people[1], office, unit)
    with CaptureQueriesContext(connection) as many:
        desk.get(reverse("desk_items"))
    assert len(many) == len(few)


# -- 签发 ---------------------------------------------------------------------------------------


def colleague(unit):
    user = User.objects.create_user("binhai-unit-head", must_change_password=False)
    return Membership.objects.create(
        user=user, role=Role.HANDLING_UNIT, name="程局长", unit=unit.unit
    )


def ready_to_sign(binhai, lead, unit):
    row = stage.assigned(binhai, lead, [(unit.unit, "sole")])
    task = stage.task_of(row, unit.unit)
    actions.sign_for(task, by=unit)
    stage.talked(task, unit, MARCH)
    stage.drafted(task, unit, MARCH)
    return task


def test_who_wrote_a_reply_does_not_sign_it_off_where_the_unit_has_two(
    binhai, people, unit, client_of
):
    with in_congress(binhai):
        alone = ready_to_sign(binhai, people[0], unit)
        actions.sign_off(alone, by=unit, signer="局长程某")  # nobody else is there
        head = colleague(unit)
        task = ready_to_sign(binhai, people[1], unit)
        with pytest.raises(NotAllowed, match="另一位同事签发"):
            actions.sign_off(task, by=unit, signer="局长程某")
    page = reverse("desk_task_sign_off", args=[task.pk])
    assert "这份答复是您拟的" in words(client_of(unit).get(page))
    assert client_of(unit).post(page, {"signer": "局长程某"}).status_code == 409
    assert "这份答复是您拟的" not in words(client_of(head).get(page))
    assert client_of(head).post(page, {"signer": "局长程某"}).status_code == 302
    with in_congress(binhai):
        assert Reply.objects.get(assignment=task).signed_off_by == head


def test_rules_may_leave_signing_off_to_one_person(binhai, unit):
    with in_congress(binhai):
        stage.ready(signs_apart=False)
        people = stage.people()
        colleague(unit)
        task = ready_to_sign(binhai, people[0], unit)
        assert actions.sign_off(task, by=unit, signer="局长程某").state == "signed_off"
