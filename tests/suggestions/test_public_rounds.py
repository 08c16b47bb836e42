"""What everybody reads of a suggestion that was handled again: the last reply, and nothing of how
the one before was judged. Judgements of deputies are no part of what is published."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import PublicationDecision, Suggestion
from suggestions.rules.texts import judgement_hints
from tests import cast

from . import stage

MARCH, APRIL, MAY = dt.date(2026, 3, 10), dt.date(2026, 4, 8), dt.date(2026, 5, 6)
FIRST, LAST = "第一批资金正在申请，尚未开工。", "资金已经落实，十二部电梯全部开工。"
# What tells that a reply was not the first, or why there was another.
NEVER = (
    "不满意", "满意", "评价", "反馈", "重新", "重办", "再次", "首次", "第一次", "第二次",
    "第1次", "第2次", "第1轮", "第2轮", "研判", "提级", "没有落实", "请落实", "round", "rehandling",
    "dissatisfied",
)  # fmt: skip
ROWS = ("s", "s_feed", "s_csv", "s_json")
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready(publish_needs_consent=False)
        return stage.people()


@pytest.fixture
def housing(binhai):
    return cast.member(binhai, Role.HANDLING_UNIT)


@pytest.fixture
def anyone(binhai, stranger_at):
    return stranger_at(binhai)


def publish(congress, row: Suggestion, part: str, text: str, day: dt.date, reply=None):
    with stage.on(day):
        return actions.decide_publication(
            row, by=stage.clerk(congress), part=part, mode="full", title=row.title, text=text,
            secrecy_checked=True, privacy_checked=True, reply=reply,
        )  # fmt: skip


def told(anyone, paper: str, **asked) -> str:
    """All that is public, as one text."""
    pages = [reverse(f"public_suggestion{n}") for n in ROWS] + ["/", f"/suggestions/{paper}/"]
    return "\n".join(anyone.get(page, asked).content.decode() for page in pages)


def handled_again(congress, people, housing, *, publish_first: bool):
    """The story, step by step; after each the published text's address."""
    row = stage.assigned(congress, people[0], [(housing.unit, "sole")])
    text = publish(congress, row, "text", row.situation, stage.ASSIGNED)
    yield text.public_id
    task = stage.task_of(row, housing.unit)
    row = stage.answered(task, housing, MARCH, "B", text=FIRST, promises=[
        actions.Pledge("完成资金申请", "批复下达", "副局长李某", MAY)])  # fmt: skip
    if publish_first:
        publish(congress, row, "reply", FIRST, MARCH)
    yield text.public_id
    row = stage.judged(row, MARCH, "unsatisfied")
    yield text.public_id
    with stage.on(APRIL):
        row = actions.order_rehandling(
            row, by=stage.clerk(congress), opinion="请落实资金", dimensions=["结果"]
        )
    yield text.public_id
    row = stage.answered(task, housing, APRIL, "A", text=LAST)
    assert row.round == 2
    yield text.public_id
    publish(congress, row, "reply", LAST, APRIL)
    yield text.public_id
    stage.judged(row, MAY)
    yield text.public_id


@pytest.mark.parametrize("publish_first", [True, False])
def test_trap_29_no_moment_tells_the_public_how_a_reply_was_judged(
    anyone, binhai, people, housing, publish_first
):
    story = handled_again(binhai, people, housing, publish_first=publish_first)
    seen = []
    while True:
        with in_congress(binhai):
            paper = next(story, None)
        if paper is None:
            break
        page = told(anyone, paper)
        assert [w for w in NEVER if w in page] == [], len(seen)
        seen.append(page)
    assert len(seen) == 7
    assert "正在办理" in seen[0]
    for page in seen[1:]:
        assert "正在办理" not in page  # it was answered, whatever came after
    assert [FIRST in page for page in seen] == [False, *[publish_first] * 4, False, False]
    assert [LAST in page for page in seen] == [False] * 5 + [True] * 2


