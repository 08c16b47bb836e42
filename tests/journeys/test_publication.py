"""The main job, seen: a period, its tally, a publication that two people confirm, its papers;
the deputy on the phone; a second edition that leaves the first readable."""

import datetime as dt

import pytest

from congress.models import Membership, Role
from congress.tenancy import in_congress
from performance.models import Objection, Publication
from tests import cast
from tests.performance import year

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FETCHED = "async u => { const r = await fetch(u); return [r.status, (await r.blob()).size] }"
LAST = dt.date.today().year - 1


@pytest.fixture
def deputy(binhai):
    """Twelve deputies in three delegations with the facts of last year; the first one signs in."""
    with in_congress(binhai):
        binhai.settings["ranking"] = True
        binhai.save()
        seats = year.seats(12, 3)
        row = seats[0].deputy
        row.membership = Membership.objects.get(role=Role.DEPUTY)
        row.save()
        year.rule_book()
        year.facts(seats, each=60, year=LAST)
        year.fact(row, "B06", dt.date(LAST, 5, 6), title="在东湖街道家站点接待选民")
        return row


def fits(page) -> None:
    assert page.evaluate(OVERFLOW) <= 0


def seen(page, shot, accessible, name: str, **more) -> None:
    """A picture, no violation, nothing wider than the screen."""
    shot(page, name)
    accessible(page, **more)
    fits(page)


