"""The deputy's half: my points, why, report a duty, object."""

import datetime as dt

import pytest

from congress.models import Membership, Role
from congress.tenancy import in_congress
from tests import cast
from tests.performance import year

from .conftest import PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def deputy(binhai):
    now = dt.date.today()
    with in_congress(binhai):
        seats = year.seats(9)
        row = seats[0].deputy
        row.membership = Membership.objects.get(role=Role.DEPUTY)
        row.save()
        year.period(year=now.year)
        year.facts(seats, each=40, year=now.year)
        return row


def test_a_deputy_sees_why_reports_and_objects(binhai, deputy, at, shot, accessible):
    phone = at(cast.member(binhai, Role.DEPUTY), PHONE)
    phone.goto("/me/performance/")
    shot(phone, "my-performance-390")
    accessible(phone)
    assert phone.evaluate(OVERFLOW) <= 0
    phone.click("main ul.todo li a >> nth=1")
    shot(phone, "my-line-390")
    accessible(phone)
    phone.click("text=对这一项提出异议")
    phone.click("button:has-text('提交异议')")
    shot(phone, "my-objection-error-390")
    accessible(phone)
    phone.click("label:has-text('记错了')")
    phone.fill("#id_text", "三月的视察应当计一次，没有计入。")
    phone.click("button:has-text('提交异议')")
    assert "异议已提交" in phone.inner_text("main")
    shot(phone, "my-objection-390")
    phone.goto("/me/performance/reports/new/")
    phone.select_option("#id_item", index=1)
    phone.fill("#id_on", f"{dt.date.today():%Y-%m-%d}")
    phone.fill("#id_title", "走访湖滨社区选民三户，收集停车问题意见")
    shot(phone, "my-report-new-390")
    accessible(phone)
    phone.click("button:has-text('提交申报')")
    assert "申报已提交" in phone.inner_text("main")
    shot(phone, "my-report-390")
    phone.goto("/me/performance/records/")
    shot(phone, "my-records-390")
    accessible(phone)
