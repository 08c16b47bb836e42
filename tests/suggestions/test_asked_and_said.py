"""What deputies and units are asked for: the kind and the earlier number of a draft, when to be
reached, the class a deputy would give, pictures of talks, what shows a promise kept."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.api import _written
from suggestions.models import Contact, Feedback, Promise, PromiseEvent, Suggestion
from tests import cast

from . import stage
from .test_desk import at, words
from .test_judging_desk import PNG

MARCH = dt.date(2026, 3, 10)
JUNE = dt.date(2026, 6, 1)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready()
        rows = stage.people()
        rows[0].phone = "13900001111"
        rows[0].save()
        return rows


def to(name: str, *args) -> str:
    return reverse(f"portal_{name}", args=args)


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.png", PNG, content_type="image/png")


DRAFT = {
    "title": "关于在湖滨社区增设公交站点的建议", "situation": stage.SITUATION,
    "request_1": "在湖滨社区西门增设公交站",
}  # fmt: skip


def test_a_draft_names_its_kind_and_what_it_follows(binhai, people, client_of):
    with in_congress(binhai):
        before = stage.registered(binhai, people[1])
    with stage.on(MARCH):
        phone = client_of(people[0].membership)
        asked = DRAFT | {"kind": "criticism", "earlier_number": "９-001"}
        refused = phone.post(to("suggestion_new"), asked)
        assert refused.status_code == 422 and "没有找到编号为“9-001”" in words(refused)
        asked |= {
            "earlier_number": "5－001",
            "contact_hours": "工作日下午",
            "is_for_reference": "on",
        }
        assert phone.post(to("suggestion_new"), asked).status_code == 302
        with in_congress(binhai):
            row = Suggestion.objects.get(lead=people[0])
            assert (row.kind, row.raised_before) == ("criticism", before)
            assert (row.contact_hours, row.is_for_reference) == ("工作日下午", True)
            # A program that sends a part leaves the rest as it stands.
            values = _written({"title": "关于增设公交站点的建议"}, row)
            assert values["raised_before"] == before and values["is_for_reference"]
            assert (values["kind"], values["contact_hours"]) == ("criticism", "工作日下午")
        check = words(phone.get(to("suggestion_check", row.pk)))
        assert "批评" in check and "5-001" in check and "仅供参考，不需要" in check
        own = phone.post(to("suggestion_edit", row.pk), asked | {"earlier_number": ""})
        assert own.status_code == 302
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.raised_before is None


def test_a_draft_without_a_kind_is_a_suggestion(binhai, people, client_of):
    with stage.on(MARCH):
        client_of(people[0].membership).post(to("suggestion_new"), DRAFT)
    with in_congress(binhai):
        assert Suggestion.objects.get().kind == "suggestion"


def test_the_unit_sees_how_to_reach_the_deputy_and_nobody_else_does(
    binhai, people, unit, client_of
):
    office = cast.member(binhai, Role.GOVERNMENT_OFFICE)
    with in_congress(binhai):
        row = stage.assigned(
            binhai, people[0], [(office.unit, "owner")], contact_hours="工作日下午"
        )  # fmt: skip
        owner = stage.task_of(row, office.unit)
        with stage.on(MARCH):
            actions.assign_on(owner, by=office, plans=[actions.Plan(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
    with stage.on(MARCH):
        page = words(client_of(unit).get(at("task", task.pk)))
        assert "13900001111" in page and "工作日下午" in page
        assert "13900001111" not in words(client_of(office).get(at("task", task.pk)))
    with in_congress(binhai):
        stage.judged(stage.answered(task, unit, MARCH), MARCH)
    with stage.on(MARCH):
        assert "13900001111" not in words(client_of(unit).get(at("task", task.pk)))  # it is over


def test_who_asked_to_be_hidden_is_reached_through_the_committee(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(
            binhai, people[0], [(unit.unit, "sole")], hides_name=True, contact_hours="晚上"
        )  # fmt: skip
        task = stage.task_of(row, unit.unit)
    with stage.on(MARCH):
        page = words(client_of(unit).get(at("task", task.pk)))
    assert "13900001111" not in page and "请通过代工委转达" in page and "晚上" in page


def test_the_deputy_says_which_class_who_came_and_whether_to_publish(
    binhai, people, unit, client_of
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")], people[1:2])
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH)
        planned = stage.klass("B")
    said = {"d0": "satisfied", "d1": "basically", "met_with": "副局长李某", "own_class": planned.pk,
            "agrees_with_class": "no", "agrees_to_publish": "no"}  # fmt: skip
    with stage.on(MARCH):
        cosigner = client_of(people[1].membership)
        cosigner.post(to("suggestion_judge", row.pk), said | {"agrees_to_publish": "yes"})
        with in_congress(binhai):
            assert Suggestion.objects.get().may_publish_reply is None  # the lead says
        lead = client_of(people[0].membership)
        crossed = lead.post(to("suggestion_judge", row.pk), said | {"agrees_with_class": "yes"})
        assert crossed.status_code == 422 and "这一项不用选" in words(crossed)
        assert lead.post(to("suggestion_judge", row.pk), said).status_code == 302
    with in_congress(binhai):
        own = Feedback.objects.get(deputy=people[0])
        assert (own.met_with, own.own_class, own.agrees_to_publish) == (
            "副局长李某", planned, False,
        )  # fmt: skip
        assert Suggestion.objects.get().may_publish_reply is False
    page = client_of(stage.clerk(binhai)).get(f"/admin/suggestions/suggestion/{row.pk}/change/")
    assert "认为是B类" in words(page) and "面商人员：副局长李某" in words(page)


def test_a_talk_may_have_its_picture(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        _, other = stage.unit("财政局")
        with stage.on(MARCH):
            actions.sign_for(task, by=unit)
    talk = {"phase": "before", "mode": "site", "on": "2026-03-10", "who": "副局长李某",
            "opinions": "代表同意分两批实施。"}  # fmt: skip
    with stage.on(MARCH):
        desk = client_of(unit)
        assert 'enctype="multipart/form-data"' in words(desk.get(at("task_contact", task.pk)))
        bad = SimpleUploadedFile("照片.png", b"<svg/>", content_type="image/png")
        assert desk.post(at("task_contact", task.pk), talk | {"photo": bad}).status_code == 422
        sent = desk.post(at("task_contact", task.pk), talk | {"photo": picture()})
        assert sent.status_code == 302
        with in_congress(binhai):
            contact = Contact.objects.get()
            link = reverse("file", args=[contact.photo.public_id])
        deputy = client_of(people[0].membership)
        assert link in words(deputy.get(to("suggestion_contact", contact.pk)))
        assert link in words(desk.get(at("task", task.pk)))
        assert deputy.get(link).status_code == desk.get(link).status_code == 200
        assert client_of(other).get(link).status_code == 404
        assert client_of(people[1].membership).get(link).status_code == 404


def test_a_promise_is_reported_with_what_shows_it(binhai, people, unit, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        pledge = actions.Pledge("首批加装电梯十二部", "通过验收", "副局长李某", JUNE)
        stage.answered(stage.task_of(row, unit.unit), unit, MARCH, "B", promises=[pledge])
        promise = Promise.objects.get()
        _, other = stage.unit("财政局")
    with stage.on(JUNE):
        desk = client_of(unit)
        told = {"text": "十二部都已验收。", "signer": "局长程某", "evidence": picture()}
        assert desk.post(at("promise_report", promise.pk), told).status_code == 302
        with in_congress(binhai):
            event = PromiseEvent.objects.get(kind="report")
            link = reverse("file", args=[event.evidence.public_id])
        deputy = client_of(people[0].membership)
        assert link in words(deputy.get(to("promise_receipt", promise.pk)))
        assert deputy.get(link).status_code == desk.get(link).status_code == 200
        assert client_of(other).get(link).status_code == 404
