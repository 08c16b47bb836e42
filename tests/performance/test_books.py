"""The rule-book editor: from a template to a published version that stays as it is."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.flow import NotAllowed
from congress.models import Congress, Role
from congress.signals import congress_created
from congress.tenancy import in_congress
from performance import actions
from performance.models import DutyItem, RuleBook, RuleBookVersion, RuleNode
from tests import cast

from . import year

pytestmark = pytest.mark.django_db
BOOKS = "/admin/performance/books/"


@pytest.fixture
def clerk(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


@pytest.fixture
def draft(binhai, clerk):
    with in_congress(binhai):
        return actions.make_book(by=clerk, name="积分办法", template="four_aspects")


def test_a_new_congress_finds_the_list_and_three_drafts(in_binhai):
    congress_created.send(sender=Congress, congress=in_binhai)
    assert DutyItem.objects.count() == 23
    assert [v.state for v in RuleBookVersion.objects.all()] == ["draft"] * 3
    assert sorted(RuleBookVersion.objects.values_list("template_key", flat=True)) == [
        "base_and_reward",
        "four_aspects",
        "hundred_points",
    ]


@pytest.mark.parametrize("template", ["four_aspects", "hundred_points", "base_and_reward", ""])
def test_a_book_begins_from_a_template_or_empty(binhai, clerk, client_of, template):
    client = client_of(clerk)
    answer = client.post(f"{BOOKS}new/", {"name": "新办法", "template": template})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert ("还没有规则" in page.content.decode()) == (template == "")
    assert client.get("/admin/performance/rulebook/").status_code == 200
    again = client.post(f"{BOOKS}new/", {"name": "新办法", "template": template})
    assert again.status_code == 422 and "已有名为" in again.content.decode()


def test_every_page_of_a_draft_opens(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    with in_congress(binhai):
        nodes = list(draft.nodes.values_list("pk", flat=True))
    pages = ["", "settings/", "bands/", "trial/", "compare/", "publish/", "draft/", "discard/"]
    ways = ("times", "once", "steps", "values", "target", "const", "manual", "group")
    pages += [f"rules/new/{way}/" for way in ways]
    for page in pages:
        assert client.get(f"{BOOKS}{draft.pk}/{page}").status_code == 200, page
    for pk in nodes:
        assert client.get(f"{BOOKS}rules/{pk}/").status_code == 200
        assert client.get(f"{BOOKS}rules/{pk}/remove/").status_code == 200
    assert client.get(f"{BOOKS}{draft.pk}/rules/new/nonsense/").status_code == 404
    assert client.get("/admin/performance/items/new/").status_code == 200


def test_a_rule_is_added_previewed_moved_and_removed(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    with in_congress(binhai):
        group = draft.nodes.get(key="B")
    typed = {"name": "", "items": ["O01"], "aggregate": "count", "step": "1", "rate": "5"}
    typed |= {"starts_at": "2", "whole_steps": "on", "cap": "20", "parent": group.pk}
    address = f"{BOOKS}{draft.pk}/rules/new/times/"
    seen = client.post(address, typed | {"preview": "1"})
    assert "其他履职：每1次5分，从第2次起，最多20分" in seen.content.decode()
    with in_congress(binhai):
        before = draft.nodes.count()
    assert client.post(address, typed).status_code == 302
    with in_congress(binhai):
        node = draft.nodes.get(parent=group, name="其他履职")
        assert draft.nodes.count() == before + 1
        last = list(draft.nodes.filter(parent=group).order_by("position"))
        assert last[-1] == node
    client.post(f"{BOOKS}rules/{node.pk}/shift/up/")
    with in_congress(binhai):
        assert list(draft.nodes.filter(parent=group).order_by("position"))[-2] == node
    moved = client.post(f"{BOOKS}rules/{node.pk}/", typed | {"parent": "", "aspect": "other"})
    assert moved.status_code == 302
    with in_congress(binhai):
        node.refresh_from_db()
        assert node.parent is None and node.aspect == "other"
    client.post(f"{BOOKS}rules/{node.pk}/remove/")
    with in_congress(binhai):
        assert not RuleNode.objects.filter(pk=node.pk).exists()


def test_a_bucket_cannot_be_put_into_itself(draft, clerk, binhai):
    with in_congress(binhai):
        group = draft.nodes.get(key="B")
        inner = draft.nodes.filter(parent=group).first()
        with pytest.raises(NotAllowed, match="分组里"):
            actions.save_rule(draft, by=clerk, node=group, parent=inner)
        with pytest.raises(NotAllowed, match="自己里面"):
            actions.save_rule(draft, by=clerk, node=group, parent=group)


def test_publishing_asks_checks_and_closes_for_ever(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    address = f"{BOOKS}{draft.pk}/publish/"
    assert client.post(address, {"in_force_from": "", "basis_document": ""}).status_code == 422
    typed = {"in_force_from": "2026-01-01", "basis_document": "常发〔2026〕1号"}
    checking = client.post(address, typed)
    assert "请核对" in checking.content.decode()
    with in_congress(binhai):
        draft.refresh_from_db()
        assert draft.state == "draft"
        node = draft.nodes.filter(kind="linear").first()
    assert client.post(address, typed | {"confirmed": "1"}).status_code == 302
    with in_congress(binhai):
        draft.refresh_from_db()
        assert (draft.state, draft.in_force_from) == ("published", dt.date(2026, 1, 1))
    for page in (f"{BOOKS}rules/{node.pk}/", f"{BOOKS}{draft.pk}/rules/new/times/"):
        refused = client.get(page)
        assert refused.status_code == 409 and "请拟订新版本" in refused.content.decode()
    shown = client.get(f"{BOOKS}{draft.pk}/").content.decode()
    assert "请拟订新版本" in shown and "删除这份草稿" not in shown


def test_a_new_version_starts_as_a_copy_and_shows_what_it_changes(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    with in_congress(binhai):
        actions.publish_version(
            draft, by=clerk, in_force_from=dt.date(2025, 1, 1), basis_document="一号"
        )
    new = client.post(f"{BOOKS}{draft.pk}/draft/")["Location"]
    assert client.post(f"{BOOKS}{draft.pk}/draft/").status_code == 409
    assert "没有变化" in client.get(f"{new}compare/").content.decode()
    with in_congress(binhai):
        version = draft.book.versions.get(number=2)
        node = version.nodes.get(key="B06")
        actions.save_rule(version, by=clerk, node=node, params={"rate": "7"})
    page = client.get(f"{new}compare/").content.decode()
    assert "有 1 处变化" in page and "每1次7分" in page
    typed = {"in_force_from": "2025-01-01", "basis_document": "二号"}
    assert "须晚于第1版" in client.post(f"{new}publish/", typed).content.decode()


def test_a_faulty_draft_says_what_is_wrong_and_cannot_be_published(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    with in_congress(binhai):
        group = draft.nodes.get(key="O")
        for node in group.children.all():
            actions.remove_rule(node, by=clerk)
    assert "分组内没有规则" in client.get(f"{BOOKS}{draft.pk}/").content.decode()
    assert "还不能发布" in client.get(f"{BOOKS}{draft.pk}/publish/").content.decode()
    with in_congress(binhai), pytest.raises(NotAllowed, match="还不能发布"):
        actions.publish_version(
            draft, by=clerk, in_force_from=dt.date(2026, 1, 1), basis_document="一号"
        )


def test_a_trial_counts_without_keeping_anything(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    with in_congress(binhai):
        seats = year.seats(2)
        year.fact(seats[0].deputy, "B06", dt.date(2025, 3, 1), outcome="present")
        year.fact(seats[0].deputy, "B06", dt.date(2025, 4, 1), outcome="present")
        year.fact(seats[0].deputy, "B06", dt.date(2024, 4, 1), outcome="present")
    address = f"{BOOKS}{draft.pk}/trial/"
    span = "&starts_on=2025-01-01&ends_on=2025-12-31"
    page = client.get(f"{address}?q=单林芳{span}").content.decode()
    assert "单林芳代表：12 分" in page and "到家站点接待选民 2次 ×6分 = 12分" in page
    assert "没有找到" in client.get(f"{address}?q=无此人{span}").content.decode()
    assert "单林芳" in client.get(f"{address}?q={span}").content.decode()
    with in_congress(binhai):
        item = DutyItem.objects.get(code="B06")
    typed = client.get(f"{address}?typed=1&n_{item.pk}=20").content.decode()
    assert "按上限计72分" in typed
    assert client.get(f"{address}?typed=1&n_{item.pk}=abc").status_code == 200
    assert client.get(f"{address}?q=x&starts_on=2025-02-01&ends_on=2025-01-01").status_code == 200


def test_duties_are_added_renamed_and_retired_never_twice(binhai, draft, clerk, client_of):
    client = client_of(clerk)
    typed = {"name": "参加立法座谈", "aspect": "between_sessions", "unit_word": "次"}
    address = "/admin/performance/items/"
    assert client.post(f"{address}new/", typed | {"is_active": "on"}).status_code == 302
    with in_congress(binhai):
        item = DutyItem.objects.get(name="参加立法座谈")
        assert item.code == "B12" and item.is_active
    assert client.post(f"{address}new/", typed).status_code == 422
    assert client.post(f"{address}{item.pk}/", typed | {"name": "立法座谈"}).status_code == 302
    with in_congress(binhai):
        item.refresh_from_db()
        assert (item.name, item.is_active, item.code) == ("立法座谈", False, "B12")
    assert "已停用" in client.get("/admin/performance/dutyitem/").content.decode()


def test_others_read_books_and_change_nothing(draft, client_of, binhai, shanyang):
    street = client_of(cast.member(binhai, Role.STREET))
    assert street.get(f"{BOOKS}{draft.pk}/").status_code == 200
    assert street.get(f"{BOOKS}{draft.pk}/publish/").status_code == 403
    assert street.post(f"{BOOKS}{draft.pk}/discard/").status_code == 403
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    for page in ("", "publish/", "bands/", "trial/", "discard/"):
        assert neighbour.get(f"{BOOKS}{draft.pk}/{page}").status_code == 404
    assert neighbour.post(f"{BOOKS}{draft.pk}/discard/").status_code == 404
    deputy = client_of(cast.member(binhai, Role.DEPUTY))
    assert deputy.get(f"{BOOKS}{draft.pk}/").status_code in (302, 403)


def test_a_draft_thrown_away_takes_an_otherwise_empty_book_along(draft, clerk, client_of, binhai):
    assert client_of(clerk).post(f"{BOOKS}{draft.pk}/discard/").status_code == 302
    with in_congress(binhai):
        assert not RuleBook.objects.exists()


def test_the_page_of_a_book_asks_as_often_for_30_rules_as_for_60(draft, clerk, client_of, binhai):
    client = client_of(clerk)
    client.get(f"{BOOKS}{draft.pk}/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{BOOKS}{draft.pk}/")
    with in_congress(binhai):
        group = draft.nodes.get(key="B")
        for n in range(30):
            actions.save_rule(
                draft, by=clerk, kind="const", name=f"第{n}", parent=group, params={"points": "1"}
            )
    with CaptureQueriesContext(connection) as many:
        client.get(f"{BOOKS}{draft.pk}/")
    assert len(many) <= len(few)
