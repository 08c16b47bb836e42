"""A deputy's word on a talk that comes on paper; a committee that handles a suggestion itself."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Membership, Role, User
from congress.tenancy import in_congress
from suggestions import access, actions
from suggestions.models import ContactConfirmation, Promise
from tests import cast

from . import stage
from .test_judging_desk import PNG

MARCH = dt.date(2026, 3, 10)
Step = Promise.Step
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def march():
    with stage.on(MARCH):
        yield


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def second(binhai):
    return cast.second(binhai)


@pytest.fixture
def task(binhai, people, unit):
    """A talk was held with a deputy who has no login."""
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        task = stage.task_of(row, unit.unit)
        actions.sign_for(task, by=unit)
        people[0].membership = None
        people[0].save()
        actions.record_contact(
            task, by=unit, phase="before", mode="face", on=MARCH, who="副局长李某",
            opinions="代表同意分两批实施。",
        )  # fmt: skip
        stage.drafted(task, unit, MARCH)
    return task


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("沟通记录.png", PNG, "image/png")


def entered(**more) -> dict:
    return {"confirmed": "yes", "means": "signed", "note": "", "scan": scan()} | more


def test_trap_30_a_talk_is_confirmed_on_paper_by_two_people(
    binhai, people, unit, clerk, second, task, client_of
):
    with in_congress(binhai):
        word = ContactConfirmation.objects.get()
        with pytest.raises(NotAllowed, match="沟通记录"):
            actions.sign_off(task, by=unit, signer="局长程某")
    desk, other = client_of(clerk), client_of(second)
    page, compare = at("talk_word", word.pk), at("talk_compare", word.pk)
    story = at("suggestion_change", task.suggestion_id)
    assert page in words(desk.get(story)) and page in words(desk.get("/admin/"))
    bare = desk.post(page, entered(means="asked"))
    assert bare.status_code == 422 and "请写明向谁核实" in words(bare)
    none = desk.post(page, entered(scan=""))
    assert none.status_code == 422
    assert desk.post(page, entered()).status_code == 302
    with in_congress(binhai), pytest.raises(NotAllowed, match="沟通记录"):
        actions.sign_off(task, by=unit, signer="局长程某")
    assert "请另一位同事核对" in words(desk.get(compare))
    assert desk.post(compare).status_code == 409
    shown = other.get(compare)
    assert "代表在纸质沟通记录上签字" in words(shown) and compare in words(other.get("/admin/"))
    assert other.post(compare).status_code == 302
    assert "副主任核对" in words(desk.get(story))
    with in_congress(binhai):
        word.refresh_from_db()
        assert word.confirmed is True
        actions.sign_off(task, by=unit, signer="局长程某")
        file = word.scan
        assert access.paper_readable(clerk, file) and not access.paper_readable(unit, file)


def test_an_entry_that_differs_from_its_scan_is_made_anew(binhai, clerk, second, task, client_of):
    with in_congress(binhai):
        word = ContactConfirmation.objects.get()
    client_of(clerk).post(at("talk_word", word.pk), entered(confirmed="no", note="只通了电话"))
    client_of(second).post(at("talk_compare", word.pk), {"redo": "1"})
    with in_congress(binhai):
        word.refresh_from_db()
        assert (word.confirmed, word.paper_word, word.scan_id) == (None, None, None)
    assert client_of(clerk).get(at("talk_word", word.pk)).status_code == 200


def test_only_the_committee_enters_words_and_never_over_the_deputys_own(
    binhai, shanyang, people, unit, clerk, second, task, client_of
):
    with in_congress(binhai):
        word = ContactConfirmation.objects.get()
    for who in (unit, people[2].membership):
        assert client_of(who).get(at("talk_word", word.pk)).status_code == 403
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert neighbour.get(at("talk_word", word.pk)).status_code == 404
    client_of(clerk).post(at("talk_word", word.pk), entered())
    with in_congress(binhai):
        user = User.objects.create_user("binhai-own", must_change_password=False)
        mine = Membership.objects.create(user=user, role=Role.DEPUTY, name=people[0].name)
        people[0].membership = mine  # a login was opened, and the deputy speaks
        people[0].save()
        said = actions.confirm_contact(word.contact, by=mine, confirmed=False, note="没有见面")
        assert (said.paper_word, said.entered_by, said.note) == (None, None, "没有见面")
        with pytest.raises(NotAllowed, match="已经确认过"):
            actions.compare_talk_word(word, by=second)


# -- A committee that handles ------------------------------------------------------------------


def test_trap_20_a_committee_answers_reports_its_promise_and_does_not_confirm_it(
    binhai, people, clerk, client_of
):
    committee = cast.member(binhai, Role.COMMITTEE)
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(committee.unit, "sole")])
        task = stage.task_of(row, committee.unit)
        actions.sign_for(task, by=committee)
        stage.talked(task, committee, MARCH)
        pledge = actions.Pledge("完成审查", "形成报告", "财经委", dt.date(2026, 10, 30))
        draft = stage.drafted(task, committee, MARCH, "B", promises=[pledge])
        assert draft in access.replies_visible_to(committee)
    letter = client_of(committee).get(reverse("desk_task_letter", args=[task.pk]))
    assert letter.status_code == 200 and letter["Content-Type"] == "application/pdf"
    with in_congress(binhai):
        actions.sign_off(task, by=committee, signer="主任委员")
        actions.serve(task, by=committee, served={people[0]: ("face", MARCH)})
        promise = Promise.objects.get()
        assert Step.REPORT in access.promise_steps(committee, promise)
        promise = actions.report_promise(
            promise, by=committee, text="报告已经形成", signer="主任委员"
        )
        assert Step.CONFIRM not in access.promise_steps(committee, promise)
        assert Step.CONFIRM in access.promise_steps(clerk, promise)


def test_trap_20_a_committee_that_hands_on_decides_returns(binhai, people, unit):
    committee = cast.member(binhai, Role.COMMITTEE)
    with in_congress(binhai):
        finance, _ = stage.unit("财政局")
        row = stage.assigned(binhai, people[0], [(committee.unit, "owner")])
        actions.assign_on(
            stage.task_of(row, committee.unit), by=committee,
            plans=[actions.Plan(unit.unit, "sole")], on=MARCH,
        )  # fmt: skip
        asked = actions.ask_return(
            stage.task_of(row, unit.unit), by=unit, reason="not_ours", explanation="属财政局职责",
            legal_basis="三定规定", approved_by_head="局长",
        )  # fmt: skip
        done = actions.decide_return(
            asked, by=committee, accept=True, decision="同意",
            plan=actions.Plan(finance, "sole"),
        )  # fmt: skip
        assert done.accepted is True
