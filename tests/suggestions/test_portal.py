"""What a deputy sees and does on the phone, and what a stranger does not."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions, queries
from suggestions.models import Signature, Suggestion
from tests import cast

from . import stage

State = Suggestion.State
MARCH = dt.date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def phone(binhai, people, client_of):
    return client_of(people[0].membership)


def address(name: str, *args) -> str:
    return reverse(f"portal_{name}", args=args)


def words(**more) -> dict:
    return {
        "title": "关于在湖滨社区增设公交站点的建议",
        "situation": stage.SITUATION,
        "request_1": "在湖滨社区西门增设公交站",
        "request_2": "延长三路公交车末班时间",
    } | more


def test_three_taps_make_a_draft_that_only_the_writer_sees(phone, binhai, people, client_of):
    page = phone.get(address("suggestion_new"))
    assert page.status_code == 200 and "不要填写国家秘密" in page.content.decode()
    sent = phone.post(address("suggestion_new"), words(request_2=""))
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert (row.state, row.requests) == (State.DRAFT, ["在湖滨社区西门增设公交站"])
    assert sent["Location"] == address("suggestion_edit", row.pk)
    for other in (people[1].membership, cast.member(binhai, Role.DEPUTY_AFFAIRS)):
        assert client_of(other).get(address("suggestion", row.pk)).status_code in (403, 404)


def test_writing_saves_itself_and_shows_what_is_alike(phone, binhai, people):
    with in_congress(binhai):
        old = stage.registered(binhai, people[1], title="关于湖滨社区增设公交站点的建议")
        draft = stage.draft(people[0])
    page = phone.post(address("suggestion_autosave", draft.pk), words())
    assert "自动保存" in page.content.decode() and old.title in page.content.decode()
    with in_congress(binhai):
        draft.refresh_from_db()
        assert draft.title == "关于在湖滨社区增设公交站点的建议"


def test_a_new_one_saves_itself_from_the_first_words_and_stays_one_draft(phone, binhai):
    page = phone.get(address("suggestion_new")).content.decode()
    assert address("suggestion_autosave_new") in page
    token = str(uuid.uuid4())
    empty = words(title="", situation="", request_1="", request_2="", once=token)
    assert "HX-Replace-Url" not in phone.post(address("suggestion_autosave_new"), empty)
    first = words(situation="", request_1="", request_2="", once=token)
    for form in (first, first | {"situation": "候车要走一公里。"}):
        kept = phone.post(address("suggestion_autosave_new"), form)
        assert "自动保存" in kept.content.decode()
    with in_congress(binhai):
        row = Suggestion.objects.get()
        assert (row.state, row.situation) == (State.DRAFT, "候车要走一公里。")
    assert kept["HX-Replace-Url"] == address("suggestion_edit", row.pk)
    # The button of the form that was open all the time writes into the same draft, once.
    for _ in range(2):
        sent = phone.post(address("suggestion_new"), words(once=token))
        assert sent["Location"] == address("suggestion_edit", row.pk)
    with in_congress(binhai):
        assert Suggestion.objects.get().situation == words()["situation"]


def test_another_persons_form_is_not_written_into(phone, binhai, people, client_of):
    token = str(uuid.uuid4())
    phone.post(address("suggestion_autosave_new"), words(once=token))
    other = client_of(people[1].membership)
    assert other.post(address("suggestion_autosave_new"), words(once=token)).status_code == 409
    with in_congress(binhai):
        assert Suggestion.objects.get().lead == people[0]


def test_what_is_alike_shows_how_it_was_answered_as_far_as_one_may_read_it(phone, binhai, people):
    """The own one whole, another's what was published of it, an unpublished one not at all."""
    day = dt.date(2026, 3, 10)
    clerk = cast.member(binhai, Role.DEPUTY_AFFAIRS)
    with in_congress(binhai):
        unit, who = stage.unit("交通局")
        rows = []
        for n, lead in enumerate((people[0], people[1], people[2])):
            row = stage.assigned(
                binhai, lead, [(unit, "sole")], title=f"关于湖滨社区增设公交站点的建议{n}"
            )
            text = f"第{n}件的答复：今年增设站点。"
            rows.append(stage.answered(stage.task_of(row, unit), who, day, text=text))
        with stage.on(day):
            actions.give_consent(rows[1], by=people[1].membership, text=True, reply=True)
            for part, text in (("text", "建议全文"), ("reply", "公开的答复：已经增设。")):
                actions.decide_publication(
                    rows[1], by=clerk, part=part, mode="full", title="公交站点", text=text,
                    secrecy_checked=True, privacy_checked=True,
                )  # fmt: skip
        draft = stage.draft(people[0])
    with stage.on(day):
        page = phone.post(address("suggestion_autosave", draft.pk), words()).content.decode()
    assert "第0件的答复" in page and address("suggestion", rows[0].pk) in page
    assert "公开的答复" in page and "第1件的答复" not in page and "/suggestions/" in page
    assert "第2件的答复" not in page and "答复没有公开" in page
    assert page.count("办理结果：") == 2


