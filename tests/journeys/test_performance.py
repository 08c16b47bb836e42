"""A clerk writes and publishes a book; a deputy reports, is reviewed, verified, and objects."""

import datetime as dt

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from performance import actions
from tests import cast
from tests.performance import year

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def clerk(binhai):
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


def fits(page) -> None:
    assert page.evaluate(OVERFLOW) <= 0


def test_a_clerk_writes_a_book_and_publishes_it(binhai, clerk, at, shot, accessible):
    with in_congress(binhai):
        seats = year.seats(3)
        actions.ship_items()
        for month in range(1, 8):
            on = dt.date(2025, month, 6)
            year.fact(seats[0].deputy, "B06", on, outcome="present", title="接待选民")
    page = at(clerk, DESK)
    page.goto("/admin/performance/rulebook/")
    shot(page, "books-empty")
    page.click("text=新建办法 >> nth=0")
    page.fill("input[name=name]", "滨海区人大代表履职积分管理办法")
    shot(page, "book-new")
    accessible(page)
    page.click("button:has-text('建立草稿')")
    page.wait_for_selector("text=计分规则")
    shot(page, "version-draft")
    accessible(page)
    page.click("a:has-text('到家站点接待选民')")
    page.fill("input[name=rate]", "5")
    page.fill("input[name=starts_at]", "2")
    page.fill("input[name=cap]", "20")
    page.click("button:has-text('看看读作什么')")
    assert "每1次5分，从第2次起，最多20分" in page.inner_text(".said")
    shot(page, "rule-times")
    accessible(page)
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已保存")
    page.click("text=分档计分")
    shot(page, "rule-steps")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".error-summary")
    shot(page, "rule-steps-errors")
    accessible(page)
    page.click("a:has-text('按级别、作用或出席情况计分')")
    shot(page, "rule-values")
    page.click(".house nav a:has-text('滨海区人大代表履职积分管理办法')")
    page.click("text=修改等次")
    page.fill("input[name=high_1]", "699")
    page.click("button:has-text('检查并保存')")
    assert "699分不属于任何等次" in page.inner_text(".error-summary")
    shot(page, "bands-gap")
    accessible(page)
    page.click("button:has-text('自动衔接')")
    page.wait_for_selector("text=等次已保存")
    page.click("a:has-text('试算')")
    page.fill("#content input[name=q]", "slf")
    page.fill("input[name=starts_on]", "2025-01-01")
    page.fill("input[name=ends_on]", "2025-12-31")
    page.click("button:has-text('试算') >> nth=0")
    assert "按上限计20分" in page.content()
    shot(page, "trial")
    accessible(page)
    page.click(".house nav a:has-text('滨海区人大代表履职积分管理办法')")
    page.click("a.btn:has-text('发布')")
    page.fill("input[name=in_force_from]", "2025-01-01")
    page.fill("input[name=basis_document]", "区人大常委会主任会议2025年1月8日通过")
    page.click("button:has-text('下一步')")
    page.wait_for_selector("text=确认发布")
    shot(page, "publish-check")
    accessible(page)
    page.click("button:has-text('确认发布')")
    page.wait_for_selector("text=请拟订新版本")
    shot(page, "version-published")
    page.goto("/admin/performance/dutyitem/")
    shot(page, "items")
    accessible(page)
    fits(page)
    phone = at(clerk, PHONE)
    phone.goto(page.url)
    shot(phone, "items-390")
    fits(phone)
