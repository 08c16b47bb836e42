"""What a deputy sees of the own points on the phone, reports and objects to."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Membership, Role
from congress.tenancy import in_congress
from deputies.models import Deputy
from performance import actions
from performance.models import DutyItem, DutyRecord, Objection, SelfReport
from tests import cast

from . import year

TODAY = dt.datetime(2025, 11, 20, 2, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def _autumn():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def deputy(binhai):
    """代表甲 with a seat, ten facts, an open period and the four-aspects book."""
    with in_congress(binhai):
        seats = year.seats(4)
        row = seats[0].deputy
        row.membership = Membership.objects.get(role=Role.DEPUTY)
        row.save()
        year.period()
        for n in range(1, 11):
            year.fact(row, "B01" if n % 2 else "B02", dt.date(2025, n, 5), title=f"走访选民{n}")
        year.fact(seats[1].deputy, "B01", dt.date(2025, 3, 1), title="别人的履职")
        return row


@pytest.fixture
def phone(binhai, deputy, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY))


def at(name: str, *args) -> str:
    return reverse(f"portal_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


def test_each_line_leads_to_its_rule_and_the_facts_behind_it(phone, binhai, deputy):
    page = phone.get(at("performance"))
    assert page.status_code == 200 and "按现在的记录计算" in words(page)
    lines = [x for x, _ in page.context["lines"] if x.rule.is_leaf and x.points > 0]
    assert lines
    one = phone.get(at("line", page.context["period"].pk, lines[0].rule.key))
    assert lines[0].sentence in words(one)
    facts = one.context["page"].object_list
    assert facts and all(f.deputy_id == deputy.pk for f in facts)
    fact = words(phone.get(at("record", facts[0].pk)))
    assert "提出异议" in fact


def test_the_total_is_what_the_tally_says(phone, binhai, deputy):
    from performance.models import Period, TallyTotal

    with in_congress(binhai):
        period = Period.objects.get()
        actions.tally(period, by=None)
        counted = TallyTotal.objects.get(deputy=deputy)
    assert phone.get(at("performance")).context["total"].total == counted.total


def test_a_report_goes_in_comes_back_and_goes_in_again(phone, binhai, deputy):
    with in_congress(binhai):
        item = DutyItem.objects.filter(self_reportable=True).first()
    late = {"item": item.pk, "on": "2025-12-20", "title": "走访选民", "quantity": "1"}
    refused = phone.post(at("report_new"), late)
    assert refused.status_code == 422 and "不能晚于今天" in words(refused)
    sent = phone.post(at("report_new"), late | {"on": "２０２５.11.3"})
    with in_congress(binhai):
        row = SelfReport.objects.get()
        assert (row.state, row.on) == ("submitted", dt.date(2025, 11, 3))
        actions.return_report(
            row, by=cast.member(binhai, Role.DEPUTY_AFFAIRS), reason="请补充走访的社区"
        )
    assert sent["Location"] == at("report", row.pk)
    assert "请补充走访的社区" in words(phone.get(at("report", row.pk)))
    phone.post(at("report_mend", row.pk), late | {"on": "2025-11-03", "title": "走访湖滨社区选民"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert (row.state, row.title) == ("submitted", "走访湖滨社区选民")
    phone.post(at("report_drop", row.pk))
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.state == "dropped"


def test_an_objection_names_the_record_and_is_answered(phone, binhai, deputy):
    with in_congress(binhai):
        fact = DutyRecord.objects.filter(deputy=deputy).first()
        other = DutyRecord.objects.exclude(deputy=deputy).first()
    period = phone.get(at("performance")).context["period"].pk
    address = at("objection_new", period)
    assert phone.get(address, {"record": other.pk}).status_code == 404
    refused = phone.post(f"{address}?record={fact.pk}", {"kind": "wrong", "text": ""})
    assert refused.status_code == 422
    phone.post(f"{address}?record={fact.pk}", {"kind": "wrong", "text": "日期应为次日"})
    again = phone.post(f"{address}?record={fact.pk}", {"kind": "wrong", "text": "日期应为次日"})
    assert again.status_code == 409
    with in_congress(binhai):
        row = Objection.objects.get()
        actions.reject(row, by=cast.member(binhai, Role.DEPUTY_AFFAIRS), reason="与签到记录一致")
    shown = words(phone.get(at("objection", row.pk)))
    assert "未采纳" in shown and "与签到记录一致" in shown


def test_what_is_missing_needs_no_record(phone, binhai, deputy):
    period = phone.get(at("performance")).context["period"].pk
    phone.post(at("objection_new", period), {"kind": "missing", "text": "漏记了三月的视察"})
    with in_congress(binhai):
        assert Objection.objects.get().kind == "missing"


def test_others_find_nothing(binhai, shanyang, deputy, client_of):
    with in_congress(binhai):
        fact = DutyRecord.objects.filter(deputy=deputy).first()
        seat = year.seat("乙代表", 90)
        other = cast.add_member(binhai, Role.DEPUTY, "乙代表", login="deputy2")
        Deputy.objects.filter(pk=seat.deputy_id).update(membership=other)
    second = client_of(other)
    assert second.get(at("record", fact.pk)).status_code == 404
    with in_congress(shanyang):
        row = year.seat("山阳代表", 1).deputy
        row.membership = Membership.objects.get(role=Role.DEPUTY)
        row.save()
    stranger = client_of(cast.member(shanyang, Role.DEPUTY))
    assert stranger.get(at("record", fact.pk)).status_code == 404
    assert stranger.get(at("performance")).context["period"] is None
    clerk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
    assert clerk.get(at("performance")).status_code == 403


@pytest.mark.parametrize("name", ["performance", "records", "reports", "objections"])
def test_the_pages_ask_the_same_however_much_is_there(phone, binhai, deputy, name):
    phone.get(at(name))
    with CaptureQueriesContext(connection) as few:
        phone.get(at(name))
    with in_congress(binhai):
        for n in range(1, 25):
            year.fact(deputy, "B01", dt.date(2025, 2, n), title=f"走访{n}")
    with CaptureQueriesContext(connection) as many:
        phone.get(at(name))
    assert len(many) == len(few)
