"""Staff look at the year's figures and open what is behind one of them."""

import pytest
import time_machine

from congress.models import Role
from congress.tenancy import in_congress
from tests import cast
from tests.suggestions import stage, year

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HERE = "/admin/suggestions/figures/"


@pytest.fixture
def clerk(binhai):
    with in_congress(binhai), time_machine.travel(year.at(year.ON), tick=True):
        stage.ready()
        maker = year.Maker(4)
        maker.year(12, sitting=maker.sitting_before)
        maker.year(40)
    return cast.member(binhai, Role.DEPUTY_AFFAIRS)


def test_staff_look_at_the_year_and_open_a_figure(clerk, at, shot, accessible):
    page = at(clerk, DESK)
    page.goto(HERE)
    page.wait_for_selector("text=按时办复率")
    shot(page, "figures-main")
    accessible(page)
    for words, name in (("全部指标", "all"), ("结果和评价", "judged"), ("历年", "years")):
        page.click(f".state-tabs a:has-text('{words}')")
        page.wait_for_selector("table.table-cards")
        shot(page, f"figures-{name}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0
    page.click(".state-tabs a:has-text('分项')")
    page.wait_for_selector("text=按分类")
    shot(page, "figures-category")
    accessible(page)
    page.click(".state-tabs a:has-text('承办单位')")
    page.wait_for_selector("text=按承办单位")
    shot(page, "figures-units")
    page.click("td a >> nth=3")
    page.wait_for_selector("text=计入")
    shot(page, "figures-rows")
    accessible(page)
    phone = at(clerk, PHONE)
    for view in ("main", "all", "parts", "years"):
        phone.goto(f"{HERE}?view={view}")
        phone.wait_for_selector("h1")
        shot(phone, f"figures-{view}-phone")
        assert phone.evaluate(OVERFLOW) <= 0


def test_a_report_is_printed_published_and_read_and_units_are_scored(
    binhai, clerk, at, shot, accessible
):
    page = at(clerk, DESK)
    page.goto("/admin/suggestions/reports/")
    shot(page, "reports-empty")
    page.click("text=生成年度报告 >> nth=0")
    shot(page, "report-new")
    accessible(page)
    page.fill("textarea[name=opening]", "加强组织领导，健全工作机制。")
    page.click("button:has-text('核对并生成')")
    page.wait_for_selector("text=内容与生成时一致", timeout=90000)
    shot(page, "report")
    accessible(page)
    page.click("a:has-text('公开') >> nth=-1")
    page.click("button:has-text('公开')")
    page.wait_for_selector("text=已公开")
    public = at(None, PHONE, binhai)
    public.goto("/suggestions/figures/")
    public.wait_for_selector("text=办复率")
    shot(public, "public-figures-phone")
    accessible(public)
    assert public.evaluate(OVERFLOW) <= 0
    page.goto("/admin/suggestions/scores/")
    page.click("text=拟订考评表 >> nth=0")
    page.click("button:has-text('下一步')")
    page.wait_for_selector("text=按今天的数据预览")
    shot(page, "score-draft")
    accessible(page)
    page.click("text=修改考评表")
    page.fill("input[name=basis_document]", "常发〔2026〕8号")
    page.fill("input[name=objections_until]", "2099-12-31")
    page.click("button:has-text('保存')")
    page.click("text=发各单位征求意见")
    page.click("button:has-text('发出')")
    page.wait_for_selector("text=考评结果")
    page.click("tbody th a >> nth=0")
    page.wait_for_selector("text=怎样计分")
    shot(page, "score-result")
    with in_congress(binhai):
        unit = cast.member(binhai, Role.HANDLING_UNIT)
    desk = at(unit, PHONE)
    desk.goto("/desk/scores/")
    desk.click(".todo a")
    desk.wait_for_selector("text=提出意见")
    shot(desk, "desk-score-phone")
    accessible(desk)
    assert desk.evaluate(OVERFLOW) <= 0
    desk.click("a:has-text('提出意见')")
    desk.fill("textarea[name=text]", "第5-002号建议已经送达，统计有误。")
    desk.click("button:has-text('提交意见')")
    desk.wait_for_selector("text=意见已提交")
