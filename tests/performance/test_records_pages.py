"""履职记录, 自行申报 and 异议 at the staff's desk: who sees and does what, step by step."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from congress import outbox
from congress.flow import NotAllowed
from congress.models import Job, LogEntry, Role, Unit
from congress.tenancy import in_congress
from congress.xlsx import read
from notices.models import Notice
from performance import actions
from performance.models import DutyItem, DutyRecord, Objection, SelfReport
from tests import cast

from . import year

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
LISTS = ("dutyrecord", "selfreport", "objection")
MARCH = dt.date(2025, 3, 6)


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def listed(model):
    return url(f"performance_{model}_changelist")


def page_of(row):
    return url(f"performance_{row._meta.model_name}_change", row.pk)


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def street(in_binhai):
    return cast.member(in_binhai, Role.STREET)


@pytest.fixture
def deputy(in_binhai, street):
    """A deputy of the street's own, who can sign in; the year is open."""
    year.period()
    seat = year.seat("单林芳", 1)
    seat.street = street.unit
    seat.save()
    seat.deputy.membership = cast.member(in_binhai, Role.DEPUTY)
    seat.deputy.save()
    return seat.deputy


@pytest.fixture
def elsewhere(deputy):
    """A deputy of another street."""
    seat = year.seat("区启明", 2)
    seat.street = Unit.objects.get(short_name="西园街道")
    seat.save()
    return seat.deputy


def reported(deputy, title="走访菜场经营户", code="B07", **more):
    return actions.report_duty(
        by=deputy.membership,
        deputy=deputy,
        item=DutyItem.objects.get(code=code),
        on=more.pop("on", MARCH),
        title=title,
        **more,
    )


def objected(deputy, record, **more):
    from performance.models import Period

    return actions.raise_objection(
        Period.objects.get(),
        by=deputy.membership,
        deputy=deputy,
        kind=more.pop("kind", "wrong"),
        text="当天请过假",
        record=record,
        **more,
    )


# -- Facts ---------------------------------------------------------------------------------------


def test_the_list_narrows_by_every_filter_and_is_exported_as_it_stands(
    deputy, elsewhere, street, client_of
):
    client = client_of(year.keeper())
    year.fact(deputy, "B06", MARCH, title="接待选民")
    year.fact(elsewhere, "A01", dt.date(2024, 5, 1), outcome="absent", on_behalf=True)

    def shown(query):
        text = client.get(listed("dutyrecord") + query).content.decode()
        body = text[text.index("<tbody>") :] if "<tbody>" in text else ""
        return [name for name in ("单林芳", "区启明") if name in body]

    both = ["单林芳", "区启明"]
    assert shown("") == both
    assert shown("?q=slf") == ["单林芳"]
    assert shown("?q=接待") == ["单林芳"]
    assert shown("?since=2025-01-01") == ["单林芳"]
    assert shown("?until=2024-12-31") == ["区启明"]
    assert shown("?on__year=2024") == ["区启明"]
    assert shown("?aspect=congress_work") == ["区启明"]
    assert shown("?on_behalf=on") == ["区启明"]
    assert shown("?source=activities.") == shown("?withdrawn=on") == []
    assert shown(f"?street={street.unit_id}") == ["单林芳"]
    assert shown("?since=abc&item=99999&page=abc") == both
    item = DutyItem.objects.get(code="B06")
    assert shown(f"?item={item.pk}") == ["单林芳"]
    book = client.get(listed("dutyrecord") + "?q=slf&export=1")
    rows = read(book.content, "a.xlsx")[0].rows
    text = str(rows)
    assert "接待选民" in text and "区启明" not in text


