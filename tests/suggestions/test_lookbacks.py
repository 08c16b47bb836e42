"""回头看: a campaign over what a term left planned or unsolved."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Role, Term
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import actions
from suggestions.models import LookBack, LookBackItem, Reply
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
JUNE = dt.date(2026, 6, 1)
DUE = dt.date(2026, 7, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def clerk(binhai, people, client_of):
    return client_of(stage.clerk(binhai))


def page(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def answered(congress, people, housing, mark: str):
    row = stage.assigned(congress, people[0], [(housing[0], "sole")])
    pledge = actions.Pledge("首批加装电梯十二部", "通过验收", "副局长李某", dt.date(2027, 6, 30))
    more = {"B": {"promises": [pledge]}, "C": {"reason_code": "资金"}}.get(mark, {})
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH, mark, **more)
    return row


def opened(congress, **more) -> LookBack:
    values = {"title": "建议办理回头看", "term": Term.objects.get(), "due_on": DUE,
              "meanings": ["planned", "not_now"]} | more  # fmt: skip
    with stage.on(JUNE):
        return actions.open_lookback(by=stage.clerk(congress), **values)


def test_a_campaign_takes_in_what_was_planned_or_unsolved_and_tells_the_units(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        for mark in ("A", "B"):
            answered(binhai, people, housing, mark)
        term = Term.objects.get().pk
    asked = {"title": "建议办理回头看", "term": term, "due_on": "2026-07-31"}
    with stage.on(JUNE):
        assert clerk.post(page("lookback_new"), asked).status_code == 422
        empty = clerk.post(page("lookback_new"), asked | {"meanings": ["higher"]})
        assert empty.status_code == 422 and "没有这些结果的建议" in empty.content.decode()
        past = asked | {"meanings": ["planned"], "due_on": "2026-05-31"}
        assert clerk.post(page("lookback_new"), past).status_code == 422
        clerk.post(page("lookback_new"), asked | {"meanings": ["planned", "not_now"]})
    with in_congress(binhai):
        (item,) = LookBackItem.objects.all()
        assert item.result_class.mark == "B"
        assert Notice.objects.filter(template="suggestions/lookback", to=housing[1]).exists()


def test_trap_25_a_class_three_parties_raised_is_not_looked_back_at(in_binhai, people, housing):
    row = answered(in_binhai, people, housing, "B")
    task = stage.task_of(row, housing[0])
    change = actions.propose_class(task, by=housing[1], to_class=stage.klass("A"), reason="已装完")
    change = actions.agree_class(change, by=people[0].membership)
    assert opened(in_binhai).items.count() == 1  # two of three are not enough
    actions.agree_class(change, by=stage.clerk(in_binhai))
    with pytest.raises(NotAllowed, match="没有这些结果的建议"):
        opened(in_binhai)


def test_the_unit_finds_the_deputy_answers_and_the_summary_closes_it(
    binhai, clerk, people, housing, client_of
):
    with in_congress(binhai):
        row = answered(binhai, people, housing, "B")
        campaign = opened(binhai)
        item = campaign.items.get()
        reply = Reply.objects.get().text
    unit, phone = client_of(housing[1]), client_of(people[0].membership)
    address, word = f"/desk/lookbacks/{item.pk}/", reverse("portal_lookback", args=[item.pk])
    assert row.title in unit.get("/desk/lookbacks/").content.decode()
    assert phone.get(word).status_code == 404  # nothing found yet
    finding = {"finding": "solved", "text": "十二部全部装完。"}
    assert unit.post(address, finding).status_code == 422  # unsigned
    unit.post(address, finding | {"signer": "局长程某"})
    assert "请核对自查情况" in phone.get("/me/suggestions/").content.decode()
    refused = phone.post(word, {"word": "differs"})
    assert refused.status_code == 422 and "请写明实际情况" in refused.content.decode()
    phone.post(word, {"word": "differs", "text": "只装了六部"})
    assert phone.post(word, {"word": "agrees"}).status_code == 409
    assert unit.post(address, finding | {"signer": "局长程某"}).status_code == 409
    shown = clerk.get(page("lookback", campaign.pk)).content.decode()
    assert "只装了六部" in shown and "十二部全部装完" in shown
    assert clerk.post(page("lookback_close", campaign.pk), {"summary": "好"}).status_code == 409
    clerk.post(page("lookback_close", campaign.pk), {"summary": "共看一件，单位自查与实际不符。"})
    with in_congress(binhai):
        campaign.refresh_from_db()
        assert campaign.state == "closed"
        assert Reply.objects.get().text == reply  # the first handling is as it was
    assert unit.post(address, finding | {"signer": "局长程某"}).status_code == 409


def test_every_figure_of_a_campaign_opens_its_rows(binhai, clerk, people, housing):
    with in_congress(binhai):
        for mark in ("B", "B", "C"):
            answered(binhai, people, housing, mark)
        campaign = opened(binhai)
        for item, finding in zip(campaign.items.order_by("pk"), ("solved", "going"), strict=False):
            actions.find_again(item, by=housing[1], finding=finding, text="现场看过了。",
                               signer="局长程某")  # fmt: skip
    home = page("lookback", campaign.pk)
    context = clerk.get(home).context
    for _, cells in [*context["classes"], *context["units"]]:
        for value, url in cells:
            assert clerk.get(home + url).context["page"].paginator.count == value, url
    for tab in context["tabs"]:
        assert clerk.get(home + tab["url"]).context["page"].paginator.count == tab["count"]
    assert clerk.get(home, {"export": "1"}).status_code == 200


def test_who_is_silent_is_reminded_once_a_day(binhai, clerk, people, housing):
    with in_congress(binhai):
        answered(binhai, people, housing, "B")
        campaign = opened(binhai)
    address = page("lookback_remind", campaign.pk)
    with stage.on(JUNE):
        clerk.post(address)
        clerk.post(address)
    with in_congress(binhai):
        assert Notice.objects.filter(template="suggestions/lookback_late").count() == 1


def test_strangers_and_neighbours_do_not_get_in(binhai, shanyang, people, housing, client_of):
    with in_congress(binhai):
        answered(binhai, people, housing, "B")
        campaign = opened(binhai)
        item = campaign.items.get()
        _, other = stage.unit("交通局")
        actions.find_again(item, by=housing[1], finding="going", text="正在施工。", signer="程某")
        with pytest.raises(NotAllowed):
            actions.find_again(item, by=other, finding="solved", text="已经装完。", signer="某")
        with pytest.raises(NotAllowed):
            actions.answer_finding(item, by=people[1].membership, word="agrees")
    assert client_of(other).get(f"/desk/lookbacks/{item.pk}/").status_code == 404
    word = reverse("portal_lookback", args=[item.pk])
    assert client_of(people[1].membership).get(word).status_code == 404
    there = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert there.get(page("lookback", campaign.pk)).status_code == 404
    assert client_of(housing[1]).get(page("lookbacks")).status_code == 403
    chair = client_of(cast.member(binhai, Role.CHAIR))
    assert chair.get(page("lookback", campaign.pk)).status_code == 200
    assert chair.get(page("lookback_new")).status_code == 403


def test_the_pages_ask_the_database_the_same_however_long(binhai, clerk, people, housing):
    def one():
        with in_congress(binhai):
            answered(binhai, people, housing, "B")

    one()
    with in_congress(binhai):
        small = opened(binhai)
    for _ in range(4):
        one()
    with in_congress(binhai):
        large = opened(binhai, title="第二次回头看")
    clerk.get(page("lookback", small.pk))
    for asked in ({}, {"export": "1"}):
        found = []
        for row in (small, large):
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(page("lookback", row.pk), asked).status_code == 200
            found.append(len(queries))
        assert found[0] == found[1], asked
