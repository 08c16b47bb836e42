"""评价与重办 at the staff's desk: reminders, silence, paper forms, 研判, rounds."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Meeting, Membership, Role, User
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import actions
from suggestions.models import Feedback, Suggestion
from suggestions.queries import judging as desk
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
LATE = dt.date(2026, 4, 15)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc00000030101004fa2d5a40000000049454e44ae426082"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def clerk(binhai, people, client_of):
    return client_of(stage.clerk(binhai))


@pytest.fixture
def second(binhai, people):
    """Another person of 代工委."""
    with in_congress(binhai):
        first = stage.clerk(binhai)
        user = User.objects.create_user("binhai-second", must_change_password=False)
        return Membership.objects.create(
            user=user, role=Role.DEPUTY_AFFAIRS, name="代二妹", unit=first.unit
        )


def page(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def answered(congress, people, housing, cosigners=()) -> Suggestion:
    row = stage.assigned(congress, people[0], [(housing[0], "sole")], cosigners)
    return stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)


def listed(client, place: str) -> list[str]:
    shown = client.get(page("judging"), {"place": place})
    return [row.title for row, *_ in shown.context["lines"]]


def dims(row, value: str = "satisfied") -> dict:
    return {f"d{n}": value for n, _ in enumerate(row.rule_set.dimensions)}


def scan():
    return SimpleUploadedFile("表.png", PNG, "image/png")


def test_who_has_not_spoken_is_reminded_once_a_day_and_never_counts_as_satisfied(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
    pick = {"pick": [row.pk]}
    with stage.on(MARCH):
        assert row.title in listed(clerk, "open")
        told = clerk.post(page("judging_silence"), pick, follow=True).content.decode()
        assert "反馈期限还没有到" in told
        clerk.post(page("judging_remind"), pick)
        again = clerk.post(page("judging_remind"), pick, follow=True).content.decode()
        assert "今天已经催请过" in again
    with stage.on(LATE):
        told = clerk.post(page("judging_silence"), pick, follow=True).content.decode()
        assert "还没有催请满2次" in told
        clerk.post(page("judging_remind"), pick)
        clerk.post(page("judging_silence"), pick)
    with in_congress(binhai):
        feedback = Feedback.objects.get()
        assert (feedback.state, feedback.reminders) == ("missed", 2)
        assert Notice.objects.filter(template="suggestions/feedback_due").count() == 2
        row = desk.with_judgements(Suggestion.objects.all()).get()
        assert row.state == "closed" and desk.value_of(row, 1) == ""
    shown = clerk.get(page("judged", row.pk)).content.decode()
    assert "未反馈" in shown and "满意</" not in shown


def test_trap_30_a_paper_form_counts_when_a_second_person_has_compared_it(
    binhai, clerk, people, housing, second, client_of
):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
        feedback = Feedback.objects.get()
        assert row.rule_set.dimensions
    address = page("paper", feedback.pk)
    with stage.on(MARCH):
        refused = clerk.post(address, dims(row))
        assert refused.status_code == 422 and "请选择文件" in refused.content.decode()
        clerk.post(
            address, dims(row, "unsatisfied") | {"opinion": "至今没有开工。", "scan": scan()}
        )
        assert row.title in listed(clerk, "paper")
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "answered"  # not yet compared
        waiting = Feedback.objects.select_related("scan").get()
    with stage.on(LATE), in_congress(binhai), pytest.raises(NotAllowed, match="等待核对"):
        actions.pass_over_silence(row, by=stage.clerk(binhai))
    compare = page("compare", waiting.pk)
    assert "请另一位同事核对" in clerk.get(compare).content.decode()
    assert clerk.post(compare).status_code == 409
    other = client_of(second)
    shown = other.get(compare).content.decode()
    assert "至今没有开工" in shown and "与扫描件一致" in shown
    file = reverse("file", args=[waiting.scan.public_id])
    assert other.get(file).status_code == 200
    assert client_of(housing[1]).get(file).status_code == 404  # never the unit
    other.post(compare)
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "dissatisfied"
    assert other.post(compare).status_code == 409


def test_trap_31_a_unit_learns_nothing_before_the_round_is_over_and_never_who(
    binhai, people, housing, client_of
):
    with in_congress(binhai):
        row = answered(binhai, people, housing, [people[1]])
        task = stage.task_of(row, housing[0])
        stage.judged(row, MARCH, "basically", [people[0]])
    unit = client_of(housing[1])
    address = reverse("desk_task", args=[task.pk])
    page_of = unit.get(address).content.decode()
    assert "基本满意" not in page_of
    with in_congress(binhai):
        stage.judged(row, MARCH, "satisfied", [people[1]])
    page_of = unit.get(address).content.decode()
    assert "基本满意" in page_of  # counted, now that all have spoken
    judged = page_of[page_of.index("基本满意") - 300 : page_of.index("基本满意") + 300]
    assert people[0].name not in judged and people[1].name not in judged


def test_trap_31_a_committee_that_handles_is_a_unit_there(binhai, people, housing, client_of):
    committee = cast.member(binhai, Role.COMMITTEE)
    with in_congress(binhai):
        own = stage.assigned(binhai, people[0], [(committee.unit, "sole")])
        own = stage.answered(stage.task_of(own, committee.unit), committee, MARCH)
        watched = answered(binhai, people, housing)
        for row in (own, watched):
            stage.judged(row, MARCH, "unsatisfied")
        Suggestion.objects.update(is_key=True)
    reader = client_of(committee)
    story = [
        reader.get(reverse("admin:suggestions_suggestion_change", args=[row.pk])).content.decode()
        for row in (own, watched)
    ]
    assert ["资金没有落实" in page_of for page_of in story] == [False, True]
    codes = [reader.get(page("judged", row.pk)).status_code for row in (own, watched)]
    assert codes == [404, 200]
    [line] = reader.get(page("judging"), {"place": "study"}).context["lines"]
    assert line[0] == watched


def test_trap_33_a_correction_keeps_both_values(binhai, clerk, people, housing):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
        row = stage.judged(row, MARCH, "unsatisfied")
        first = Feedback.objects.get()
    assert clerk.post(page("correct", first.pk), {"reason": ""}).status_code == 422
    clerk.post(page("correct", first.pk), {"reason": "代表来电说明点错"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "answered"
        assert Feedback.objects.count() == 2
        first.refresh_from_db()
        assert first.superseded_at and first.ratings.first().value == "unsatisfied"
        stage.judged(row, MARCH)
        said = Feedback.objects.order_by("pk").values_list("ratings__value", "correction_reason")
        assert set(said) == {("unsatisfied", ""), ("satisfied", "代表来电说明点错")}
        # Nobody changes a word without that: neither the deputy again, nor a unit that rang up.
        second = Feedback.objects.get(superseded_at=None)
        for who in (people[0].membership, housing[1]):
            with pytest.raises(NotAllowed):
                actions.give_feedback(second, by=who, ratings={"结果": "satisfied"})


def test_trap_29_the_first_round_stays_when_the_second_is_judged_better(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
        row = stage.judged(row, MARCH, "unsatisfied")
    assert row.title in listed(clerk, "study")
    form = clerk.get(page("rehandle", row.pk)).content.decode()
    assert "资金没有落实" in form and "1个月内再次答复" in form
    assert clerk.post(page("rehandle", row.pk), {"opinion": ""}).status_code == 422
    with stage.on(MARCH):
        clerk.post(page("rehandle", row.pk), {"opinion": "落实资金，排出工期。"})
        shown = clerk.get(page("judging"), {"place": "rehandling"})
        (line,) = shown.context["lines"]
        assert line[0].redo_on == dt.date(2026, 4, 10)
    assert clerk.post(page("rehandle", row.pk), {"opinion": "再来一次。"}).status_code == 409
    with in_congress(binhai):
        row = stage.answered(stage.task_of(row, housing[0]), housing[1], LATE)
        row = stage.judged(row, LATE, "satisfied")
        found = desk.with_judgements(Suggestion.objects.all()).get()
        assert (desk.value_of(found, 1), desk.value_of(found, 2)) == ("不满意", "满意")
    shown = clerk.get(page("judged", row.pk)).content.decode()
    assert "第2轮：满意" in shown and "第1轮：不满意" in shown and "落实资金，排出工期" in shown


def test_trap_28_explained_it_closes_and_stays_dissatisfied(binhai, clerk, people, housing):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
        row = stage.judged(row, MARCH, "unsatisfied")
    words = {"opinion": "上级政策不允许，已当面说明。"}
    with stage.on(MARCH):
        assert clerk.post(page("explain", row.pk), words).status_code == 422
        tomorrow = {"deputy_told_on": "2026-03-11"}
        assert clerk.post(page("explain", row.pk), words | tomorrow).status_code == 422
        clerk.post(page("explain", row.pk), words | {"deputy_told_on": "2026-03-09"})
    with in_congress(binhai):
        found = desk.with_judgements(Suggestion.objects.all()).get()
        assert found.state == "closed" and desk.value_of(found, 1) == "不满意"


def test_raised_to_the_chairpersons_only_a_meeting_orders_another_round(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
        row = stage.judged(row, MARCH, "unsatisfied")
        held = Meeting.objects.create(
            kind="chairpersons", number=12, title="第十二次主任会议", held_on=MARCH
        )
    clerk.post(page("escalate", row.pk), {"opinion": "资金来源需要协调。"})
    assert row.title in listed(clerk, "escalated")
    order = {"opinion": "由财政局安排资金。"}
    assert clerk.post(page("rehandle", row.pk), order).status_code == 422
    clerk.post(page("rehandle", row.pk), order | {"meeting": held.pk})
    with in_congress(binhai):
        row.refresh_from_db()
        assert (row.state, row.round) == ("rehandling", 2)


def test_trap_15_a_cosigner_may_be_unhappy_where_the_lead_is_not(in_binhai, people, housing):
    row = answered(in_binhai, people, housing, [people[1]])
    row = stage.judged(row, MARCH, "satisfied", [people[0]])
    row = stage.judged(row, MARCH, "unsatisfied", [people[1]])
    found = desk.with_judgements(Suggestion.objects.all()).get()
    assert row.state == "dissatisfied" and desk.value_of(found, 1) == "不满意"  # the worst counts
    found.rule_set.item_value = "lead"
    assert desk.value_of(found, 1) == "满意"


def test_trap_31_units_and_strangers_do_not_get_in(
    binhai, shanyang, people, housing, client_of, clerk
):
    with in_congress(binhai):
        row = answered(binhai, people, housing)
        feedback = Feedback.objects.get()
    chair = client_of(cast.member(binhai, Role.CHAIR))
    assert chair.get(page("judged", row.pk)).status_code == 200
    assert chair.get(page("paper", feedback.pk)).status_code == 403
    for who in (housing[1], cast.member(binhai, Role.STREET)):
        assert client_of(who).get(page("judging")).status_code == 403
    own = reverse("portal_suggestion_judge", args=[row.pk])
    with in_congress(binhai):
        form = dims(row)
    for who in (housing[1], stage.clerk(binhai), people[1].membership):
        assert client_of(who).post(own, form).status_code in (403, 404)
    with in_congress(binhai):
        words = dict.fromkeys(row.rule_set.dimensions, "satisfied")
        with pytest.raises(NotAllowed, match="代工委录入"):
            actions.enter_paper_feedback(feedback, by=housing[1], ratings=words, scan=None)
        feedback.refresh_from_db()
        assert feedback.state == "expected"
    there = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    for name, pk in (("judged", row.pk), ("paper", feedback.pk), ("rehandle", row.pk)):
        assert there.get(page(name, pk)).status_code == 404
    assert there.post(page("judging_remind"), {"pick": [row.pk]}).status_code == 409


def test_the_list_asks_the_database_the_same_however_long(binhai, clerk, people, housing):
    def one():
        with in_congress(binhai):
            answered(binhai, people, housing, [people[1]])

    one()
    for asked in ({}, {"q": "老旧"}, {"export": "1"}):
        clerk.get(page("judging"), asked)
        with CaptureQueriesContext(connection) as few:
            clerk.get(page("judging"), asked)
        for _ in range(3):
            one()
        with CaptureQueriesContext(connection) as many:
            assert clerk.get(page("judging"), asked).status_code == 200
        assert len(many) == len(few), asked
