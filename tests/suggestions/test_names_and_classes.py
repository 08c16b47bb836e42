"""A co-signer takes the name back after 交办; a class is agreed to on paper."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Membership, Role, StoredFile
from congress.tenancy import in_congress
from deadlines.models import Deadline
from deputies.models import Deputy
from notices.models import Notice
from performance.models import DutyRecord
from suggestions import actions
from suggestions.models import ClassChange, Feedback, Signature, Suggestion
from tests import cast

from . import stage
from .test_judging_desk import scan as picture

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
MARCH, APRIL = dt.date(2026, 3, 10), dt.date(2026, 4, 20)
PLEDGE = actions.Pledge("完成二期加装", "两栋投入使用", "副局长", dt.date(2026, 9, 30))


@pytest.fixture
def housing(binhai, people):
    with in_congress(binhai):
        return stage.unit("交通局")


@pytest.fixture
def clerks(binhai):
    with in_congress(binhai):
        return list(Membership.objects.filter(role=Role.DEPUTY_AFFAIRS).order_by("pk"))


def scan(by) -> StoredFile:
    return StoredFile.objects.create(
        name="书面.pdf", size=3, sha256="0" * 64, content_type="application/pdf", by=by,
        purpose="suggestions.paper",
    )  # fmt: skip


def joint(congress, people, housing) -> Suggestion:
    return stage.assigned(congress, people[0], [(housing[0], "sole")], cosigners=people[1:3])


def test_who_takes_the_name_back_is_asked_no_more_and_has_no_duty_of_it(
    binhai, people, housing, clerks
):
    with in_congress(binhai):
        row = joint(binhai, people, housing)
        row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
        mine = row.signatures.get(deputy=people[1])
        facts = DutyRecord.objects.filter(deputy=people[1], withdrawn_at=None)
        assert facts.count() == 1
        with stage.on(MARCH):
            with pytest.raises(NotAllowed, match="代表本人"):
                actions.withdraw_signature(mine, by=people[2].membership, reason="情况有变")
            with pytest.raises(NotAllowed, match="理由"):
                actions.withdraw_signature(mine, by=people[1].membership, reason=" ")
            actions.withdraw_signature(mine, by=people[1].membership, reason="情况有变")
        mine.refresh_from_db()
        assert (mine.state, mine.withdrawn_reason) == (Signature.State.WITHDRAWN, "情况有变")
        assert not facts.exists()
        assert DutyRecord.objects.filter(deputy=people[2], withdrawn_at=None).count() == 1
        word = Feedback.objects.get(deputy=people[1])
        assert word.state == Feedback.State.EXCUSED
        owed = Deadline.objects.filter(member=people[1].membership)
        assert not owed.filter(done_at=None, cancelled_at=None).exists()
        told = set(Notice.objects.filter(template__endswith="signature_withdrawn").values_list(
            "to", flat=True))  # fmt: skip
        assert {people[0].membership.pk, people[2].membership.pk, housing[1].pk} <= told
        row = stage.judged(row, APRIL)
        assert row.state == Suggestion.State.CLOSED  # nobody waits for the one who left
        with pytest.raises(NotAllowed):
            actions.withdraw_signature(
                row.signatures.get(deputy=people[2]), by=people[2].membership, reason="情况有变"
            )


def test_a_name_hidden_from_units_stays_hidden_when_it_is_taken_back(binhai, people, housing):
    with in_congress(binhai):
        row = stage.assigned(
            binhai, people[0], [(housing[0], "sole")], cosigners=people[1:2], hides_name=True
        )
        with stage.on(MARCH):
            actions.withdraw_signature(
                row.signatures.get(), by=people[1].membership, reason="情况有变"
            )
        body = Notice.objects.get(to=housing[1], template__endswith="signature_withdrawn").body
        assert people[1].name not in body and "一位联名代表" in body


def test_the_pages_of_taking_a_name_back(binhai, people, housing, clerks, client_of):
    with in_congress(binhai):
        row = joint(binhai, people, housing)
        other = row.signatures.get(deputy=people[2])
    with stage.on(MARCH):
        phone, page = (
            client_of(people[1].membership),
            reverse("portal_suggestion_unsign", args=[row.pk]),
        )
        home = reverse("portal_suggestion", args=[row.pk])
        assert "撤回我的签名" in phone.get(home).content.decode()
        assert "撤回我的签名" not in client_of(people[0].membership).get(home).content.decode()
        assert client_of(people[3].membership).get(page).status_code == 404
        assert phone.post(page, {"reason": ""}).status_code == 422
        assert phone.post(page, {"reason": "情况有变"}).status_code == 302
        assert phone.get(page).status_code == 409
        desk = client_of(clerks[0])
        story = reverse("admin:suggestions_suggestion_change", args=[row.pk])
        paper = reverse("admin:suggestions_unsign", args=[other.pk])
        assert paper in desk.get(story).content.decode()
        assert desk.post(paper, {"reason": "书面来函"}).status_code == 422
        assert desk.post(paper, {"reason": "书面来函", "scan": picture()}).status_code == 302
    with in_congress(binhai):
        other.refresh_from_db()
        assert other.withdrawn_scan is not None and other.withdrawn_by == clerks[0]


def proposed(congress, people, housing) -> ClassChange:
    row = stage.assigned(congress, people[0], [(housing[0], "sole")])
    task = stage.task_of(row, housing[0])
    stage.answered(task, housing[1], MARCH, "B", promises=[PLEDGE])
    stage.judged(row, APRIL)
    with stage.on(APRIL):
        return actions.propose_class(
            task, by=housing[1], to_class=stage.klass("A"), reason="两栋已经投入使用"
        )


def test_three_agree_also_where_the_deputy_has_no_login(binhai, people, housing, clerks):
    with in_congress(binhai):
        change = proposed(binhai, people, housing)
        Deputy.objects.filter(pk=people[0].pk).update(membership=None)
        with stage.on(APRIL):
            with pytest.raises(NotAllowed, match="代工委录入"):
                actions.enter_class_word(change, by=housing[1], agrees=True, scan=scan(clerks[0]))
            actions.enter_class_word(change, by=clerks[0], agrees=True, scan=scan(clerks[0]))
            change.refresh_from_db()
            assert change.deputy_agreed_at is None
            with pytest.raises(NotAllowed, match="不能是同一人"):
                actions.compare_class_word(change, by=clerks[0])
            actions.compare_class_word(change, by=clerks[1], agrees=False)
            actions.enter_class_word(change, by=clerks[0], agrees=True, scan=scan(clerks[0]))
            actions.compare_class_word(change, by=clerks[1])
            task = change.assignment
            assert actions.current_class(task).mark == "B"
            actions.agree_class(change, by=clerks[0])
            assert actions.current_class(task).mark == "A"
            with pytest.raises(NotAllowed, match="已有结果"):
                actions.enter_class_word(change, by=clerks[0], agrees=True, scan=scan(clerks[0]))


def test_a_no_on_paper_refuses(binhai, people, housing, clerks):
    with in_congress(binhai):
        change = proposed(binhai, people, housing)
        with stage.on(APRIL):
            actions.enter_class_word(change, by=clerks[0], agrees=False, scan=scan(clerks[0]))
            change = actions.compare_class_word(change, by=clerks[1])
        assert change.refused_at and not change.is_agreed


def test_the_pages_of_a_class_on_paper(binhai, people, housing, clerks, client_of):
    with in_congress(binhai):
        change = proposed(binhai, people, housing)
    with stage.on(APRIL):
        first, second = client_of(clerks[0]), client_of(clerks[1])
        listed = reverse("admin:suggestions_classes")
        assert "录入书面意见" in first.get(listed).content.decode()
        word = reverse("admin:suggestions_class_word", args=[change.pk])
        assert first.post(word, {"agrees": "yes"}).status_code == 422
        assert first.post(word, {"agrees": "yes", "scan": picture()}).status_code == 302
        compare = reverse("admin:suggestions_class_compare", args=[change.pk])
        assert "请另一位同事核对" in first.get(compare).content.decode()
        assert second.post(compare).status_code == 302
        assert "（书面）" in second.get(listed, {"show": "all"}).content.decode()
        committee = client_of(cast.member(binhai, Role.COMMITTEE))
        assert committee.get(word).status_code == 403
