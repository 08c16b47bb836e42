"""初审 by the head of a delegation and by the motions group (议案组): on the phone, each their own
step, and 代工委 where nobody is named."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress import files
from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from deputies.models import Delegation, Mandate
from notices.models import Notice
from suggestions import access, actions, queries
from suggestions.models import Attachment, PreReviewer, Review, Suggestion
from tests import cast

from . import stage
from .test_desk import words

State, Step = Suggestion.State, PreReviewer.Step
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture
def east(binhai):
    with in_congress(binhai):
        return Delegation.objects.create(name="东湖代表团")


@pytest.fixture
def people(binhai, east):
    """Two of 东湖团 (the second is its head), two of another delegation."""
    with in_congress(binhai):
        stage.ready(pre_review_steps=["delegation", "motions"])
        rows = stage.people()
        west = Delegation.objects.create(name="西园代表团")
        Mandate.objects.filter(deputy__in=rows[:2]).update(delegation=east)
        Mandate.objects.filter(deputy__in=rows[2:]).update(delegation=west)
        return rows


@pytest.fixture
def head(binhai, people, east):
    with in_congress(binhai), stage.on(stage.SITTING, 8):
        actions.name_reviewer(
            by=stage.clerk(binhai), step=Step.DELEGATION, delegation=east,
            member=people[1].membership,
        )  # fmt: skip
    return people[1].membership


@pytest.fixture
def group(binhai, people):
    """A committee's member and a deputy of another delegation."""
    staff = cast.member(binhai, Role.COMMITTEE)
    with in_congress(binhai), stage.on(stage.SITTING, 8):
        for who in (staff, people[3].membership):
            actions.name_reviewer(by=stage.clerk(binhai), step=Step.MOTIONS, member=who)
    return staff, people[3].membership


def to(name: str, *args) -> str:
    return reverse(f"portal_{name}", args=args)


