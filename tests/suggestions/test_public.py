"""What everybody may read of suggestions: what was checked and published, and nothing else."""

import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import access, actions
from suggestions.models import PublicationDecision, Suggestion
from suggestions.queries.search import search_published, search_suggestions
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
APRIL = dt.date(2026, 4, 8)
pytestmark = pytest.mark.django_db
LIST = "/suggestions/"


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready(publish_needs_consent=False)
        return stage.people()


@pytest.fixture
def housing(binhai):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    return who.unit, who


@pytest.fixture
def anyone(binhai, stranger_at):
    return stranger_at(binhai)


def shown(congress, row: Suggestion, *, text: str = "", mode: str = "full", part: str = "text"):
    """Published on a day in April."""
    with stage.on(APRIL):
        return actions.decide_publication(
            row, by=stage.clerk(congress), part=part, mode=mode, title=row.title,
            text=text or row.situation, secrecy_checked=True, privacy_checked=True,
            reason="涉及具体企业" if mode != "full" else "",
        )  # fmt: skip


def raised(congress, lead, unit, **more) -> Suggestion:
    return stage.assigned(congress, lead, [(unit, "sole")], **more)


def body(client, address: str = LIST, **asked) -> str:
    return client.get(address, asked).content.decode()


def test_the_empty_list_says_what_will_be_here(anyone, people):
    assert "还没有公开的建议" in body(anyone)
    assert "没有符合条件的建议" in body(anyone, q="电梯")
    assert anyone.get(reverse("public_suggestions_feed")).status_code == 200


def test_nothing_is_public_that_was_not_published(anyone, binhai, people, housing):
    with in_congress(binhai):
        row = raised(binhai, people[0], housing[0], title="关于尚未公开的事情的建议")
    assert row.title not in body(anyone)
    assert row.title not in body(anyone, q="尚未公开")
    for name in ("public_suggestions_feed", "public_suggestions_csv", "public_suggestions_json"):
        assert row.title not in anyone.get(reverse(name)).content.decode()
    assert anyone.get(f"{LIST}k/").status_code == 404


def test_a_published_suggestion_tells_its_course_and_its_reply(anyone, binhai, people, housing):
    with in_congress(binhai):
        row = raised(binhai, people[0], housing[0])
        row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
        text = shown(binhai, row, text="联系人老张，电话13812345678，身份证110101195001011234。")
        page = body(anyone, f"{LIST}{text.public_id}/")
        assert "138****5678" in page and "13812345678" not in page
        assert "110101195001011234" not in page
        assert people[0].name in page and housing[0].name in page
        assert "已经解决或者采纳" not in page  # the reply is not public yet
        shown(binhai, row, text="已列入今年计划。", part="reply", mode="abstract")
    page = body(anyone, f"{LIST}{text.public_id}/")
    assert "已列入今年计划" in page and "的答复（摘要）" in page
    for word in ("提出", "交办", "答复", "办理结果"):
        assert word in page
    assert "正在办理" not in page
    assert row.title in body(anyone, "/")


def test_where_it_stands_is_told_alike_on_every_page(anyone, binhai, people, housing):
    feed = reverse("public_suggestions_feed")
    with in_congress(binhai):
        row = raised(binhai, people[0], housing[0])
        text = shown(binhai, row)
    one = f"{LIST}{text.public_id}/"

    def told() -> set[str]:
        words = ("正在办理", "已答复，答复尚未公开", "已办结，答复没有公开", "已经解决或者采纳")
        pages = [body(anyone, at).split("<tbody>")[-1] for at in ("/", LIST, feed, one)]
        found = {tuple(w for w in words if w in page) for page in pages}
        assert len(found) == 1, found
        return set(found.pop())

    assert told() == {"正在办理"}
    with in_congress(binhai):
        row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
    assert told() == {"已答复，答复尚未公开"}
    with in_congress(binhai):
        row = stage.judged(row, MARCH)
        assert row.closed_at
    assert told() == {"已办结，答复没有公开"}
    with in_congress(binhai):
        shown(binhai, row, text="已列入今年计划。", part="reply", mode="abstract")
    assert told() == {"已经解决或者采纳"}


