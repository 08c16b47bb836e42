"""A street (town) that is handed a suggestion: its staff answer at the handling desk, keep their
own pages, and see of others' work nothing more."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from congress import files
from congress.models import Role, Unit
from congress.tenancy import in_congress
from deadlines.queries import waiting_for
from deputies.models import Mandate
from notices.models import Notice
from suggestions import access, actions, queries
from suggestions.models import Attachment, Reply, Suggestion
from tests import cast

from . import stage
from .test_desk import REPLY

MARCH = dt.date(2026, 3, 10)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def people(binhai):
    """Deputies of the other street."""
    with in_congress(binhai):
        stage.ready()
        rows = stage.people()
        Mandate.objects.update(street=Unit.objects.get(short_name="西园街道"))
        return rows


@pytest.fixture
def street(binhai):
    return cast.member(binhai, Role.STREET)


@pytest.fixture
def task(binhai, people, street):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(street.unit, "sole")])
        return stage.task_of(row, street.unit)


def at(name: str, *args) -> str:
    return reverse(f"desk_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def test_a_street_is_told_signs_talks_answers_and_serves(binhai, people, street, task, client_of):
    with in_congress(binhai):
        told = Notice.objects.get(to=street, link=at("task", task.pk))
        assert waiting_for(street, MARCH).filter(link=told.link).exists()
    page = client_of(street)
    home = words(page.get("/admin/"))
    assert "本街道（镇）承办的建议" in home and told.link in home
    opened = page.get(reverse("portal_notice", args=[told.pk]))
    assert opened["Location"] == told.link
    desk = words(page.get(told.link))
    assert "待签收" in desk and reverse("portal_notices") in desk
    assert f'href="{reverse("desk_home")}"' not in desk  # not a street's own first screen
    assert page.post(at("task_sign", task.pk)).status_code == 302
    talk = {"phase": "before", "mode": "face", "on": "2026-03-10", "who": "副主任李某",
            "opinions": "代表同意分两批实施。"}  # fmt: skip
    page.post(at("task_contact", task.pk), talk)
    with in_congress(binhai):
        actions.confirm_contact(task.contacts.get(), by=people[0].membership, confirmed=True)
        mark = stage.klass("A")
    page.post(at("task_reply", task.pk), REPLY | {"result_class": mark.pk})
    assert page.post(at("task_sign_off", task.pk), {"signer": "主任街某"}).status_code == 302
    pk = people[0].pk
    served = {f"mode_{pk}": "face", f"on_{pk}": "2026-03-10"}
    assert page.post(at("task_serve", task.pk), served).status_code == 302
    with in_congress(binhai):
        assert Reply.objects.get().state == Reply.State.SERVED
        assert Suggestion.objects.get().state == Suggestion.State.ANSWERED


def test_a_town_is_reached_as_a_street_is(binhai, people):
    with in_congress(binhai):
        town, who = stage.unit("沙河镇", Unit.Kind.TOWN_PRESIDIUM, Role.STREET)
        assert town in queries.assignable_units()
        row = stage.assigned(binhai, people[0], [(town, "sole")])
        assert Notice.objects.filter(to=who).exists()
        assert list(access.own_tasks(who)) == [stage.task_of(row, town)]


def test_a_street_sees_its_own_tasks_and_no_other_units(binhai, people, street, client_of):
    with in_congress(binhai):
        finance, clerk = stage.unit("财政局")
        west = Unit.objects.get(short_name="西园街道")
        row = stage.assigned(
            binhai, people[0], [(street.unit, "separate"), (finance, "separate")]
        )  # fmt: skip
        other = stage.assigned(binhai, people[1], [(west, "sole")])
        mine, theirs = stage.task_of(row, street.unit), stage.task_of(row, finance)
        assert list(access.tasks_visible_to(street)) == [mine]
        assert not access.followed_tasks(street).exists()  # nothing to urge: it was not its deputy
        assert not access.visible_to(street).exists()
    page = client_of(street)
    assert page.get(at("task", mine.pk)).status_code == 200
    for task in (theirs, stage_task(binhai, other, west)):
        assert page.get(at("task", task.pk)).status_code == 404
        assert page.get(at("task_reply", task.pk)).status_code == 404
    assert page.get(f"/admin/suggestions/suggestion/{row.pk}/change/").status_code == 404


def stage_task(congress, row, unit):
    with in_congress(congress):
        return stage.task_of(row, unit)


def test_a_street_keeps_its_own_deputies_items(binhai, people, street):
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(finance, "sole")])
        Suggestion.objects.filter(pk=row.pk).update(street=street.unit)
        task = stage.task_of(row, finance)
        assert list(access.visible_to(street)) == [row]
        assert list(access.followed_tasks(street)) == [task]
        assert list(access.own_tasks(street)) == []
        assert not access.works_for(street, task)


def test_a_street_that_leads_reads_the_joint_opinions(binhai, people, street):
    with in_congress(binhai):
        finance, clerk = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(street.unit, "lead"), (finance, "joint")])
        joint = stage.task_of(row, finance)
        assert joint in access.tasks_visible_to(street)
        actions.sign_for(joint, by=clerk)
        actions.give_opinion(joint, by=clerk, text="资金可在预算内安排。", signer="局长")
        joint.refresh_from_db()
        assert "send_opinion_back" in access.task_steps(street, joint)


def test_a_hidden_name_stays_hidden_from_a_street_it_does_not_belong_to(
    binhai, people, street, client_of
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(street.unit, "sole")], hides_name=True)
        task = stage.task_of(row, street.unit)
        assert not access.may_see_names(street, row)
    assert people[0].name not in words(client_of(street).get(at("task", task.pk)))
    with in_congress(binhai):
        row.street = street.unit
        assert access.may_see_names(street, row)  # it reviewed the paper itself


def test_a_street_opens_the_files_of_what_it_handles(binhai, people, street, task, client_of):
    with in_congress(binhai):
        file = files.store(
            "现场.png", b"\x89PNG", purpose=access.FILE_PURPOSE, content_type="image/png",
            by=people[0].membership,
        )  # fmt: skip
        Attachment.objects.create(suggestion=task.suggestion, file=file, by=people[0].membership)
        _, north = stage.unit("北山街道", Unit.Kind.STREET_COMMITTEE, Role.STREET)
        assert access.file_readable(street, file)
        assert not access.file_readable(north, file)
