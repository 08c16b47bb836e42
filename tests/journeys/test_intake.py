"""The intake desk in a browser: from the hand-in to the number, and the page that tells it all."""

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Category, Suggestion
from tests import cast
from tests.suggestions import stage
from tests.suggestions.test_intake_desk import long_story

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LIST = "/admin/suggestions/suggestion/"


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready(pre_review_steps=["street"])
        own = cast.member(binhai, Role.STREET).unit
        found = stage.people(6)
        for person, title in zip(
            found,
            ("关于在湖滨社区增设公交站点的建议", "关于加快老旧小区加装电梯的建议",
             "关于整治西河河道水质的建议"),
            strict=False,
        ):  # fmt: skip
            row = stage.submitted(
                person, found[4:6], title=title, category=Category.objects.get(name="公共交通")
            )
            Suggestion.objects.filter(pk=row.pk).update(street=own)
        return found


def test_a_street_and_the_clerk_take_a_suggestion_to_its_number(
    binhai, people, at, shot, accessible
):
    street = at(cast.member(binhai, Role.STREET), PHONE)
    street.goto(LIST)
    shot(street, "intake-street-390")
    accessible(street)
    assert street.evaluate(OVERFLOW) <= 0
    street.click("th a:has-text('增设公交站点')")
    shot(street, "intake-one-390")
    accessible(street)
    assert street.evaluate(OVERFLOW) <= 0
    street.click("a:has-text('初审通过')")
    shot(street, "intake-pass-390")
    accessible(street)
    street.fill("#id_opinion", "情况属实，同意提交。")
    street.click("button:has-text('初审通过')")
    assert "转入下一环节" in street.inner_text("main")

    desk = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), DESK)
    desk.goto(LIST)
    shot(desk, "intake-list-1366")
    accessible(desk)
    assert desk.evaluate(OVERFLOW) <= 0
    desk.click("summary:has-text('更多条件')")
    desk.check("#id_joint")  # came when it was opened
    shot(desk, "intake-list-more-1366")
    accessible(desk)
    desk.click("button:has-text('筛选')")
    assert "共 1 件" in desk.inner_text("main")
    assert desk.is_checked("#id_joint") and desk.is_visible("#id_joint")
    desk.click("text=清除")
    desk.click("th a:has-text('增设公交站点')")
    shot(desk, "intake-one-1366")
    accessible(desk)
    desk.click("a:has-text('登记编号')")
    desk.click("button:has-text('登记编号')")
    assert "处需要修改" in desk.inner_text("[role=alert]")
    shot(desk, "intake-register-1366")
    accessible(desk)
    for box in desk.query_selector_all("input[name=checked]"):
        box.check()
    desk.click("button:has-text('登记编号')")
    assert "已登记，编号 5-001" in desk.inner_text("main")
    desk.goto(LIST + "?show=to_assign")
    assert "5-001" in desk.inner_text("table")
    desk.goto("/admin/suggestions/enter/")
    shot(desk, "intake-enter-1366")
    accessible(desk)


def test_one_page_tells_a_long_story(binhai, at, shot, accessible):
    who = cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(binhai):
        stage.ready()
        found = stage.people()
        other = stage.registered(binhai, found[3])
        row = long_story(binhai, found, who.unit, who)
        actions.merge(
            other, [stage.registered(binhai, found[2])], by=stage.clerk(binhai), reason="同一件事"
        )
    for size, width in ((DESK, 1366), (PHONE, 390)):
        page = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), size)
        page.goto(f"{LIST}{row.pk}/change/")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        shot(page, f"intake-story-{width}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0
        page.goto(f"{LIST}{other.pk}/change/")
        shot(page, f"intake-merged-{width}")
        accessible(page)
        page.goto(f"{LIST}?show=all")
        shot(page, f"intake-all-{width}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0


def test_a_secret_one_has_a_list_of_its_own_and_ends_outside(binhai, people, at, shot, accessible):
    clerk = cast.member(binhai, Role.DEPUTY_AFFAIRS)
    with in_congress(binhai), stage.on(stage.SITTING):
        actions.reserve_secret(by=clerk, received_on=stage.SITTING, lead=people[0])
    desk, phone = at(clerk, DESK), at(clerk, PHONE)
    desk.goto(LIST)
    desk.click("a:has-text('涉密件') >> nth=-1")
    for page, width in ((desk, 1366), (phone, 390)):
        page.goto(f"{LIST}?show=secret")
        shot(page, f"secret-list-{width}")
        accessible(page)
        page.click("th a:has-text('涉密建议')")
        shot(page, f"secret-one-{width}")
        accessible(page)
        page.click("a:has-text('登记系统外办结')")
        shot(page, f"secret-close-{width}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0
    desk.fill("#id_on", "2026-02-10")
    desk.click("button:has-text('登记办结')")
    assert "已登记办结" in desk.inner_text("main")
    shot(desk, "secret-closed-1366")
    mine = at(people[0].membership, PHONE)
    with in_congress(binhai):
        row = Suggestion.objects.get(is_secret_placeholder=True)
    mine.goto(f"/me/suggestions/{row.pk}/")
    shot(mine, "secret-own-390")
    accessible(mine)