def test_trap_39_who_asked_to_be_hidden_is_a_deputy(anyone, binhai, people, housing):
    with in_congress(binhai):
        row = raised(binhai, people[0], housing[0], hides_name=True)
        text = shown(binhai, row)
    for page in (body(anyone), body(anyone, f"{LIST}{text.public_id}/"), body(anyone, "/")):
        assert "一位代表" in page and people[0].name not in page
    for name in ("csv", "json"):
        data = anyone.get(reverse(f"public_suggestions_{name}")).content.decode()
        assert "一位代表" in data and people[0].name not in data


def test_trap_38_what_is_taken_down_is_gone_everywhere_and_comes_back_at_its_address(
    anyone, binhai, people, housing
):
    with in_congress(binhai):
        row = raised(binhai, people[0], housing[0], title="关于先公开后撤下的建议")
        first = shown(binhai, row)
        with stage.on(APRIL):
            actions.take_down(first, by=stage.clerk(binhai), reason="当事人要求")
    address = f"{LIST}{first.public_id}/"
    assert anyone.get(address).status_code == 404
    for name in ("s", "s_feed", "s_csv", "s_json"):
        assert row.title not in body(anyone, reverse(f"public_suggestion{name}"))
    with in_congress(binhai):
        shown(binhai, row, text="已隐去当事人的新文本。")
    assert "已隐去当事人的新文本" in body(anyone, address)


def test_words_of_two_characters_are_found_in_title_text_and_reply(anyone, binhai, people, housing):
    with in_congress(binhai):
        titled = raised(binhai, people[0], housing[0], title="关于增设公交站点的建议")
        texted = raised(binhai, people[0], housing[0], title="关于方便出行的意见建议")
        replied = raised(binhai, people[0], housing[0], title="关于缩短上学路程的建议")
        replied = stage.answered(stage.task_of(replied, housing[0]), housing[1], MARCH)
        for row, text in ((texted, "居民乘坐公交不便。"), (titled, "居民候车不便。")):
            shown(binhai, row, text=text)
        shown(binhai, replied, text="学生上学路远。")
        shown(binhai, replied, text="拟开通公交专线。", part="reply")
        with stage.on(APRIL):
            later = shown(binhai, raised(binhai, people[0], housing[0]), text="与此无关。")
        found, is_near = search_published(access.public_texts(), access.public(), "公交")
        assert not is_near and list(found)[0].suggestion == titled
        assert {d.suggestion for d in found} == {titled, texted, replied}
        both, _ = search_published(access.public_texts(), access.public(), "公交　候车")
        assert [d.suggestion for d in both] == [titled]
    page = body(anyone, q="公交")
    assert "共 3 件" in page and later.title not in page


def test_what_is_not_public_is_not_found_through_the_public_search(anyone, binhai, people, housing):
    with in_congress(binhai):
        row = raised(binhai, people[0], housing[0], title="关于加装电梯的建议")
        row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
        shown(binhai, row, text="只公开这一句摘要。", mode="abstract")
        inside, _ = search_suggestions(Suggestion.objects.all(), "现场作了调查")
        assert list(inside) == [row]  # the reply, for staff
    for hidden in ("湖滨社区", "现场作了调查"):
        assert row.title not in body(anyone, q=hidden)


def test_near_titles_are_offered_where_nothing_holds_the_words(anyone, binhai, people, housing):
    with in_congress(binhai):
        shown(binhai, raised(binhai, people[0], housing[0], title="关于老旧小区加装电梯的建议"))
        shown(binhai, raised(binhai, people[0], housing[0], title="关于增设公交站点的建议"))
    page = body(anyone, q="老旧小区电梯")
    assert "标题相近" in page and "加装电梯" in page and "公交站点" not in page
    assert "没有符合条件" in body(anyone, q="地下综合管廊")


