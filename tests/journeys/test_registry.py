"""The registry of a whole district: groups, committees, changes; the deputy; everybody."""

import datetime as dt

import pytest

from congress import outbox
from congress.models import Role, Unit
from congress.tenancy import in_congress
from deputies import actions
from deputies.models import Deputy, DeputyGroup
from tests import cast
from tests.deputies.rosters import book, district, imported

from .conftest import DESK, PHONE


@pytest.fixture
def deputies(binhai, monkeypatch):
    """386 deputies from one roster; the first of them signs in."""
    with monkeypatch.context() as patch:
        patch.setattr(outbox.JobRun, "report", lambda self, percent, words="": None)
        with in_congress(binhai):
            batch = imported(binhai, book(district()))
            assert batch.counts["new"] == 386, batch.rows.filter(outcome="error").first()
            first = Deputy.objects.order_by("pk")[1]
            Deputy.objects.filter(pk=first.pk).update(membership=cast.member(binhai, Role.DEPUTY))
            unit = Unit.objects.get(short_name="财经委")
            keeper = cast.member(binhai, Role.DEPUTY_AFFAIRS)
            actions.join_committee(unit, first, by=keeper, on=dt.date(2022, 1, 10), title="委员")
            return list(Deputy.objects.order_by("pk"))


def test_a_group_is_made_filled_and_led(binhai, deputies, at, shot, accessible):
    clerk = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), DESK)
    clerk.goto("/admin/deputies/deputygroup/")
    shot(clerk, "groups-1366")
    accessible(clerk)
    clerk.click("a:has-text('新建代表小组')")
    clerk.fill("#id_name", "医卫专业代表小组")
    clerk.select_option("#id_kind", "professional")
    clerk.click("main button[type=submit]")
    shot(clerk, "group-empty-1366")
    clerk.click("a:has-text('加入成员')")
    clerk.fill("#id_who", f"{deputies[4].name}、没有这人")
    clerk.fill("#id_on", "2026-03-02")
    clerk.click("main button[type=submit]")
    assert "没有这人" in clerk.inner_text(".error-summary")
    shot(clerk, "group-join-error-1366")
    accessible(clerk)
    with in_congress(binhai):
        numbered = [f"{d.name} {d.mandates.get().number}" for d in deputies[4:9]]
    clerk.fill("#id_who", "\n".join(numbered))
    clerk.click("main button[type=submit]")
    assert "已加入 5 人" in clerk.inner_text("main")
    clerk.click(f"tr:has-text('{deputies[4].name}') >> text=调整职务")
    clerk.select_option("#id_role", "leader")
    clerk.fill("#id_on", "2026-04-01")
    clerk.click("main button[type=submit]")
    shot(clerk, "group-1366")
    accessible(clerk)
    assert f"{deputies[4].name}" in clerk.inner_text("tbody tr:first-child")
    clerk.goto("/admin/deputies/deputygroup/")
    assert f"组长：{deputies[4].name}" in clerk.inner_text("main")
    clerk.goto("/admin/deputies/committees/")
    shot(clerk, "committees-1366")
    clerk.click("text=财政经济委员会")
    shot(clerk, "committee-1366")
    accessible(clerk)
    for path, name in (
        ("/admin/deputies/delegation/", "delegations"),
        ("/admin/deputies/constituency/", "constituencies"),
        ("/admin/deputies/events/", "events"),
        ("/admin/deputies/deputy/", "deputies-all"),
    ):
        clerk.goto(path)
        shot(clerk, f"{name}-1366")
        accessible(clerk)
    phone = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), PHONE)
    with in_congress(binhai):
        group = DeputyGroup.objects.get(name="医卫专业代表小组")
    for path, name in (
        (f"/admin/deputies/deputygroup/{group.pk}/change/", "group"),
        ("/admin/deputies/deputygroup/", "groups"),
        ("/admin/deputies/events/", "events"),
        (f"/admin/deputies/deputy/{deputies[1].pk}/change/", "deputy"),
    ):
        phone.goto(path)
        shot(phone, f"{name}-390")
        accessible(phone)


def test_a_term_ends_after_its_people_were_counted(binhai, deputies, at, shot, accessible):
    clerk = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), DESK)
    clerk.goto("/admin/deputies/term-over/")
    clerk.fill("#id_on", "2026-11-01")
    clerk.fill("#id_document", "换届选举结果公告〔2026〕1号")
    clerk.click("main button[type=submit]")
    assert "386 人次" in clerk.inner_text("main")
    shot(clerk, "term-over-1366")
    accessible(clerk)
    clerk.click("text=核对无误")
    assert "已登记 386 人次届满" in clerk.inner_text("main")
    with in_congress(binhai):
        assert Deputy.objects.filter(mandates__end_reason="term_over").count() == 386


def test_the_deputy_finds_the_own_entry_and_colleagues(binhai, deputies, at, shot, accessible):
    phone = at(cast.member(binhai, Role.DEPUTY), PHONE)
    phone.goto("/me/")
    phone.click(".tabs >> text=我 >> nth=-1")
    phone.wait_for_url("**/me/profile/")
    shot(phone, "me-390")
    accessible(phone)
    phone.click("text=查其他代表")
    shot(phone, "colleagues-390")
    accessible(phone)
    phone.fill("#id_q", deputies[9].name)
    phone.press("#id_q", "Enter")  # as a phone's keyboard does; the bar below may hide the button
    phone.wait_for_url("**q=**")
    assert deputies[9].name in phone.inner_text("main table")
    desk = at(cast.member(binhai, Role.DEPUTY), DESK)
    for path, name in (("/me/profile/", "me"), ("/me/colleagues/", "colleagues")):
        desk.goto(path)
        shot(desk, f"{name}-1366")


def test_everybody_finds_who_represents_them(binhai, deputies, at, shot, accessible):
    for size, width in ((PHONE, 390), (DESK, 1366)):
        page = at(None, size, binhai)
        page.goto("/deputies/")
        shot(page, f"public-deputies-{width}")
        accessible(page)
        page.fill("#id_q", deputies[34].name)
        page.click("text=筛选")
        page.click(f"main table a:has-text('{deputies[34].name}')")
        shot(page, f"public-deputy-{width}")
        accessible(page)
        assert "代表小组" in page.inner_text("main")
    page.goto("/deputies/?q=没有这人")
    shot(page, "public-none-1366")