@pytest.mark.django_db(transaction=True, databases=["default", "platform"])
@pytest.mark.parametrize("role", [Role.CHAIR, Role.DEPUTY_AFFAIRS])
def test_many_facts_are_written_in_the_background_for_who_asked(
    binhai, client_of, monkeypatch, role
):
    monkeypatch.setattr("performance.admin.records.MOST_AT_ONCE", 1)
    with in_congress(binhai):
        year.period()
        for name, day in (("单林芳", MARCH), ("区启明", MARCH), ("石惠", dt.date(2024, 5, 1))):
            year.fact(year.seat(name, 1).deputy, "B06", day, title=f"接待{name}")
        member = cast.member(binhai, role)
        other = cast.member(binhai, Role.COMMITTEE)
    client = client_of(member)
    address = listed("dutyrecord") + "?since=2025-01-01&page=1&export=1"
    assert client.get(address).url == client.get(address).url, "begun once"
    with in_congress(binhai):
        job = Job.objects.get()
    assert outbox.run(binhai.pk, job.pk)
    with in_congress(binhai):
        job.refresh_from_db()
        assert job.done_at and job.link and "一天" in job.message
        assert LogEntry.objects.filter(step="performance.export", by=member).exists()
    page = reverse("admin:congress_job_change", args=[job.pk])
    assert job.link in client.get(page).content.decode()
    answer = client.get(job.link)
    text = str(read(b"".join(answer.streaming_content), "a.xlsx")[0].rows)
    assert "接待单林芳" in text and "接待区启明" in text and "石惠" not in text
    assert client_of(other).get(job.link).status_code == 404


def test_a_street_sees_its_own_facts_and_nobody_else_comes_in(
    deputy, elsewhere, street, client_of, in_binhai, shanyang, stranger_at
):
    mine = year.fact(deputy, "B06", MARCH)
    other = year.fact(elsewhere, "B06", MARCH)
    report, objection = reported(deputy), objected(deputy, mine)
    client = client_of(street)
    text = client.get(listed("dutyrecord")).content.decode()
    assert "单林芳" in text and "区启明" not in text
    assert client.get(page_of(mine)).status_code == 200
    assert client.get(page_of(other)).status_code == 404
    assert client.get(url("performance_take_back", mine.pk)).status_code == 403
    for role in READERS:
        client = client_of(cast.member(in_binhai, role))
        for page in [*map(listed, LISTS), *map(page_of, (mine, report, objection))]:
            assert client.get(page).status_code == 200, (role, page)
    for role in set(Role) - set(READERS):
        client = client_of(cast.member(in_binhai, role))
        for page in [*map(listed, LISTS), *map(page_of, (mine, report, objection))]:
            assert client.get(page).status_code in (302, 403), (role, page)
    assert stranger_at(in_binhai).get(listed("selfreport")).status_code == 302
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    pages = [*map(page_of, (mine, report, objection)), url("performance_take_back", mine.pk)]
    pages += [url("performance_uphold", objection.pk), url("performance_report_mend", report.pk)]
    assert {neighbour.get(page).status_code for page in pages} == {404}
    assert neighbour.post(url("performance_take_back", mine.pk)).status_code == 404


def test_the_committee_takes_a_fact_back_with_a_reason_and_the_deputy_is_told(deputy, client_of):
    record = year.fact(deputy, "B06", MARCH)
    client = client_of(year.keeper())
    address = url("performance_take_back", record.pk)
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "重复登记"}).status_code == 302
    record.refresh_from_db()
    assert record.withdrawn_reason == "重复登记"
    assert Notice.objects.filter(to=deputy.membership, body__contains="重复登记").exists()
    assert client.post(address, {"reason": "再撤"}).status_code == 409
    assert "已撤回，不计分" in client.get(page_of(record)).content.decode()


def test_a_street_takes_nothing_back(deputy, street):
    record = year.fact(deputy, "B06", MARCH)
    with pytest.raises(NotAllowed, match="只有代工委"):
        actions.take_back(record, by=street, reason="不对")


# -- Entry on behalf -----------------------------------------------------------------------------


def test_a_street_enters_on_behalf_of_its_own_and_others_decide(deputy, street, client_of):
    twin = year.seat("单林芳", 45)
    twin.street = street.unit
    twin.save()
    item = DutyItem.objects.get(code="B06")
    client = client_of(street)
    assert "到家站点接待选民" in client.get(url("performance_on_behalf")).content.decode()
    address = f"{url('performance_on_behalf')}?item={item.pk}"
    typed = {"on": "2025-03-06", "title": "三月接待日", "names": "单林芳 001"}
    refused = client.post(address, typed | {"names": "单林芳\n无此人"})
    text = refused.content.decode()
    assert refused.status_code == 422 and "有 2 位" in text and "没有找到“无此人”" in text
    assert client.post(address, typed | {"on": "2999-01-01"}).status_code == 422
    sent = client.post(address, typed | {"evidence": picture()})
    assert sent.status_code == 302
    report = SelfReport.objects.get()
    assert (report.on_behalf, report.state, report.deputy) == (True, "submitted", deputy)
    assert report.evidence.name == "现场.jpg"
    shown = client.get(page_of(report)).content.decode()
    assert "由您代录，要由其他同志" in shown and "初审通过</a>" not in shown
    with pytest.raises(NotAllowed):
        actions.review(report, by=street)