def test_the_last_reply_stands_alone_with_its_result_and_is_found_by_its_own_words(
    anyone, binhai, people, housing
):
    with in_congress(binhai):
        *_, paper = handled_again(binhai, people, housing, publish_first=True)
    page = anyone.get(f"/suggestions/{paper}/").content.decode()
    assert page.count("的答复</h2>") == 1 and page.count(LAST) == 1
    assert "B类" not in page
    assert page.count("完成资金申请") == 1  # what was promised first is still kept or broken
    rows = anyone.get("/suggestions/data.json").json()
    assert [r["答复"] for r in rows] == [LAST] and rows[0]["答复日期"] == str(APRIL)
    listed = anyone.get("/suggestions/", {"q": "第一批资金"}).content.decode()
    assert paper not in listed
    assert paper in anyone.get("/suggestions/", {"q": "十二部电梯"}).content.decode()


def test_of_a_reply_taken_down_the_one_before_is_public_again(anyone, binhai, people, housing):
    with in_congress(binhai):
        *_, paper = handled_again(binhai, people, housing, publish_first=True)
        last = PublicationDecision.objects.get(part="reply", reply__round=2)
        with stage.on(MAY):
            actions.take_down(last, by=stage.clerk(binhai), reason="有误")
    page = told(anyone, paper)
    assert FIRST in page and LAST not in page and [w for w in NEVER if w in page] == []


def test_each_unit_that_answers_by_itself_keeps_its_own_last_reply(anyone, binhai, people, housing):
    with in_congress(binhai):
        other, who = stage.unit("财政局")
        row = stage.assigned(
            binhai, people[0], [(housing.unit, "separate"), (other, "separate")], day=MARCH
        )
        text = publish(binhai, row, "text", row.situation, MARCH)
        for unit, by, words in ((housing.unit, housing, "甲。"), (other, who, "乙答复全文。")):
            row = stage.answered(stage.task_of(row, unit), by, MARCH, text=words)
        for reply, words in zip(
            [r for t in row.assignments.order_by("pk") for r in t.replies.all()],
            ("甲一答复全文。", "乙一答复全文。"), strict=True,
        ):  # fmt: skip
            publish(binhai, row, "reply", words, MARCH, reply)
        row = stage.judged(row, MARCH, "unsatisfied")
        with stage.on(APRIL):
            row = actions.order_rehandling(
                row, by=stage.clerk(binhai), opinion="请落实", dimensions=["结果"]
            )
        row = stage.answered(stage.task_of(row, housing.unit), housing, APRIL, text=LAST)
        reply = stage.task_of(row, housing.unit).replies.get(round=2)
        publish(binhai, row, "reply", LAST, APRIL, reply)
    page = told(anyone, text.public_id)
    assert LAST in page and "乙一答复全文" in page and "甲一答复全文" not in page


def test_who_checks_is_told_what_would_tell_it(binhai, people, housing, client_of):
    with in_congress(binhai):
        row = stage.assigned(binhai, people[0], [(housing.unit, "sole")])
        task = stage.task_of(row, housing.unit)
        row = stage.judged(stage.answered(task, housing, MARCH), MARCH, "unsatisfied")
        with stage.on(APRIL):
            row = actions.order_rehandling(
                row, by=stage.clerk(binhai), opinion="请落实", dimensions=["结果"]
            )
        letter = "您对上次答复表示不满意，我们重新办理，现答复如下。"
        row = stage.answered(task, housing, APRIL, text=letter)
        first, second = task.replies.order_by("round")
    with stage.on(APRIL):
        desk = client_of(stage.clerk(binhai))
        asked = [
            desk.get(reverse("admin:suggestions_publish_reply", args=[r.pk])).content.decode()
            for r in (first, second)
        ]
        assert ["可能透露代表的评价" in page for page in asked] == [False, True]
        desk_page = desk.get(reverse("admin:suggestions_publish", args=[row.pk])).content.decode()
    assert "公众只看到各单位最近一次公开的答复" in desk_page


def test_words_that_tell_a_judgement():
    found = judgement_hints("鉴于代表不满意，我局重新办理，现再次答复如下。居民满意。")
    assert [f.split("：")[1] for f in found] == ["鉴于代表不满意", "我局重新办理", "现再次答复"]
    assert judgement_hints("已开工，居民满意。") == []
