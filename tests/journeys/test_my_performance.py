"""The deputy's half: my points and why, a duty reported, reviewed and counted, an objection."""

import datetime as dt

import pytest

from congress.models import Membership, Role
from congress.tenancy import in_congress
from performance import actions
from performance.models import Period, SelfReport
from tests import cast
from tests.performance import year

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def deputy(binhai):
    now = dt.date.today()
    with in_congress(binhai):
        seats = year.seats(9)
        row = seats[0].deputy
        row.membership = Membership.objects.get(role=Role.DEPUTY)
        row.save()
        seats[0].street = cast.member(binhai, Role.STREET).unit
        seats[0].save()
        version = year.rule_book()
        year.period(version, year=now.year - 1)
        year.period(version, year=now.year)
        year.facts(seats, each=40, year=now.year)
        Period.objects.filter(starts_on__year=now.year).update(
            objections_until=now + dt.timedelta(days=9)
        )
        actions.tally(Period.objects.get(starts_on__year=now.year), by=year.keeper())
        return row


def fits(page) -> None:
    assert page.evaluate(OVERFLOW) <= 0


def test_a_deputy_sees_why_and_objects(binhai, deputy, at, shot, accessible):
    phone = at(cast.member(binhai, Role.DEPUTY), PHONE)
    phone.goto("/me/performance/")
    shot(phone, "my-performance-390")
    accessible(phone)
    fits(phone)
    phone.click("details.account-line >> nth=0")
    phone.wait_for_selector("details.account-line[open] .account-facts a")
    shot(phone, "my-performance-open-390")
    accessible(phone)
    phone.click("details.account-line[open] .account-facts a >> nth=0")
    phone.wait_for_selector("text=怎样计分")
    shot(phone, "my-record-390")
    accessible(phone)
    phone.click("text=这条记录不对")
    phone.click("button:has-text('提交异议')")
    phone.wait_for_selector(".error-summary")
    shot(phone, "my-objection-error-390")
    accessible(phone)
    phone.click("label:has-text('记错了')")
    phone.fill("#id_text", "当天在外地开会，已经请假，不应计入。")
    phone.click("button:has-text('提交异议')")
    phone.wait_for_selector("text=异议已提出")
    shot(phone, "my-objection-390")
    accessible(phone)
    fits(phone)
    for name in ("records", "objections"):
        phone.goto(f"/me/performance/{name}/")
        shot(phone, f"my-{name}-390")
        accessible(phone)
        fits(phone)
    desk = at(cast.member(binhai, Role.DEPUTY), DESK)
    desk.goto("/me/performance/")
    shot(desk, "my-performance-1366")
    accessible(desk)
    desk.click("details.account-line >> nth=0")
    desk.click("details[open] a:has-text('怎样计分')")
    desk.wait_for_url("**/lines/**")
    shot(desk, "my-line-1366")
    accessible(desk)


def test_a_duty_is_reported_returned_and_counted(binhai, deputy, at, shot, accessible):
    phone = at(cast.member(binhai, Role.DEPUTY), PHONE)
    phone.goto("/me/performance/reports/")
    shot(phone, "my-reports-empty-390")
    phone.click("text=申报履职 >> nth=0")
    phone.wait_for_selector("text=选择事项")
    shot(phone, "my-report-item-390")
    accessible(phone)
    phone.click("text=走访联系选民")
    phone.click("button:has-text('下一步')")
    phone.wait_for_selector(".error-summary")
    shot(phone, "my-report-error-390")
    accessible(phone)
    phone.fill("input[name=on]", dt.date.today().isoformat())
    phone.fill("textarea[name=title]", "走访湖滨路菜场经营户 12 户，了解摊位费和卫生管理情况")
    phone.click("button:has-text('下一步')")
    phone.wait_for_selector("text=请核对")
    shot(phone, "my-report-check-390")
    accessible(phone)
    phone.click("button:has-text('提交')")
    phone.wait_for_selector("text=申报已提交")
    shot(phone, "my-report-sent-390")
    accessible(phone)
    fits(phone)
    with in_congress(binhai):
        report = SelfReport.objects.get()
    street = at(cast.member(binhai, Role.STREET), DESK)
    street.goto("/admin/performance/selfreport/")
    shot(street, "reports-to-review")
    accessible(street)
    street.click("table a:has-text('走访湖滨路')")
    street.wait_for_selector("text=办理经过")
    shot(street, "report-to-review")
    accessible(street)
    street.click("a.btn:has-text('退回')")
    street.fill("textarea[name=reason]", "请写明走访的时间，并附上一两张照片。")
    street.click("button:has-text('退回')")
    street.wait_for_selector("text=已退回")
    phone.goto(f"/me/performance/reports/{report.pk}/")
    shot(phone, "my-report-returned-390")
    accessible(phone)
    phone.click("a:has-text('修改内容')")
    phone.fill("textarea[name=title]", "今天上午走访湖滨路菜场经营户 12 户，了解摊位费和卫生管理")
    phone.click("button:has-text('下一步')")
    phone.click("button:has-text('再次提交')")
    phone.wait_for_selector("text=申报已提交")
    with in_congress(binhai):
        report.refresh_from_db()
        actions.review(report, by=cast.member(binhai, Role.STREET))
        actions.verify(report, by=year.keeper())
    phone.goto("/me/performance/reports/")
    assert "已计入" in phone.inner_text("main")
    shot(phone, "my-reports-390")
    accessible(phone)
    phone.goto(f"/me/performance/reports/{report.pk}/")
    shot(phone, "my-report-counted-390")
    accessible(phone)