def page(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


PASS = {"passes": "yes", "opinion": "内容具体，同意提交。", "checked": ["one_matter", "concrete"]}
BACK = {"passes": "no", "opinion": "请写明涉及哪几个小区。"}


def test_head_then_group_then_the_committee(binhai, people, head, group, client_of):
    with in_congress(binhai):
        row = stage.submitted(people[0])
        assert row.state == State.PRE_REVIEW
        told = Notice.objects.filter(template="suggestions/submitted")
        assert [n.to for n in told] == [head]
        assert told.get().link == to("pre_review", row.pk)
    with stage.on(stage.SITTING, 13):
        phone, staff = client_of(head), client_of(group[0])
        assert to("pre_review", row.pk) in words(phone.get(to("suggestions")))
        assert row.title in words(phone.get("/me/"))
        assert staff.get(to("pre_review", row.pk)).status_code == 404  # not the group's turn
        shown = words(phone.get(to("pre_review", row.pk)))
        assert "代表团初审" in shown and stage.SITUATION in shown
        empty = phone.post(to("pre_review", row.pk), {"passes": "yes"})
        assert empty.status_code == 422 and "请写明初审意见" in words(empty)
        assert phone.post(to("pre_review", row.pk), PASS).status_code == 302
        assert phone.get(to("pre_review", row.pk)).status_code == 404
        with in_congress(binhai):
            row.refresh_from_db()
            assert row.state == State.PRE_REVIEW
            assert {n.to for n in told.exclude(to=head)} == set(group)
            assert told.filter(to=group[0]).get().link == to("pre_review", row.pk)
        assert "待议案组初审的建议" in words(staff.get("/admin/"))
        staff.post(to("pre_review", row.pk), PASS)
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == State.REVIEW
        said = list(Review.objects.order_by("pk").values_list("step", "by", "checks__concrete"))
        assert said == [("delegation", head.pk, True), ("motions", group[0].pk, True)]


def test_a_head_sends_back_and_sees_the_new_text(binhai, people, head, client_of):
    with in_congress(binhai):
        row = stage.submitted(people[0])
    with stage.on(stage.SITTING, 13):
        phone = client_of(head)
        phone.post(to("pre_review", row.pk), BACK)
        with in_congress(binhai):
            row.refresh_from_db()
            assert row.state == State.SENT_BACK
            back = Notice.objects.get(template="suggestions/sent_back")
            assert back.to == people[0].membership
            assert not queries.pre_reviews_of(head)
            row = actions.save_draft(
                row, by=people[0].membership, situation=stage.SITUATION + "涉及湖滨、东苑两个小区。"
            )
            actions.submit(row, by=people[0].membership)
        assert "东苑两个小区" in words(phone.get(to("pre_review", row.pk)))


def test_nobody_reviews_for_another_delegation_nor_the_own(binhai, people, head, client_of):
    with in_congress(binhai):
        other, own = stage.submitted(people[2]), stage.submitted(people[1])
        # Nobody is named for the one, only the proposer for the other: 代工委 is told of both.
        assert set(Notice.objects.filter(template="suggestions/submitted").values_list(
            "to__role", flat=True)) == {Role.DEPUTY_AFFAIRS}  # fmt: skip
        for row in (other, own):
            assert not access.may_pre_review(head, row, "delegation")
            with pytest.raises(NotAllowed, match="不能对这件建议"):
                actions.pass_on(row, by=head, checks={}, opinion="同意")
    for row in (other, own):
        assert client_of(head).get(to("pre_review", row.pk)).status_code == 404
    with in_congress(binhai):
        actions.pass_on(own, by=stage.clerk(binhai), checks={}, opinion="同意")  # stands in


def test_a_street_reviews_its_own_deputies_alone(binhai, people):
    with in_congress(binhai):
        row = stage.submitted(people[0])
        street = cast.member(binhai, Role.STREET)
        west = cast.add_member(binhai, Role.STREET, "街西园", login="west", unit="西园街道")
        Suggestion.objects.filter(pk=row.pk).update(street=street.unit)
        row.refresh_from_db()
        assert access.may_pre_review(street, row, "street")
        assert not access.may_pre_review(west, row, "street")
        assert not access.may_pre_review(street, row, "delegation")


def test_a_reviewer_opens_the_files_of_what_waits(binhai, people, head):
    with in_congress(binhai):
        row = stage.submitted(people[0])
        file = files.store("现场.png", b"\x89PNG", purpose=access.FILE_PURPOSE,
                           content_type="image/png", by=people[0].membership)  # fmt: skip
        Attachment.objects.create(suggestion=row, file=file, by=people[0].membership)
        assert access.file_readable(head, file)
        assert not access.file_readable(people[3].membership, file)


def test_the_committee_names_and_relieves(binhai, people, east, client_of):
    desk = client_of(stage.clerk(binhai))
    with stage.on(stage.SITTING):
        desk = client_of(stage.clerk(binhai))
        asked = {"step": "delegation", "delegation": east.pk, "deputy_name": people[0].name}
        assert desk.post(page("reviewer_new"), asked | {"delegation": ""}).status_code == 422
        staff = cast.member(binhai, Role.COMMITTEE)
        crossed = desk.post(page("reviewer_new"), asked | {"deputy_name": "", "staff": staff.pk})
        assert crossed.status_code == 422 and "须是代表" in words(crossed)
        assert desk.post(page("reviewer_new"), asked).status_code == 302
        shown = words(desk.get(page("reviewers")))
        assert people[0].membership.name in shown and "还没有登记团长的代表团：西园代表团" in shown
    with stage.on(stage.ASSIGNED):
        desk = client_of(stage.clerk(binhai))
        desk.post(page("reviewer_new"), asked | {"deputy_name": people[1].name})
        with in_congress(binhai):
            now = PreReviewer.objects.get(ends_on=None)
            assert now.member == people[1].membership  # one head at a time
            assert PreReviewer.objects.count() == 2
            assert list(access.reviewer_seats()) == [now]
        assert desk.post(page("reviewer_end", now.pk)).status_code == 302
        with in_congress(binhai):
            assert not access.reviewer_seats().exists()


def test_only_the_committee_names(binhai, people, east):
    with in_congress(binhai), pytest.raises(NotAllowed, match="由代工委登记"):
        actions.name_reviewer(
            by=people[0].membership, step=Step.DELEGATION, delegation=east,
            member=people[0].membership,
        )  # fmt: skip
    with in_congress(binhai), pytest.raises(NotAllowed, match="须是代表或者专工委人员"):
        actions.name_reviewer(
            by=stage.clerk(binhai), step=Step.MOTIONS,
            member=cast.member(binhai, Role.HANDLING_UNIT),
        )  # fmt: skip


def test_a_neighbours_reviewer_finds_nothing(binhai, shanyang, people, head, client_of):
    with in_congress(binhai):
        row = stage.submitted(people[0])
    for role in (Role.DEPUTY, Role.COMMITTEE):
        stranger = client_of(cast.member(shanyang, role))
        assert stranger.get(to("pre_review", row.pk)).status_code == 404


def test_the_list_asks_the_same_however_many_wait(binhai, people, head, client_of):
    def asked() -> int:
        with stage.on(stage.SITTING, 13):
            phone = client_of(head)
            phone.get(to("pre_reviews"))
            with CaptureQueriesContext(connection) as queries_made:
                assert phone.get(to("pre_reviews")).status_code == 200
        return len(queries_made)

    with in_congress(binhai):
        stage.submitted(people[0])
    few = asked()
    with in_congress(binhai):
        for _ in range(6):
            stage.submitted(people[0])
        assert len(queries.pre_reviews_of(head)) == 7
    assert asked() == few