def test_a_street_does_not_enter_for_others(elsewhere, street, client_of):
    item = DutyItem.objects.get(code="B06")
    address = f"{url('performance_on_behalf')}?item={item.pk}"
    typed = {"on": "2025-03-06", "title": "接待日", "names": "区启明"}
    assert "没有找到“区启明”" in client_of(street).post(address, typed).content.decode()
    assert not SelfReport.objects.exists()


# -- Reports -------------------------------------------------------------------------------------


def test_first_review_verification_and_the_fact(deputy, street, in_binhai, client_of):
    report = reported(deputy, evidence=None)
    first, chief = client_of(street), client_of(year.keeper())
    assert "走访菜场" in first.get(listed("selfreport")).content.decode()
    step = url("performance_selfreport_step", report.pk, "review")
    assert "请核对时间" in first.get(step).content.decode()
    assert first.post(step).status_code == 302
    waiting = first.get(page_of(report)).content.decode()
    assert "等待代工委复核" in waiting
    verify = url("performance_selfreport_step", report.pk, "verify")
    assert first.post(verify).status_code == 403
    assert chief.post(verify).status_code == 302
    report.refresh_from_db()
    assert report.state == "verified"
    assert report.record.source_kind == "performance.selfreport"
    assert chief.post(verify).status_code == 409
    record = chief.get(page_of(report.record)).content.decode()
    assert "街东湖初审，代玉珍复核" in record
    assert Notice.objects.filter(to=deputy.membership, title__contains="已计入").exists()


def test_one_person_never_does_both(deputy, client_of, in_binhai):
    report = reported(deputy)
    chief, second = client_of(year.keeper()), client_of(year.second_keeper())
    assert chief.post(url("performance_selfreport_step", report.pk, "review")).status_code == 302
    assert "要由另一位同志复核" in chief.get(page_of(report)).content.decode()
    verify = url("performance_selfreport_step", report.pk, "verify")
    assert chief.post(verify).status_code == 403
    assert second.post(verify).status_code == 302


def test_it_is_returned_with_a_reason_and_mended(deputy, street, client_of):
    report = actions.enter_on_behalf(
        by=street,
        deputy=deputy,
        item=DutyItem.objects.get(code="B06"),
        on=MARCH,
        title="接待日",
    )
    chief, clerk = client_of(year.keeper()), client_of(street)
    back = url("performance_selfreport_step", report.pk, "return")
    assert chief.post(back, {"reason": ""}).status_code == 422
    assert chief.post(back, {"reason": "请写明地点"}).status_code == 302
    assert "请写明地点" in clerk.get(page_of(report)).content.decode()
    mend = url("performance_report_mend", report.pk)
    assert chief.get(mend).status_code == 404
    assert clerk.post(mend, {"on": "2025-03-06", "title": ""}).status_code == 422
    assert clerk.post(mend, {"on": "2025-03-06", "title": "在湖滨站接待"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.title) == ("submitted", "在湖滨站接待")
    assert clerk.get(mend).status_code == 409


def test_many_pass_at_once_and_who_may_not_is_named(deputy, street, client_of):
    rows = [reported(deputy, f"走访第{n}户", on=MARCH + dt.timedelta(days=n)) for n in range(3)]
    own = actions.enter_on_behalf(
        by=street, deputy=deputy, item=rows[0].item, on=MARCH, title="代录的"
    )
    client = client_of(street)
    address = url("performance_reports_bulk", "review")
    assert "请先勾选" in client.post(address, follow=True).content.decode()
    picked = {"pick": [rows[0].pk, rows[1].pk, own.pk, 99999, "x"]}
    page = client.post(address, picked, follow=True).content.decode()
    assert "初审通过 2 件" in page and "“代录的”没有办理" in page
    states = list(SelfReport.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["reviewed", "reviewed", "submitted", "submitted"]
    assert client.get(address).status_code == 405
    assert client.post(url("performance_reports_bulk", "nonsense")).status_code == 404


def test_a_street_passes_nothing_of_another_street(elsewhere, street, in_binhai, client_of):
    report = actions.enter_on_behalf(
        by=year.keeper(),
        deputy=elsewhere,
        item=DutyItem.objects.get(code="B07"),
        on=MARCH,
        title="走访",
    )
    client = client_of(street)
    assert client.get(page_of(report)).status_code == 404
    assert client.post(url("performance_selfreport_step", report.pk, "review")).status_code == 404
    client.post(url("performance_reports_bulk", "review"), {"pick": [report.pk]})
    report.refresh_from_db()
    assert report.state == "submitted"
    with pytest.raises(NotAllowed):
        actions.review(report, by=street)


def test_a_second_telling_of_the_same_is_pointed_out(deputy, street, client_of):
    year.fact(deputy, "B07", MARCH, title="走访早市")
    report = reported(deputy)
    assert "可能重复" in client_of(street).get(page_of(report)).content.decode()


# -- Objections ----------------------------------------------------------------------------------


def test_a_wrong_record_is_taken_back_when_the_objection_is_upheld(deputy, client_of):
    record = year.fact(deputy, "B02", MARCH, outcome="absent")
    objection = objected(deputy, record)
    client = client_of(year.keeper())
    assert "当天请过假" in client.get(listed("objection")).content.decode()
    address = url("performance_uphold", objection.pk)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "请假登记属实"}).status_code == 302
    record.refresh_from_db()
    objection.refresh_from_db()
    assert record.withdrawn_at and objection.state == "upheld"
    assert "请假登记属实" in client.get(page_of(objection)).content.decode()
    assert client.post(address, {"reason": "再来"}).status_code == 409


