"""履职档案: what was counted of one deputy and why, for staff, the deputy and paper."""

import datetime as dt
import io
from decimal import Decimal as D

import pytest
from django.urls import reverse
from pypdf import PdfReader

from congress.models import LogEntry, Role
from performance import actions, exports, queries
from performance.models import ManualAward, RuleNode
from performance.queries.dossiers import dossier
from tests import cast

from . import year
from .test_publications import publish


@pytest.fixture
def period(in_binhai):
    period = year.period()
    mandates = year.seats(4, 2)
    year.facts(mandates)
    mine = mandates[0].deputy
    mine.membership = cast.member(in_binhai, Role.DEPUTY)
    mine.save()
    actions.award(
        period,
        by=year.keeper(),
        deputy=mine,
        node=RuleNode.objects.get(version=period.version, key="O02"),
        points=D(7),
        reason="抗洪抢险表现突出",
    )
    record = mine.duty_records.filter(item__code="B06").first()
    actions.raise_objection(
        period, by=mine.membership, deputy=mine, kind="wrong", record=record, text="不是那一天"
    )
    return period


@pytest.fixture
def deputy(period):
    return year.Deputy.objects.get(name="单林芳")


def text_of(content):
    return "".join("".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(content)).pages)


def staff_page(deputy, period, name="performance_dossier"):
    return reverse(f"admin:{name}", args=[deputy.pk, period.pk])


def test_everything_is_in_it_and_the_lines_add_up(period, deputy):
    file = dossier(deputy, period, member=year.keeper())
    total = file.result.total
    assert sum(points for _, points in file.aspects) == total.total
    assert [a.reason for a in file.awards] == ["抗洪抢险表现突出"]
    assert [o.text for o in file.objections] == ["不是那一天"]
    assert file.result.is_reckoned and "还会变化" in exports.dossier_context(file)["source"]
    leaves = [line.view for line in file.result.account.lines if line.view.rule.is_leaf]
    buckets = [line.view for line in file.result.account.lines if line.view.depth == 0]
    assert leaves and sum(view.points for view in buckets) == total.total


def test_behind_a_line_stand_only_the_facts_it_counts(period, deputy):
    for outcome, day in (("present", 3), ("absent", 4)):
        year.fact(deputy, "A01", dt.date(2025, 3, day), outcome=outcome, title=f"第{day}次")
    file = dossier(deputy, period, member=year.keeper())
    lines = {line.view.rule.key: line for line in file.result.account.lines}
    behind = [e.title for e in lines["A06"].entries]
    assert "第4次" in behind and "第3次" not in behind, "who came is not behind 请假和缺席"
    rule = lines["A06"].view.rule
    titles = [r.title for r in queries.facts_behind(rule, deputy.duty_records.all())]
    assert "第4次" in titles and "第3次" not in titles


def test_an_award_bears_the_local_day(period, deputy):
    late = dt.datetime(2026, 1, 4, 17, 30, tzinfo=dt.UTC)  # in Shanghai already the fifth
    ManualAward.objects.update(at=late)
    file = dossier(deputy, period, member=year.keeper())
    lines = {line.view.rule.key: line for line in file.result.account.lines}
    assert [e.on for e in lines["O02"].entries] == [dt.date(2026, 1, 5)]


def test_the_paper_says_it_all(period, deputy):
    file = dossier(deputy, period, member=year.keeper())
    text = text_of(exports.dossier_document(file))
    for line in file.result.account.lines:
        assert "".join(line.view.sentence.split()) in text, line.view.sentence
        for entry in line.entries:
            assert f"{entry.on.month}月{entry.on.day}日{entry.title}" in text
    for words in ("第1代表团", "抗洪抢险表现突出", "+7分", "不是那一天", "待处理", "会议期间工作"):
        assert words in text, words


def test_a_locked_period_gives_the_tally_and_what_was_published(period, deputy):
    for objection in deputy.objections.all():
        actions.reject(objection, by=year.keeper(), reason="签到表可查")
    tally = actions.tally(period, by=year.keeper())
    publication = publish(
        actions.draft_publication(
            period, by=year.keeper(), title="2025年度代表履职情况通报", audience="internal",
            columns=["total", "grade"],
        )
    )  # fmt: skip
    period.refresh_from_db()
    file = dossier(deputy, period, member=year.keeper())
    assert not file.result.is_reckoned
    assert file.result.total.total == tally.totals.get(deputy=deputy).total
    assert [row.publication for row in file.published] == [publication]
    text = text_of(exports.dossier_document(file))
    assert "已锁定" in text and "签到表可查" in text and "2025年度代表履职情况通报" in text
    own = dossier(deputy, period, member=deputy.membership)
    assert own.published == [], "an internal edition is not the deputy's to read"


def test_staff_read_it_and_taking_the_paper_is_logged(period, deputy, client_of):
    client = client_of(cast.member(period.congress, Role.DEPUTY_AFFAIRS))
    page = client.get(staff_page(deputy, period)).content.decode()
    assert "单林芳履职档案" in page and "抗洪抢险表现突出" in page and "打开 PDF" in page
    paper = client.get(staff_page(deputy, period, "performance_dossier_file"))
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"].startswith("inline")
    entry = LogEntry.objects.filter(step="performance.export").get()
    assert entry.note == "单林芳代表2025年度履职档案"


def test_a_deputy_reads_the_own_one_on_the_phone(period, deputy, client_of):
    client = client_of(cast.member(period.congress, Role.DEPUTY))
    page = client.get(reverse("portal_dossier", args=[period.pk])).content.decode()
    assert "2025年度履职档案" in page and "抗洪抢险表现突出" in page and "不是那一天" in page
    paper = client.get(reverse("portal_dossier_file", args=[period.pk]))
    assert "单林芳" in text_of(paper.content)
    home = client.get(reverse("portal_performance") + f"?period={period.pk}").content.decode()
    assert reverse("portal_dossier", args=[period.pk]) in home


def test_a_street_sees_its_own_deputies_alone(period, deputy, client_of):
    client = client_of(cast.member(period.congress, Role.STREET))
    assert client.get(staff_page(deputy, period)).status_code == 404
    unit = cast.member(period.congress, Role.STREET).unit
    deputy.mandates.update(street=unit)
    assert client.get(staff_page(deputy, period)).status_code == 200
    other = year.Deputy.objects.exclude(pk=deputy.pk).first()
    assert client.get(staff_page(other, period)).status_code == 404


def test_no_seat_no_dossier_and_nothing_for_the_neighbour(period, deputy, client_of, shanyang):
    late = year.seat("后来人", 90, starts_on=dt.date(2026, 3, 1)).deputy
    client = client_of(year.keeper())
    assert client.get(staff_page(late, period)).status_code == 404
    assert client.get(staff_page(deputy, period)).status_code == 200
    address = staff_page(deputy, period)
    assert client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS)).get(address).status_code == 404


def test_the_same_number_of_queries_however_much_there_is(
    period, deputy, django_assert_max_num_queries
):
    member = year.keeper()
    with django_assert_max_num_queries(40) as few:
        dossier(deputy, period, member=member)
    for day in range(1, 29):
        year.fact(deputy, "B07", dt.date(2025, 2, day))
    with django_assert_max_num_queries(len(few)):
        file = dossier(deputy, period, member=member)
    assert file.result.account.facts > 50
