"""更正评价 on paper: by two people, after the round has closed too; what was said is kept."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Membership, Role, StoredFile
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Feedback, FeedbackCorrection, Suggestion
from tests import cast

from . import stage
from .test_judging_desk import scan as picture

pytestmark = pytest.mark.django_db
MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 20)
State = Suggestion.State


@pytest.fixture
def rules(in_binhai):
    return stage.ready()


@pytest.fixture
def people(rules):
    return stage.people()


@pytest.fixture
def housing(rules):
    return stage.unit("住建局")


@pytest.fixture
def clerks(in_binhai):
    return list(Membership.objects.filter(role=Role.DEPUTY_AFFAIRS).order_by("pk"))


def closed(congress, people, housing, value="satisfied"):
    row = stage.assigned(congress, people[0], [(housing[0], "sole")])
    row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    return stage.judged(row, APRIL, value)


def scan(by) -> StoredFile:
    return StoredFile.objects.create(
        name="更正.pdf", size=3, sha256="0" * 64, content_type="application/pdf", by=by,
        purpose="suggestions.paper",
    )  # fmt: skip


def entered(row, by, value="unsatisfied", **more) -> FeedbackCorrection:
    values = {"reason": "代表来函说明选错了", "opinion": "资金没有落实，仍未开工。"} | more
    word = row.feedbacks.get(superseded_at=None)
    return actions.enter_correction(
        word, by=by, scan=scan(by), ratings=dict.fromkeys(row.rule_set.dimensions, value), **values
    )


def test_a_closed_round_of_one_deputy_is_corrected_and_goes_back_to_study(
    people, housing, clerks, in_binhai
):
    row = closed(in_binhai, people, housing)
    assert row.state == State.CLOSED
    with pytest.raises(NotAllowed, match="凭代表的纸质更正"):
        actions.correct_feedback(row.feedbacks.get(), by=clerks[0], reason="选错了")
    with stage.on(APRIL):
        correction = entered(row, clerks[0])
        old = row.feedbacks.get()
        assert old.superseded_at is None  # nothing changes before the second person
        actions.compare_correction(correction, by=clerks[1])
    row.refresh_from_db()
    assert (row.state, row.closed_at) == (State.DISSATISFIED, None)
    old.refresh_from_db()
    new = row.feedbacks.get(superseded_at=None)
    assert new.supersedes == old and old.superseded_at is not None
    assert {r.value for r in old.ratings.all()} == {"satisfied"}
    assert {r.value for r in new.ratings.all()} == {"unsatisfied"}
    assert (new.entered_by, new.confirmed_by, new.on_behalf) == (clerks[0], clerks[1], True)
    assert new.correction_reason == "代表来函说明选错了"
    with stage.on(APRIL):
        actions.order_rehandling(row, by=clerks[0], opinion="请落实", dimensions=["结果"])


def test_a_better_word_closes_what_was_unsatisfied(people, housing, clerks, in_binhai):
    row = closed(in_binhai, people, housing, "unsatisfied")
    assert row.state == State.DISSATISFIED
    with stage.on(APRIL):
        actions.compare_correction(entered(row, clerks[0], "basically"), by=clerks[1])
    row.refresh_from_db()
    assert row.state == State.CLOSED


def test_an_earlier_round_is_corrected_without_moving_the_present_one(
    people, housing, clerks, in_binhai
):
    row = closed(in_binhai, people, housing, "unsatisfied")
    with stage.on(APRIL):
        row = actions.order_rehandling(row, by=clerks[0], opinion="请落实", dimensions=["结果"])
        actions.compare_correction(entered(row, clerks[0], "basically"), by=clerks[1])
    row.refresh_from_db()
    assert (row.state, row.round) == (State.REHANDLING, 2)


def test_one_person_alone_corrects_nothing(people, housing, clerks, in_binhai):
    row = closed(in_binhai, people, housing)
    with pytest.raises(NotAllowed, match="代工委录入"):
        entered(row, housing[1])
    with pytest.raises(NotAllowed, match="理由"):
        entered(row, clerks[0], reason=" ")
    with pytest.raises(NotAllowed, match="具体意见"):
        entered(row, clerks[0], opinion="")
    correction = entered(row, clerks[0])
    with pytest.raises(NotAllowed, match="不能是同一人"):
        actions.compare_correction(correction, by=clerks[0])
    with pytest.raises(NotAllowed, match="等待核对"):
        entered(row, clerks[0])
    actions.compare_correction(correction, by=clerks[1], agrees=False)
    assert Feedback.objects.get().superseded_at is None  # dropped: the word stands
    again = entered(row, clerks[0])
    with stage.on(APRIL):
        actions.archive(row, by=clerks[0])
    with pytest.raises(NotAllowed, match="不能再更正"):
        actions.compare_correction(again, by=clerks[1])


@pytest.mark.django_db(databases=["default", "platform"])
def test_the_pages_of_a_correction(binhai, client_of):
    with in_congress(binhai):
        stage.ready()
        row = closed(binhai, stage.people(), stage.unit("交通局"))
        word = row.feedbacks.get()
    with stage.on(APRIL):
        with in_congress(binhai):
            one, two = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS).order_by("pk")
        first, second = client_of(one), client_of(two)
        judged = reverse("admin:suggestions_judged", args=[row.pk])
        assert "按纸质件更正" in first.get(judged).content.decode()
        page = reverse("admin:suggestions_correct_paper", args=[word.pk])
        assert "更正理由" in first.get(page).content.decode()
        form = {"d0": "basically", "d1": "basically", "reason": "代表来函", "scan": picture()}
        assert first.post(page, form).status_code == 302
        with in_congress(binhai):
            correction = FeedbackCorrection.objects.get()
        compare = reverse("admin:suggestions_compare_correction", args=[correction.pk])
        assert "请另一位同事核对" in first.get(compare).content.decode()
        assert (
            second.get(reverse("admin:suggestions_judging"), {"place": "paper"})
            .context["page"]
            .paginator.count
            == 1
        )
        assert second.post(compare).status_code == 302
        text = second.get(judged).content.decode()
        assert "更正前的评价" in text and "基本满意" in text
        assert client_of(cast.member(binhai, Role.COMMITTEE)).get(page).status_code == 403