def test_a_missing_fact_is_entered_with_the_decision(deputy, client_of):
    objection = objected(deputy, None, kind="missing", item=DutyItem.objects.get(code="B02"))
    client = client_of(year.keeper())
    address = url("performance_uphold", objection.pk)
    item = DutyItem.objects.get(code="B02").pk
    typed = {"item": item, "on": "", "title": "防汛检查", "reason": "经核实属实"}
    assert "请填写履职日期" in client.post(address, typed).content.decode()
    assert client.post(address, typed | {"on": "2024-05-14"}).status_code == 422
    assert client.post(address, typed | {"on": "2025-05-14"}).status_code == 302
    record = DutyRecord.objects.get(source_kind="performance.objection")
    assert (record.on_behalf, record.title) == (True, "防汛检查")
    assert "已补记" in client.get(page_of(objection)).content.decode()


def test_it_is_turned_down_with_a_reason(deputy, client_of):
    objection = objected(deputy, year.fact(deputy, "B02", MARCH, outcome="absent"))
    client = client_of(year.keeper())
    address = url("performance_objection_step", objection.pk, "reject")
    assert client.post(address, {"reason": "  "}).status_code == 422
    assert client.post(address, {"reason": "签到册中没有您的请假"}).status_code == 302
    objection.refresh_from_db()
    assert objection.state == "rejected"
    assert Notice.objects.filter(to=deputy.membership, body__contains="签到册").exists()


def test_only_the_committee_decides(deputy, street, client_of, in_binhai):
    objection = objected(deputy, year.fact(deputy, "B02", MARCH, outcome="absent"))
    for role in (Role.STREET, Role.CHAIR, Role.COMMITTEE):
        client = client_of(cast.member(in_binhai, role))
        assert client.post(url("performance_uphold", objection.pk)).status_code == 403
        step = url("performance_objection_step", objection.pk, "reject")
        assert client.post(step, {"reason": "不"}).status_code == 403
    assert Objection.objects.get().state == "open"


# -- Growth --------------------------------------------------------------------------------------


def test_lists_ask_as_often_for_30_rows_as_for_one(deputy, street, client_of):
    client = client_of(year.keeper())

    def grow(first, last):
        for n in range(first, last):
            record = year.fact(deputy, "B06", MARCH + dt.timedelta(days=n), source=str(n))
            reported(deputy, f"走访{n}", on=MARCH + dt.timedelta(days=n))
            objected(deputy, record)

    def asked(page):
        with CaptureQueriesContext(connection) as found:
            assert client.get(page).status_code == 200
        return len(found)

    pages = [listed("dutyrecord"), listed("selfreport") + "?state__exact=submitted"]
    pages.append(listed("objection"))
    grow(0, 1)
    [asked(page) for page in pages]
    few = [asked(page) for page in pages]
    grow(1, 30)
    assert [asked(page) for page in pages] == few