@pytest.mark.parametrize("odd", ["%", "_", "'", "\\", "\x00公", '"><script>', "０", "，"])
def test_odd_words_do_no_harm(anyone, binhai, people, housing, odd):
    with in_congress(binhai):
        shown(binhai, raised(binhai, people[0], housing[0]))
    answer = anyone.get(LIST, {"q": odd, "year": "x", "unit": "9", "page": "zz"})
    assert answer.status_code == 200 and "<script>" not in answer.content.decode().split("q=")[-1]


def test_the_list_is_narrowed_by_year_category_unit_and_result(anyone, binhai, people, housing):
    with in_congress(binhai):
        other, _ = stage.unit("交通局")
        mine = raised(binhai, people[0], housing[0], category="物业管理")
        mine = stage.answered(stage.task_of(mine, housing[0]), housing[1], MARCH)
        its = raised(binhai, people[0], other, category="公共交通")
        for row in (mine, its):
            shown(binhai, row)
        shown(binhai, mine, part="reply", text="已办。")
        above = mine.category.parent
    for asked in (
        {"unit": housing[0].pk}, {"category": above.pk}, {"result": "solved"},
    ):  # fmt: skip
        page = body(anyone, **asked)
        assert mine.title in page and its.title not in page, asked
    assert "共 2 件" in body(anyone, year=2026)
    data = json.loads(body(anyone, reverse("public_suggestions_json"), unit=other.pk))
    assert [d["标题"] for d in data] == [its.title]


def test_open_data_is_the_published_text_and_no_formula(anyone, binhai, people, housing):
    with in_congress(binhai):
        shown(binhai, raised(binhai, people[0], housing[0]), text="=HYPERLINK(1)，电话13812345678")
    raw = anyone.get(reverse("public_suggestions_csv")).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(raw))
    assert row["内容"] == "'=HYPERLINK(1)，电话138****5678"
    assert row["公开方式"] == "全文公开" and row["提出人"] == people[0].name
    page = body(anyone, reverse("public_suggestions_data"))
    assert all(name in page for name in row) and "共 1 件" in page


def test_the_feed_names_the_latest_with_whole_addresses(anyone, binhai, people, housing):
    with in_congress(binhai):
        text = shown(binhai, raised(binhai, people[0], housing[0]))
    answer = anyone.get(reverse("public_suggestions_feed"))
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    page = answer.content.decode()
    assert f"http://binhai.localhost/suggestions/{text.public_id}/" in page and text.title in page


def test_the_neighbours_suggestions_are_not_here(binhai, shanyang, people, housing, stranger_at):
    with in_congress(binhai):
        text = shown(binhai, raised(binhai, people[0], housing[0]))
    there = stranger_at(shanyang)
    assert text.title not in body(there)
    assert there.get(f"{LIST}{text.public_id}/").status_code == 404


def test_the_pages_ask_the_database_the_same_however_long_the_list(anyone, binhai, people, housing):
    def one():
        with in_congress(binhai):
            row = raised(binhai, people[0], housing[0])
            row = stage.answered(stage.task_of(row, housing[0]), housing[1], MARCH)
            shown(binhai, row, part="reply", text="已办。")
            return shown(binhai, row)

    text = one()
    addresses = [LIST, f"{LIST}?q=老旧", f"{LIST}{text.public_id}/", "/",
                 reverse("public_suggestions_csv"), reverse("public_suggestions_feed")]  # fmt: skip
    few = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            anyone.get(address)
        few[address] = len(asked)
    for _ in range(8):
        one()
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            anyone.get(address)
        assert len(asked) == few[address], address
    with in_congress(binhai):
        assert PublicationDecision.objects.count() == 18