def test_a_draft_that_lacks_something_is_kept_and_says_what(phone, binhai, people):
    with in_congress(binhai):
        draft = stage.draft(people[0], requests=[])
    page = phone.get(address("suggestion_check", draft.pk)).content.decode()
    assert "还不能提交" in page and "具体建议" in page
    assert phone.post(address("suggestion_check", draft.pk)).status_code == 409


def test_cosigners_are_asked_found_by_name_and_confirm_the_text_they_saw(
    phone, binhai, people, client_of
):
    with in_congress(binhai):
        draft = stage.draft(people[0])
    found = phone.get(address("suggestion_invite", draft.pk), {"q": people[1].name})
    assert people[1].name in found.content.decode()
    assert people[2].name not in found.content.decode()
    phone.post(address("suggestion_invite", draft.pk), {"deputy": [people[1].pk]})
    other = client_of(people[1].membership)
    page = other.get(address("suggestion_sign", draft.pk))
    digest = page.context["digest"]
    assert (
        other.post(address("suggestion_confirm", draft.pk), {"digest": "0" * 64}).status_code == 409
    )
    other.post(address("suggestion_confirm", draft.pk), {"digest": digest})
    with in_congress(binhai):
        assert draft.signatures.get().state == Signature.State.CONFIRMED
    assert client_of(people[2].membership).get(
        address("suggestion_sign", draft.pk)
    ).status_code == 404  # fmt: skip


def test_submitted_it_is_read_only_and_tells_what_comes_next(phone, binhai, people):
    with in_congress(binhai):
        draft = stage.draft(people[0])
    sent = phone.post(address("suggestion_check", draft.pk), follow=True)
    assert "建议已提交" in sent.content.decode() and "三个月内答复" in sent.content.decode()
    assert phone.get(address("suggestion_edit", draft.pk)).status_code == 409
    assert phone.post(address("suggestion_edit", draft.pk), words()).status_code == 409


def test_the_way_after_handing_over_on_the_phone(phone, binhai, people, housing):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
        task = stage.task_of(row, housing[0])
        with stage.on(MARCH):
            actions.sign_for(task, by=housing[1])
            contact = actions.record_contact(
                task, by=housing[1], phase="before", mode="face", on=MARCH, who="副局长程某",
                opinions="代表同意分两批实施。",
            )  # fmt: skip
    page = phone.get(address("suggestions")).content.decode()
    assert "确认沟通" in page
    refused = phone.post(address("suggestion_contact", contact.pk), {"confirmed": "no"})
    assert refused.status_code == 422 and "实际情况" in refused.content.decode()
    phone.post(address("suggestion_contact", contact.pk), {"confirmed": "yes"})
    with in_congress(binhai):
        stage.drafted(task, housing[1], MARCH)
        with stage.on(MARCH):
            actions.sign_off(task, by=housing[1], signer="局长程某")
            actions.serve(task, by=housing[1], served={people[0]: ("face", MARCH)})
    page = phone.get(address("suggestion", row.pk)).content.decode()
    assert "请评价办理工作" in page and "已经解决或者采纳" in page
    answers = {"d0": "satisfied", "d1": "unsatisfied", "opinion": ""}
    refused = phone.post(address("suggestion_judge", row.pk), answers)
    assert refused.status_code == 422 and "写明具体意见" in refused.content.decode()
    sent = phone.post(
        address("suggestion_judge", row.pk), answers | {"opinion": "资金还没有落实"}, follow=True
    )
    assert "评价已提交" in sent.content.decode()
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == State.DISSATISFIED
    assert phone.get(address("suggestion_judge", row.pk)).status_code == 409


def test_a_neighbours_deputy_finds_nothing(binhai, shanyang, people, client_of):
    with in_congress(binhai):
        row = stage.registered(binhai, people[0])
    stranger = client_of(cast.member(shanyang, Role.DEPUTY))
    for name in ("suggestion", "suggestion_edit", "suggestion_check", "suggestion_judge"):
        assert stranger.get(address(name, row.pk)).status_code == 404


@pytest.mark.parametrize("name", ["suggestions", "suggestion"])
def test_the_pages_ask_the_database_the_same_however_long_the_list(
    phone, binhai, people, housing, name
):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing[0], "sole")])
    args = [row.pk] if name == "suggestion" else []
    phone.get(address(name, *args))
    with CaptureQueriesContext(
        connection,
    ) as few:
        phone.get(address(name, *args))
    with in_congress(binhai):
        for _ in range(12):
            stage.registered(binhai, people[0])
        for day in range(1, 8):
            stage.talked(stage.task_of(row, housing[0]), housing[1], MARCH + dt.timedelta(day))
    with CaptureQueriesContext(connection) as many:
        phone.get(address(name, *args))
    assert len(many) <= len(few) + 1  # the contacts' confirmations


def test_what_is_alike_is_looked_for_in_this_congress_only(binhai, shanyang, people):
    with in_congress(binhai):
        stage.registered(binhai, people[0], title="关于湖滨社区增设公交站点的建议")
        assert len(queries.similar("关于湖滨社区公交站点的建议", on=stage.SITTING)) == 1
    with in_congress(shanyang):
        assert queries.similar("关于湖滨社区公交站点的建议", on=stage.SITTING) == []