def test_from_the_period_to_the_second_edition(binhai, deputy, at, shot, accessible):
    one, other = year_keepers(binhai)
    clerk = at(one, DESK)
    clerk.goto("/admin/performance/period/")
    clerk.click("text=设立考核期 >> nth=0")
    clerk.fill("input[name=name]", f"{LAST}年度")
    clerk.fill("input[name=starts_on]", f"{LAST}-01-01")
    clerk.fill("input[name=ends_on]", f"{LAST}-12-31")
    seen(clerk, shot, accessible, "pub-01-period-new")
    clerk.click("button:has-text('设立考核期')")
    clerk.wait_for_selector("text=还没有汇总")
    seen(clerk, shot, accessible, "pub-02-period")

    clerk.click("a.btn:has-text('汇总') >> nth=0")
    clerk.click("button:has-text('开始汇总')")
    clerk.wait_for_selector("text=/已完成|汇总完成|完成/")
    seen(clerk, shot, accessible, "pub-03-tally-done")
    clerk.goto("/admin/performance/period/")
    clerk.click(f"table a:has-text('{LAST}年度')")
    clerk.wait_for_selector("text=历次汇总")
    seen(clerk, shot, accessible, "pub-04-period-tallied")
    clerk.click("a.btn:has-text('每位代表的积分')")
    seen(clerk, shot, accessible, "pub-05-results")
    clerk.click("table a:has-text('单林芳')")
    seen(clerk, shot, accessible, "pub-06-account")
    clerk.click("a.btn:has-text('履职档案')")
    clerk.wait_for_selector("text=公布情况 >> visible=true", state="detached")
    seen(clerk, shot, accessible, "pub-07-dossier")

    # The deputy objects; the publication waits for it.
    phone = at(deputy_of(binhai), PHONE)
    phone.goto("/me/performance/")
    seen(phone, shot, accessible, "pub-10-mine-390")
    line = phone.locator("details.account-line", has_text="到家站点接待选民")
    line.locator("summary").click()
    line.locator("a:has-text('在东湖街道家站点接待选民')").click()
    phone.click("text=这条记录不对")
    phone.click("label:has-text('记错了')")
    phone.fill("#id_text", "那天我在外地学习，没有接待选民，请核对签到表。")
    phone.click("button:has-text('提交异议')")
    phone.wait_for_selector("text=异议已提出")
    seen(phone, shot, accessible, "pub-11-objected-390")

    clerk.goto("/admin/performance/period/")
    clerk.click(f"table a:has-text('{LAST}年度')")
    clerk.click("a.btn:has-text('拟订公布')")
    for words in ("各项得分", "名次"):
        clerk.get_by_label(words, exact=True).check()
    clerk.locator("label", has_text="社会公开").click()
    seen(clerk, shot, accessible, "pub-12-new")
    clerk.click("button:has-text('保存，下一步预览')")
    clerk.click("a.btn:has-text('预览')")
    seen(clerk, shot, accessible, "pub-13-preview")
    clerk.go_back()
    clerk.click(".step-button:has-text('提交确认')")
    clerk.wait_for_selector("text=核对没有通过")
    assert "还有1件异议没有处理" in clerk.inner_text("main, #content")
    assert clerk.is_disabled("button:has-text('提交确认')")
    seen(clerk, shot, accessible, "pub-14-blocked")

    clerk.goto("/admin/performance/objection/")
    clerk.click("table a >> nth=0")
    seen(clerk, shot, accessible, "pub-15-objection")
    clerk.click("a:has-text('不予采纳')")
    clerk.fill("textarea[name=reason]", "签到表上有您当天上午的签名，已请街道工委再次核对。")
    clerk.click("button:has-text('不予采纳')")
    clerk.wait_for_selector("text=未采纳")
    with in_congress(binhai):
        publication = Publication.objects.get()
        assert Objection.objects.get().state == Objection.State.REJECTED
    address = f"/admin/performance/publication/{publication.pk}/change/"
    clerk.goto(address)
    clerk.click(".step-button:has-text('提交确认')")
    seen(clerk, shot, accessible, "pub-16-checked")
    clerk.click("button:has-text('提交确认')")
    clerk.wait_for_selector("text=等待第一人确认")
    clerk.click(".step-button:has-text('第一人确认')")
    clerk.click("button:has-text('第一人确认')")
    clerk.wait_for_selector(".error-summary")
    seen(clerk, shot, accessible, "pub-17-not-looked")
    clerk.check("input[name=looked]")
    clerk.click("button:has-text('第一人确认')")
    clerk.wait_for_selector("text=第二次确认须由另一位同志办理")
    assert clerk.locator(".step-button:has-text('第二人确认并公布')").count() == 0

    second = at(other, DESK)
    second.goto(address)
    seen(second, shot, accessible, "pub-18-second")
    second.click(".step-button:has-text('第二人确认并公布')")
    second.check("input[name=looked]")
    second.click("button:has-text('第二人确认并公布')")
    second.wait_for_selector("text=已公布")
    for _ in range(60):
        if second.locator("text=正在生成").count() == 0:
            break
        second.wait_for_timeout(1000)
        second.reload()
    assert second.locator("table a:has-text('打开')").count() == 3
    seen(second, shot, accessible, "pub-19-published")

    # Everybody reads it; its papers open.
    stranger = at(None, PHONE, binhai)
    stranger.goto("/performance/")
    stranger.click("a:has-text('代表履职情况通报')")
    seen(stranger, shot, accessible, "pub-20-page-390")
    first = stranger.url
    wide = at(None, DESK, binhai)
    wide.goto(first)
    seen(wide, shot, accessible, "pub-21-page-1366")
    reader = at(None, PHONE, binhai)
    reader.goto(f"{first}booklet/")
    reader.wait_for_selector("iframe.paper")
    shot(reader, "pub-22-booklet-390")
    reader.goto("about:blank")  # the browser's own reader of PDF is no other host
    reader.faults[:] = [f for f in reader.faults if not f.startswith("chrome")]
    with in_congress(binhai):
        publication.refresh_from_db()
        kept = [publication.booklet, publication.large_print, publication.sheet]
    for file in kept:
        assert stranger.evaluate(FETCHED, f"/files/{file.public_id}/") == [200, file.size]
    phone.goto(first)
    phone.wait_for_selector("text=单林芳")
    seen(phone, shot, accessible, "pub-23-own-line-390")
    phone.goto("/me/performance/objections/")
    assert "未采纳" in phone.inner_text("main")
    phone.goto("/me/performance/")
    phone.click("a:has-text('履职档案')")
    phone.wait_for_selector("text=公布情况")
    seen(phone, shot, accessible, "pub-24-dossier-390")

    # A later edition corrects it; the first one stays.
    clerk.goto(address)
    clerk.click("a.btn:has-text('出更正版')")
    clerk.fill("textarea[name=reason]", "公布后发现一条接待记录漏记")
    clerk.click("button:has-text('拟订更正版')")
    clerk.click("a.btn:has-text('登记更正')")
    clerk.select_option("select[name=deputy]", label="单林芳")
    clerk.select_option("select[name=node]", label="到家站点接待选民")
    clerk.fill("input[name=points]", "6")
    clerk.fill("input[name=days]", "1")
    clerk.fill("textarea[name=reason]", "5月16日接待记录漏记")
    seen(clerk, shot, accessible, "pub-30-correction")
    clerk.click("button:has-text('登记')")
    clerk.wait_for_selector("text=已登记单林芳的更正")
    seen(clerk, shot, accessible, "pub-31-second-edition")
    later = clerk.url
    clerk.click(".step-button:has-text('提交确认')")
    clerk.click("button:has-text('提交确认')")
    clerk.click(".step-button:has-text('第一人确认')")
    clerk.check("input[name=looked]")
    clerk.click("button:has-text('第一人确认')")
    clerk.wait_for_selector("text=第二次确认须由另一位同志办理")
    second.goto(later)
    second.click(".step-button:has-text('第二人确认并公布')")
    second.check("input[name=looked]")
    second.click("button:has-text('第二人确认并公布')")
    second.wait_for_selector("text=已公布")
    stranger.goto(first)
    seen(stranger, shot, accessible, "pub-32-first-edition-390")
    assert "第2版" in stranger.inner_text("main")
    with in_congress(binhai):
        old, new = Publication.objects.order_by("edition")
        mine = [e.rows.get(deputy=deputy) for e in (old, new)]
        assert mine[1].total - mine[0].total == 6 and mine[1].days - mine[0].days == 1
    stranger.goto(f"/performance/{new.public_id}/")
    seen(stranger, shot, accessible, "pub-33-later-edition-390")


def year_keepers(congress):
    with in_congress(congress):
        return year.keeper(), year.second_keeper()


def deputy_of(congress):
    return cast.member(congress, Role.DEPUTY)
