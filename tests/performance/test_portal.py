"""我的履职 on the phone: the account line by line, reports, objections, each refusal."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from congress.models import Role, StoredFile
from performance import actions
from performance.models import DutyItem, DutyRecord, Objection, Period, SelfReport, TallyTotal
from tests import cast

from . import year

THIS = timezone.localdate().year - 1  # over: no test depends on the season
DAY = dt.date(THIS, 1, 4)
FRESH = ("portal_performance", "portal_records", "portal_reports", "portal_objections")


def picture():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile("现场.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def deputy(in_binhai):
    seat = year.seat("单林芳", 1)
    seat.deputy.membership = cast.member(in_binhai, Role.DEPUTY)
    seat.deputy.save()
    return seat.deputy


@pytest.fixture
def period(deputy):
    return year.period(year=THIS)


@pytest.fixture
def phone(deputy, client_of):
    return client_of(deputy.membership)


@pytest.fixture
def other(deputy):
    """A second deputy, with a login of the same congress."""
    seat = year.seat("区启明", 2)
    seat.deputy.membership = cast.add_member(
        deputy.congress, Role.DEPUTY, "区启明", login="deputy2"
    )
    seat.deputy.save()
    return seat.deputy


def item(code="B07"):
    return DutyItem.objects.get(code=code)


def text_of(client, name, *args, query=""):
    page = client.get(reverse(name, args=args) + query)
    assert page.status_code == 200
    return page.content.decode()


# -- The account ---------------------------------------------------------------------------------


def test_before_a_period_is_opened_the_pages_say_so(deputy, phone):
    actions.ship_items()
    assert "还没有设立考核期" in text_of(phone, "portal_performance")
    assert "还没有履职记录" in text_of(phone, "portal_records")
    assert "还没有申报" in text_of(phone, "portal_reports")
    assert "走访联系选民" in text_of(phone, "portal_report_new")


def test_before_a_tally_points_are_tried_out_on_today_s_facts(period, deputy, phone):
    year.fact(deputy, "B06", DAY, outcome="present", title="接待日")
    year.fact(deputy, "B06", DAY + dt.timedelta(days=1), outcome="present", title="接待日")
    page = text_of(phone, "portal_performance")
    assert "按现在的记录计算" in page and "到家站点接待选民 2次 ×6分 = 12分" in page
    assert "接待日" in page and "2<small>天</small>" in page
    assert "闭会期间工作" in page


def test_while_it_is_open_today_s_facts_count_and_the_tally_is_told(period, deputy, phone):
    year.fact(deputy, "B06", DAY, outcome="present")
    actions.tally(period, by=year.keeper())
    year.fact(deputy, "B06", DAY + dt.timedelta(days=2), outcome="present")
    page = text_of(phone, "portal_performance")
    assert "2次 ×6分 = 12分" in page and "汇总时是 6 分、1 天" in page


def test_once_it_is_locked_the_tally_stands(period, deputy, phone):
    year.fact(deputy, "B06", DAY, outcome="present")
    actions.tally(period, by=year.keeper())
    period.refresh_from_db()
    actions.lock_period(period, by=year.keeper())
    page = text_of(phone, "portal_performance")
    assert "以 " in page and "第 1 次汇总为准" in page and "1次 ×6分 = 6分" in page


def test_what_is_reckoned_is_what_a_tally_says(period, deputy, phone):
    year.facts([deputy.mandates.get()], each=40, year=THIS)
    actions.tally(period, by=year.keeper())
    shown = phone.get(reverse("portal_performance")).context["result"]
    assert shown.is_reckoned and shown.total.total == TallyTotal.objects.get().total


def test_each_line_leads_to_its_rule_and_the_facts_behind_it(period, deputy, phone):
    year.fact(deputy, "B06", DAY, outcome="present", title="接待日")
    assert reverse("portal_line", args=[period.pk, "B06"]) in text_of(phone, "portal_performance")
    line = text_of(phone, "portal_line", period.pk, "B06")
    assert "接待日" in line and "每1次6分" in line and "1次 ×6分 = 6分" in line
    group = text_of(phone, "portal_line", period.pk, "B")
    assert "到家站点接待选民" in group
    assert phone.get(reverse("portal_line", args=[period.pk, "nonsense"])).status_code == 404


def test_what_gave_nothing_is_named_with_the_reason(period, deputy, phone):
    year.fact(deputy, "B06", DAY, outcome="leave", title="请假的接待")
    page = text_of(phone, "portal_performance")
    assert "没有计分的记录" in page and "不符合计分条件" in page
    assert "项没有得分，看看怎样计分" in page


def test_other_periods_are_a_touch_away_and_nonsense_is_not(period, deputy, phone):
    old = year.period(period.version, year=THIS - 1)
    year.fact(deputy, "B06", dt.date(THIS - 1, 5, 4), outcome="present")
    assert "6<small>分</small>" in text_of(phone, "portal_performance", query=f"?period={old.pk}")
    for query in ("?period=abc", "?period=99999"):
        assert f"{THIS}年度积分" in text_of(phone, "portal_performance", query=query)


def test_only_the_own_account_is_there(period, deputy, other, phone, client_of):
    theirs = year.fact(other, "B06", DAY, outcome="present", title="别人的接待")
    assert "别人的接待" not in text_of(phone, "portal_performance")
    assert "别人的接待" not in text_of(phone, "portal_records")
    assert phone.get(reverse("portal_record", args=[theirs.pk])).status_code == 404
    address = reverse("portal_objection_new", args=[period.pk])
    assert phone.get(f"{address}?record={theirs.pk}").status_code == 404
    assert phone.get(f"{address}?record=abc").status_code == 404


def test_others_do_not_come_in(period, deputy, in_binhai, shanyang, client_of, stranger_at):
    record = year.fact(deputy, "B06", DAY, outcome="present")
    pages = [reverse(name) for name in FRESH]
    pages.append(reverse("portal_record", args=[record.pk]))
    for role in set(Role) - {Role.DEPUTY}:
        client = client_of(cast.member(in_binhai, role))
        assert {client.get(page).status_code for page in pages} == {403}, role
    assert {stranger_at(in_binhai).get(page).status_code for page in pages} == {302}
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY))
    assert neighbour.get(pages[-1]).status_code == 404


def test_records_narrow_by_year_and_duty(period, deputy, phone):
    year.fact(deputy, "B06", DAY, title="今年的接待")
    year.fact(deputy, "B02", dt.date(THIS - 1, 5, 4), title="去年的视察")
    assert "去年的视察" in text_of(phone, "portal_records")
    now = text_of(phone, "portal_records", query=f"?year={THIS}")
    assert "今年的接待" in now and "去年的视察" not in now
    only = text_of(phone, "portal_records", query=f"?item={item('B02').pk}")
    assert "去年的视察" in only and "今年的接待" not in only
    assert "今年的接待" in text_of(phone, "portal_records", query="?year=x&item=y&page=9")


# -- Reports -------------------------------------------------------------------------------------


def test_a_report_is_filled_in_checked_and_sent(period, deputy, phone):
    address = reverse("portal_report_new_of", args=[item().pk])
    assert "计分：" in phone.get(address).content.decode()
    blank = phone.post(address, {"on": "", "title": "　"})
    assert blank.status_code == 422 and "有 2 处需要修改" in blank.content.decode()
    typed = {"on": DAY.isoformat(), "title": "走访菜场经营户", "evidence": picture()}
    sent = phone.post(address, typed)
    report = SelfReport.objects.get()
    assert sent["Location"] == reverse("portal_report", args=[report.pk])
    assert report.state == "draft" and report.evidence.name == "现场.jpg"
    check = phone.get(sent["Location"]).content.decode()
    assert "请核对" in check and "走访菜场经营户" in check and ">提交</button>" in check
    done = phone.post(reverse("portal_report_send", args=[report.pk]), follow=True)
    assert "申报已提交" in done.content.decode()
    report.refresh_from_db()
    assert report.state == "submitted"
    again = phone.post(reverse("portal_report_send", args=[report.pk]))
    assert again.status_code == 409
    assert phone.get(reverse("portal_report_mend", args=[report.pk])).status_code == 409


def test_a_day_to_come_or_before_office_is_refused(period, deputy, phone):
    address = reverse("portal_report_new_of", args=[item().pk])
    later = (timezone.localdate() + dt.timedelta(days=1)).isoformat()
    assert phone.post(address, {"on": later, "title": "走访"}).status_code == 422
    assert phone.post(address, {"on": "2021-12-31", "title": "走访"}).status_code == 409
    assert not SelfReport.objects.exists()


def test_what_the_office_records_cannot_be_reported(period, phone):
    assert phone.get(reverse("portal_report_new_of", args=[item("A01").pk])).status_code == 404


def test_the_rules_decide_what_is_asked(period, phone):
    award = phone.get(reverse("portal_report_new_of", args=[item("E05").pk])).content.decode()
    visit = phone.get(reverse("portal_report_new_of", args=[item("B07").pk])).content.decode()
    assert "国家级" in award and "级别" not in visit


def test_it_comes_back_is_mended_and_sent_again(period, deputy, phone):
    report = actions.report_duty(
        by=deputy.membership, deputy=deputy, item=item(), on=DAY, title="走访"
    )
    actions.return_report(report, by=year.keeper(), reason="请写明走访了哪里")
    assert "请写明走访了哪里" in text_of(phone, "portal_performance")
    edit = reverse("portal_report_mend", args=[report.pk])
    assert "走访" in phone.get(edit).content.decode()
    assert phone.post(edit, {"on": DAY.isoformat(), "title": "走访湖滨路商户"}).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.title) == ("returned", "走访湖滨路商户")
    phone.post(reverse("portal_report_send", args=[report.pk]))
    report.refresh_from_db()
    assert report.state == "submitted"


def test_a_draft_thrown_away_is_gone_for_everybody(period, deputy, phone, client_of):
    report = actions.draft_report(
        by=deputy.membership, deputy=deputy, item=item(), on=DAY, title="写错的草稿"
    )
    clerk = client_of(year.keeper())
    lists = reverse("admin:performance_selfreport_changelist") + "?q=写错"
    assert "写错的草稿" not in clerk.get(lists).content.decode()
    assert phone.post(reverse("portal_report_drop", args=[report.pk])).status_code == 302
    assert "写错的草稿" not in text_of(phone, "portal_reports")
    assert "写错的草稿" not in clerk.get(lists).content.decode()


def test_the_same_thing_told_twice_is_pointed_out_before_it_is_sent(period, deputy, phone):
    year.fact(deputy, "B07", DAY, title="走访早市")
    report = actions.draft_report(
        by=deputy.membership, deputy=deputy, item=item(), on=DAY, title="走访"
    )
    assert "这一天可能已经记过" in text_of(phone, "portal_report", report.pk)


def test_another_deputy_s_report_is_not_there(period, other, deputy, phone):
    report = actions.draft_report(
        by=other.membership, deputy=other, item=item(), on=DAY, title="别人的"
    )
    for name in ("portal_report", "portal_report_mend"):
        assert phone.get(reverse(name, args=[report.pk])).status_code == 404
    for name in ("portal_report_send", "portal_report_drop"):
        assert phone.post(reverse(name, args=[report.pk])).status_code == 404


def test_evidence_is_shown_to_those_who_may_see_the_report(period, deputy, phone, other, client_of):
    phone.post(
        reverse("portal_report_new_of", args=[item().pk]),
        {"on": DAY.isoformat(), "title": "走访", "evidence": picture()},
    )
    report = SelfReport.objects.get()
    file = reverse("file", args=[StoredFile.objects.get().public_id])
    clerk = client_of(year.keeper())
    assert clerk.get(file).status_code == 404  # a draft is nobody else's
    phone.post(reverse("portal_report_send", args=[report.pk]))
    assert clerk.get(file).status_code == phone.get(file).status_code == 200
    assert client_of(other.membership).get(file).status_code == 404


# -- Objections ----------------------------------------------------------------------------------


def test_a_wrong_record_is_objected_to_and_the_answer_seen(period, deputy, phone):
    record = year.fact(deputy, "B02", DAY, outcome="absent", title="视察学校")
    assert "这条记录不对" in text_of(phone, "portal_record", record.pk)
    address = f"{reverse('portal_objection_new', args=[period.pk])}?record={record.pk}"
    assert phone.post(address, {"text": ""}).status_code == 422
    sent = phone.post(address, {"kind": "wrong", "text": "当天请过假"}, follow=True)
    assert "异议已提出" in sent.content.decode()
    assert phone.post(address, {"kind": "wrong", "text": "再提"}).status_code == 409
    assert "这条记录不对" not in text_of(phone, "portal_record", record.pk)
    objection = Objection.objects.get()
    actions.reject(objection, by=year.keeper(), reason="登记里没有您的请假")
    assert "登记里没有您的请假" in text_of(phone, "portal_objection", objection.pk)
    assert "登记里没有您的请假" in text_of(phone, "portal_record", record.pk)


def test_something_missing_is_told(period, deputy, phone):
    address = reverse("portal_objection_new", args=[period.pk])
    sent = phone.post(address, {"text": "五月的视察没有记", "item": item("B02").pk}, follow=True)
    assert "异议已提出" in sent.content.decode()
    objection = Objection.objects.get()
    assert (objection.kind, objection.item.code) == ("missing", "B02")
    drop = reverse("portal_objection_drop", args=[objection.pk])
    assert "异议已撤回" in phone.post(drop, follow=True).content.decode()
    assert phone.post(drop).status_code == 409


def test_after_the_lock_or_the_last_day_nothing_is_objected_to(period, deputy, phone):
    record = year.fact(deputy, "B02", DAY, outcome="absent")
    Period.objects.update(objections_until=timezone.localdate() - dt.timedelta(days=1))
    assert "异议期已过" in text_of(phone, "portal_record", record.pk)
    address = f"{reverse('portal_objection_new', args=[period.pk])}?record={record.pk}"
    assert phone.get(address).status_code == 409
    Period.objects.update(objections_until=None)
    assert phone.get(address).status_code == 200
    actions.tally(period, by=year.keeper())
    period.refresh_from_db()
    actions.lock_period(period, by=year.keeper())
    assert "已锁定" in text_of(phone, "portal_performance")
    assert phone.post(address, {"kind": "wrong", "text": "x"}).status_code == 409


def test_a_line_is_objected_to(period, deputy, phone):
    address = reverse("portal_objection_new", args=[period.pk])
    typed = {"kind": "missing", "text": "三月的接待没有计"}
    phone.post(f"{address}?line=B06", typed)
    objection = Objection.objects.get()
    assert (objection.node.key, objection.kind) == ("B06", "missing")
    assert phone.post(f"{address}?line=nonsense", typed).status_code == 404
    assert "到家站点接待选民" in text_of(phone, "portal_objections")


def test_another_deputy_s_objection_is_not_there(period, other, deputy, phone):
    record = year.fact(other, "B02", DAY, outcome="absent")
    objection = actions.raise_objection(
        period, by=other.membership, deputy=other, kind="wrong", text="不对", record=record
    )
    assert phone.get(reverse("portal_objection", args=[objection.pk])).status_code == 404
    assert phone.post(reverse("portal_objection_drop", args=[objection.pk])).status_code == 404


# -- Growth --------------------------------------------------------------------------------------


def test_a_period_of_another_level_is_not_there(period, deputy, phone):
    Period.objects.update(level="city")
    assert "还没有设立考核期" in text_of(phone, "portal_performance")
    address = reverse("portal_objection_new", args=[period.pk])
    assert phone.get(address).status_code == 404


def test_pages_ask_as_often_for_60_facts_as_for_two(period, deputy, phone):
    def asked(name):
        with CaptureQueriesContext(connection) as found:
            assert phone.get(reverse(name)).status_code == 200
        return len(found)

    def grow(first, last):
        for n in range(first, last):
            on = DAY + dt.timedelta(days=n)
            year.fact(deputy, "B06", on, outcome="present", source=str(n))
            year.fact(deputy, "B02", on, outcome="leave", source=str(n))
            report = actions.draft_report(
                by=deputy.membership, deputy=deputy, item=item(), on=on, title=f"走访{n}"
            )
            actions.send_again(report, by=deputy.membership)

    names = ("portal_performance", "portal_records", "portal_reports")
    grow(0, 2)
    actions.tally(period, by=year.keeper())
    [asked(name) for name in names]
    few = [asked(name) for name in names]
    grow(2, 32)
    actions.tally(period, by=year.keeper())
    assert DutyRecord.objects.count() == 64
    assert [asked(name) for name in names] == few
    assert max(few) < 40
