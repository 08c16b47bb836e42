"""公开: checked, agreed to, masked, published, kept back, taken down; in its days."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import access, actions
from suggestions.models import PublicationDecision, Suggestion
from suggestions.queries import publishing as desk
from suggestions.rules.texts import masked, privacy_hints
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
APRIL = dt.date(2026, 4, 2)
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


def served(congress, lead, housing, **more) -> Suggestion:
    reply = {k: more.pop(k) for k in ("publicity", "text") if k in more}
    row = stage.assigned(congress, lead, [(housing[0], "sole")], **more)
    return stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH, **reply)


def sheet(**more) -> dict:
    return {
        "mode": "full", "title": "关于加装电梯的建议", "text": "联系电话13812345678。",
        "secrecy_checked": "on", "privacy_checked": "on", "stability_checked": "on",
    } | more  # fmt: skip


def test_numbers_are_hidden_and_telling_words_named():
    text = "请联系13812345678或wang@x.cn，身份证110101195001011234，卡6222021234567890123。"
    shown, spots = masked(text)
    assert "138****5678" in shown and "1101**********1234" in shown and "6222" in shown
    assert "@" not in shown and [before for before, _ in spots][0] == "13812345678"
    assert len(spots) == 4
    assert masked("电话") == ("电话", []) and masked("") == ("", [])
    hints = privacy_hints("3号楼2单元", "住户王某家中，0551-6543210")
    assert [h[:4] for h in hints] == ["写明了门", "提到了个", "写明了固"]


def test_the_desk_holds_what_was_served_and_says_until_when(binhai, clerk, people, housing):
    with in_congress(binhai):
        row = served(binhai, people[0], housing, may_publish_text=True, may_publish_reply=True)
        waits = served(binhai, people[0], housing)
        stage.registered(binhai, people[0], title="关于还没有答复的事情的建议")
    with stage.on(APRIL):
        first = clerk.get(page("publishing")).content.decode()
        asked = clerk.get(page("publishing"), {"place": "consent"}).content.decode()
    assert row.title in first and waits.title not in first and "还没有答复的事情" not in first
    assert waits.title in asked and "未征求" in asked
    assert "4月8日" in first  # 20 working days from 10 March, 清明 (4 to 6 April) left out
    with stage.on(dt.date(2026, 4, 9)):
        late = clerk.get(page("publishing"), {"due": "late"}).content.decode()
    assert "过了公开期限" in late and row.title in late
    with stage.on(dt.date(2026, 4, 8)):
        assert row.title not in clerk.get(page("publishing"), {"due": "late"}).content.decode()


def test_the_sheet_shows_what_will_be_hidden_before_it_is_public(binhai, clerk, people, housing):
    with in_congress(binhai):
        row = served(binhai, people[0], housing, may_publish_text=True, may_publish_reply=True)
    address = page("publish_text", row.pk)
    assert stage.REQUESTS[0] in clerk.get(address).content.decode()
    refused = clerk.post(address, sheet(secrecy_checked=""))
    assert refused.status_code == 422 and "须通过这项审查" in refused.content.decode()
    refused = clerk.post(address, sheet(mode="abstract", reason=""))
    assert refused.status_code == 422 and "请写明理由" in refused.content.decode()
    check = clerk.post(address, sheet()).content.decode()
    assert "自动隐去 1 处" in check and "138****5678" in check
    with in_congress(binhai):
        assert not PublicationDecision.objects.exists()
    clerk.post(address, sheet(confirm="1"))
    with in_congress(binhai):
        found = PublicationDecision.objects.get()
        assert (found.part, found.mode, found.text) == ("text", "full", "联系电话138****5678。")
    assert clerk.get(address).status_code == 409  # taken down first


def test_a_reply_its_unit_kept_back_is_proposed_as_not_public(binhai, clerk, people, housing):
    with in_congress(binhai):
        row = served(binhai, people[0], housing, publicity="not", may_publish_text=True,
                     may_publish_reply=True)  # fmt: skip
        reply = row.assignments.get().replies.get()
    address = page("publish_reply", reply.pk)
    assert clerk.get(address).context["form"].initial["mode"] == "not"
    clerk.post(address, {"mode": "not", "reason": "涉及未公开的规划", "confirm": "1"})
    with in_congress(binhai):
        found = PublicationDecision.objects.get()
        assert found.reply == reply and found.published_at is None
        assert not access.public().exists()


def test_trap_38_the_deputy_agrees_to_the_suggestion_but_not_to_the_reply(
    binhai, clerk, people, housing, client_of
):
    with in_congress(binhai):
        row = served(binhai, people[0], housing)
        reply = row.assignments.get().replies.get()
    clerk.post(page("publish_ask", row.pk))
    phone = client_of(people[0].membership)
    assert "是否同意公开" in phone.get("/me/suggestions/").content.decode()
    address = reverse("portal_suggestion_consent", args=[row.pk])
    assert phone.post(address, {"text": "yes"}).status_code == 422
    phone.post(address, {"text": "yes", "reply": "no"})
    assert "是否同意公开</span>" not in phone.get("/me/suggestions/").content.decode()
    assert clerk.post(page("publish_ask", row.pk)).status_code == 409  # has answered
    clerk.post(page("publish_text", row.pk), sheet(confirm="1"))
    refused = clerk.post(page("publish_reply", reply.pk), sheet(confirm="1"))
    assert refused.status_code == 409 and "代表没有同意公开" in refused.content.decode()
    with in_congress(binhai):
        assert [d.part for d in access.public()] == ["text"]
    for other in (people[1].membership, cast.member(binhai, Role.HANDLING_UNIT)):
        assert client_of(other).get(address).status_code in (403, 404)


def test_a_word_taken_back_is_told_to_staff_and_changes_nothing_by_itself(
    binhai, clerk, people, housing, client_of
):
    with in_congress(binhai):
        row = served(binhai, people[0], housing, may_publish_text=True, may_publish_reply=True)
    clerk.post(page("publish_text", row.pk), sheet(confirm="1"))
    phone = client_of(people[0].membership)
    phone.post(reverse("portal_suggestion_consent", args=[row.pk]), {"text": "no", "reply": "no"})
    with in_congress(binhai):
        assert Notice.objects.filter(template="suggestions/consent_back").exists()
        decision = access.public().get()
    refused = clerk.post(page("take_down", decision.pk), {"reason": ""})
    assert refused.status_code == 422
    clerk.post(page("take_down", decision.pk), {"reason": "代表不再同意"})
    assert clerk.post(page("take_down", decision.pk), {"reason": "再次"}).status_code == 409
    with in_congress(binhai):
        assert not access.public().exists()
        decision.refresh_from_db()
        assert decision.taken_down_reason == "代表不再同意"
    assert row.title in clerk.get(page("publishing"), {"place": "down"}).content.decode()


def test_the_word_of_a_deputy_without_a_phone_is_entered_with_how_it_was_said(
    binhai, clerk, people, housing
):
    with in_congress(binhai):
        row = served(binhai, people[0], housing)
    address = page("publish_consent", row.pk)
    assert clerk.post(address, {"text": "yes", "reply": "yes"}).status_code == 422
    clerk.post(address, {"text": "yes", "reply": "yes", "note": "3月12日电话，本人同意"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert (row.may_publish_text, row.may_publish_reply) == (True, True)


def test_several_are_published_after_each_was_looked_at(binhai, clerk, people, housing):
    agreed = {"may_publish_text": True, "may_publish_reply": True}
    with in_congress(binhai):
        rows = [served(binhai, people[0], housing, **agreed) for _ in range(2)]
        kept = served(binhai, people[0], housing, publicity="not", **agreed)
    pick = {"pick": [r.pk for r in [*rows, kept]]}
    form = clerk.post(page("publish_several"), pick).content.decode()
    assert form.count("三项审查都通过") == 5 and "请逐件审查" in form
    assert clerk.post(page("publish_several"), pick | {"confirm": "1"}).status_code == 409
    with in_congress(binhai):
        keys = [f"reply-{r.assignments.get().replies.get().pk}" for r in [*rows, kept]]
    ticked = {"confirm": "1", "publish": [f"text-{rows[0].pk}", *keys]}
    clerk.post(page("publish_several"), pick | ticked)
    with in_congress(binhai):
        assert sorted(d.part for d in access.public()) == ["reply", "reply", "text"]
        assert {d.suggestion for d in access.public()} == set(rows)


def test_trap_09_each_reply_of_a_divided_suggestion_is_decided_apart(binhai, clerk, people):
    with in_congress(binhai):
        units = [stage.unit("水务局"), stage.unit("城管局")]
        row = stage.assigned(
            binhai, people[0], [(u, "separate") for u, _ in units], may_publish_text=True,
            may_publish_reply=True,
        )  # fmt: skip
        for unit, who in units:
            row = stage.answered(stage.task_of(row, unit), who, MARCH)
        first, second = (stage.task_of(row, u).replies.get() for u, _ in units)
    clerk.post(page("publish_text", row.pk), sheet(confirm="1"))
    clerk.post(page("publish_reply", first.pk), sheet(confirm="1", text="水务局答复。"))
    with in_congress(binhai):
        waiting = desk.publishable(Suggestion.objects.all()).get()
        assert waiting.has_text and waiting.reply_waits
    clerk.post(page("publish_reply", second.pk), sheet(confirm="1", text="城管局答复。"))
    with in_congress(binhai):
        assert not desk.publishable(Suggestion.objects.all()).get().reply_waits
        assert access.public().count() == 3


def test_only_staff_of_deputy_affairs_publish(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = served(binhai, people[0], housing, may_publish_text=True)
        for who in (housing[1], people[0].membership, cast.member(binhai, Role.COMMITTEE)):
            with pytest.raises(NotAllowed):
                actions.decide_publication(
                    row, by=who, part="text", mode="full", title="标题", text="内容",
                    secrecy_checked=True, privacy_checked=True,
                )  # fmt: skip
    for role in (Role.COMMITTEE, Role.CHAIR, Role.STREET):
        other = client_of(cast.member(binhai, role))
        assert other.get(page("publishing")).status_code == 403


def test_the_neighbour_finds_nothing_here(binhai, shanyang, people, housing, client_of):
    with in_congress(binhai):
        row = served(binhai, people[0], housing, may_publish_text=True, may_publish_reply=True)
    there = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    for name in ("publish", "publish_text", "publish_consent"):
        assert there.get(page(name, row.pk)).status_code == 404


def test_the_list_asks_the_database_the_same_however_long(binhai, clerk, people, housing):
    def one():
        with in_congress(binhai):
            served(binhai, people[0], housing, may_publish_text=True, may_publish_reply=True)

    one()
    clerk.get(page("publishing"))
    for asked in ({}, {"q": "老旧"}, {"export": "1"}, {"due": "late"}):
        with CaptureQueriesContext(connection) as few:
            clerk.get(page("publishing"), asked)
        for _ in range(4):
            one()
        with CaptureQueriesContext(connection) as many:
            assert clerk.get(page("publishing"), asked).status_code == 200
        assert len(many) == len(few), asked
