"""What a tired clerk meets at the records' desk: stale tabs, pasted lists, days out of office."""

import datetime as dt

import pytest

from activities import actions as activities
from congress.models import Role
from notices.models import Notice
from performance import actions
from performance.models import DutyItem, DutyRecord, Objection, Period, SelfReport
from tests import cast
from tests.activities import stage

from . import year
from .test_records_pages import (  # noqa: F401 (fixtures)
    MARCH,
    deputy,
    elsewhere,
    listed,
    page_of,
    reported,
    street,
    url,
)

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return response.content.decode()


def item(code: str) -> DutyItem:
    return DutyItem.objects.get(code=code)


def typed(code: str = "B07", **more) -> tuple[str, dict]:
    values = {"on": "2025-03-06", "title": "集中走访", "quantity": "1"} | more
    return f"{url('performance_on_behalf')}?item={item(code).pk}", values


def test_figures_above_the_list_lead_to_exactly_their_rows(deputy, client_of):  # noqa: F811
    client = client_of(year.keeper())
    year.fact(deputy, "B06", MARCH, title="湖滨站点接待")
    year.fact(deputy, "A01", MARCH, title="听取报告", outcome="absent")
    assert "outcome=absent" in words(client.get(listed("dutyrecord")))
    rows = words(client.get(listed("dutyrecord") + "?outcome=absent"))
    assert "共 1 条" in rows and "听取报告" in rows and "湖滨站点接待" not in rows


def test_a_fact_leads_to_its_activity_only_those_who_may_open_it(
    deputy,  # noqa: F811
    street,  # noqa: F811
    client_of,
    in_binhai,
):
    by = stage.clerk(in_binhai)
    activity = stage.over(by, [deputy])
    ids = activity.invitations.values_list("pk", flat=True)
    activities.mark(activity.sessions.get(), by=by, values=dict.fromkeys(ids, "present"))
    activities.close(activity, by=by, result="")
    record = DutyRecord.objects.get()
    address = url("activities_activity_change", activity.pk)
    assert address in words(client_of(by).get(page_of(record)))
    theirs = client_of(street).get(page_of(record))
    assert theirs.status_code == 200 and address not in words(theirs)


def test_the_second_page_stays_on_its_tab_and_so_does_a_filter(deputy, street, client_of):  # noqa: F811
    client = client_of(street)
    reported(deputy, title="还没有初审")
    other = reported(deputy, title="已经初审", on=MARCH + dt.timedelta(days=1))
    actions.review(other, by=street)
    assert "已经初审" not in words(client.get(listed("selfreport") + "?page=1"))
    tab = words(client.get(listed("selfreport")))
    assert '<input type="hidden" name="state__exact" value="submitted"' in tab
    narrowed = words(client.get(listed("selfreport") + "?state__exact=submitted&q=slf"))
    assert "还没有初审" in narrowed and "已经初审" not in narrowed


def test_a_page_is_ticked_in_one_press(deputy, street, client_of):  # noqa: F811
    reported(deputy)
    client = client_of(street)
    assert "勾选本页 1 件" in words(client.get(listed("selfreport")))
    ticked = words(client.get(listed("selfreport") + "?state__exact=submitted&ticked=1"))
    assert " checked>" in ticked and "勾选本页" not in ticked


def test_a_numbered_list_is_read_and_who_was_out_of_office_is_named(deputy, client_of):  # noqa: F811
    client = client_of(year.keeper())
    gone = year.seat("离任人", 90, ends_on=dt.date(2024, 1, 1), end_reason="resigned").deputy
    address, values = typed(names=f"1. {deputy.name}\n2、{gone.name}")
    refused = client.post(address, values)
    assert refused.status_code == 422
    assert "当天不在任，不能录入：离任人" in words(refused)
    assert not SelfReport.objects.exists()
    address, values = typed(names=f"１．{deputy.name}\n")
    assert client.post(address, values).status_code == 302
    assert SelfReport.objects.get().deputy == deputy


@pytest.mark.parametrize("names", ["1、2、3", "，，", "\n"])
def test_a_list_without_a_name_is_refused_in_words(deputy, client_of, names):  # noqa: F811
    address, values = typed(names=names)
    assert client_of(year.keeper()).post(address, values).status_code == 422


def test_what_is_there_already_is_entered_again_only_on_purpose(deputy, client_of):  # noqa: F811
    client = client_of(year.keeper())
    year.fact(deputy, "B07", MARCH, title="街道组织的走访")
    address, values = typed(names=deputy.name)
    asked = client.post(address, values)
    assert asked.status_code == 422 and "可能重复：单林芳" in words(asked)
    assert client.post(address, values | {"is_another": "on"}).status_code == 302
    assert SelfReport.objects.get().title == "集中走访"


def test_a_returned_entry_on_behalf_leads_its_author_to_the_desk(deputy, street, client_of):  # noqa: F811
    report = actions.enter_on_behalf(
        by=street, deputy=deputy, item=item("B07"), on=MARCH, title="走访"
    )
    actions.return_report(report, by=year.keeper(), reason="写明户数")
    told = {n.to_id: n.link for n in Notice.objects.filter(template="performance/report_returned")}
    assert told[street.pk] == page_of(report)
    assert told[deputy.membership_id].startswith("/me/performance/")


def test_an_objection_to_points_shows_the_line_and_its_facts(deputy, client_of, in_binhai):  # noqa: F811
    client = client_of(cast.member(in_binhai, Role.DEPUTY_AFFAIRS))
    period = Period.objects.get()
    year.fact(deputy, "B06", MARCH, title="到湖滨站点接待", outcome="present")
    row = actions.raise_objection(
        period,
        by=deputy.membership,
        deputy=deputy,
        kind="wrong",
        text="应为两次",
        node=period.version.nodes.get(key="B06"),
    )
    assert "还没有汇总" in words(client.get(page_of(row)))
    actions.tally(period, by=None)
    shown = words(client.get(page_of(row)))
    assert "到家站点接待选民 1次 ×6分 = 6分" in shown and "到湖滨站点接待</a>" in shown


@pytest.mark.parametrize(
    ("on", "said"),
    [("2024-03-06", "不在“2025年度”内"), ("2025-03-06", "当天不在任"), ("2999-01-01", "履职日期")],
)
def test_nothing_missing_is_entered_for_a_day_that_cannot_count(deputy, client_of, on, said):  # noqa: F811
    mandate = deputy.mandates.get()
    mandate.starts_on = dt.date(2025, 6, 1)
    mandate.save()
    row = actions.raise_objection(
        Period.objects.get(), by=deputy.membership, deputy=deputy, kind="missing", text="漏记"
    )
    answer = client_of(year.keeper()).post(
        url("performance_uphold", row.pk), {"reason": "属实", "item": item("B07").pk, "on": on}
    )
    assert answer.status_code == 422 and said in words(answer)
    assert Objection.objects.get().state == "open" and not DutyRecord.objects.exists()
