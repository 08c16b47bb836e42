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
