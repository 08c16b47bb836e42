"""The keeper of the calendar: sees the year, changes a day, pastes next year's notice."""

import pytest

from congress.models import Role
from tests import cast

from .conftest import DESK, PHONE

NOTICE = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月30日（周六）、2月14日（周日）上班。"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_keeper_enters_next_years_notice(binhai, at, shot, accessible, size):
    page = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), size)
    page.goto("/admin/holidays/?year=2026")
    shot(page, f"holidays-2026-{size['width']}")
    accessible(page)
    page.click('a[title^="2026年7月6日"]')
    shot(page, f"holiday-day-{size['width']}")
    page.click("text=放假 >> nth=-1")
    page.fill("input[name=name]", "防汛停工")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".error-summary")
    shot(page, f"holiday-day-error-{size['width']}")
    accessible(page)
    page.fill("input[name=reason]", "区政府通告〔2026〕3号")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=区政府通告〔2026〕3号")
    page.goto("/admin/holidays/?year=2027")
    page.wait_for_selector("text=还没有录入")
    shot(page, f"holidays-2027-unknown-{size['width']}")
    page.click("text=录入本年度安排")
    page.fill("input[name=document]", "国务院办公厅关于2027年部分节假日安排的通知")
    page.fill("textarea[name=text]", NOTICE)
    shot(page, f"holiday-notice-{size['width']}")
    page.click("button:has-text('读出安排')")
    page.wait_for_selector("text=核对无误")
    shot(page, f"holiday-notice-check-{size['width']}")
    accessible(page)
    page.click("text=核对无误，生效")
    page.wait_for_selector("text=已生效")
    shot(page, f"holidays-2027-{size['width']}")
    accessible(page)
