"""The officers at their pages, on the phone and at the desk; a member of two congresses."""

import pytest

from congress import actions, outbox
from congress.models import Role, Unit, UnitContact
from congress.tenancy import in_congress
from tests import cast

from .conftest import DESK, PHONE

BOTH = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@BOTH
def test_a_member_is_added_and_the_password_handed_over(binhai, at, shot, accessible, size):
    page = at(cast.member(binhai, Role.SYSTEM_ADMIN), size)
    width = size["width"]
    page.goto("/admin/congress/membership/")
    shot(page, f"members-{width}")
    accessible(page)
    page.click("#content a:has-text('添加成员'), .staff-head a:has-text('添加成员')")
    page.click("button:has-text('添加')")
    page.wait_for_selector(".error-summary")
    shot(page, f"member-add-error-{width}")
    accessible(page)
    page.fill("#id_name", "新办理")
    page.fill("#id_login_name", "zhujian-02")
    page.select_option("#id_role", "handling_unit")
    page.select_option("#id_unit", label="住建局")
    page.click("button:has-text('添加')")
    page.locator("#content").get_by_text("初始密码").locator("visible=true").first.wait_for()
    shot(page, f"handover-{width}")
    accessible(page)
    page.click("text=已经记下")
    page.wait_for_selector("h2:has-text('账号')")
    shot(page, f"member-{width}")
    accessible(page)


@BOTH
def test_the_security_administrator_keeps_accounts(binhai, at, shot, accessible, size):
    width = size["width"]
    with in_congress(binhai):
        west = Unit.objects.get(short_name="西园街道")
        street = cast.member(binhai, Role.STREET)
        actions.grant_unit(street, west, by=None, reason="联络员产假，由相邻街道代管")
        actions.make_token(street, by=None, label="办公系统同步交办件")
    page = at(cast.member(binhai, Role.SECURITY_ADMIN), size)
    for name, path in (
        ("accounts", "user/"),
        ("grants", "grants/"),
        ("tokens", "apitoken/"),
        ("member-secured", f"membership/{street.pk}/change/"),
        ("reset", f"membership/{street.pk}/step/reset/"),
    ):
        page.goto(f"/admin/congress/{path}")
        shot(page, f"{name}-{width}")
        accessible(page)


@BOTH
def test_units_settings_and_jobs_are_kept(binhai, at, shot, accessible, size):
    width = size["width"]
    with in_congress(binhai):
        top = Unit.objects.get(short_name="政府办")
        row = Unit.objects.get(short_name="住建局")
        Unit.objects.filter(pk=row.pk).update(parent=top)
        UnitContact.objects.create(
            unit=row, duty="liaison", name="王联络", post="办公室主任", telephone="022-25300001"
        )
        keeper = cast.member(binhai, Role.SYSTEM_ADMIN)
        outbox.enqueue("congress.verify_log", by=keeper, title="核验日志")
    page = at(keeper, size)
    for name, path in (
        ("units", "unit/"),
        ("unit", f"unit/{row.pk}/change/"),
        ("merge", f"unit/{row.pk}/merge/"),
        ("terms", "term/"),
        ("settings", "settings/"),
        ("settings-texts", "settings/texts/"),
        ("jobs", "job/"),
    ):
        page.goto(f"/admin/congress/{path}")
        shot(page, f"{name}-{width}")
        accessible(page)


@BOTH
def test_the_audit_administrator_reads_the_log(binhai, at, shot, accessible, size):
    width = size["width"]
    with in_congress(binhai):
        actions.change_names(
            by=cast.member(binhai, Role.SYSTEM_ADMIN),
            name="滨海新区人民代表大会",
            standing_committee_name=binhai.standing_committee_name,
            short_name=binhai.short_name,
        )
    page = at(cast.member(binhai, Role.AUDIT_ADMIN), size)
    page.goto("/admin/congress/logentry/")
    page.click("button:has-text('核验全部日志')")
    for _ in range(20):
        page.goto("/admin/congress/logentry/")
        if page.locator("text=完整，没有被改动").count():
            break
        page.wait_for_timeout(300)
    page.wait_for_selector("text=完整，没有被改动")
    shot(page, f"log-{width}")
    accessible(page)
    page.click("a:has-text('修改名称')")
    page.wait_for_selector("text=滨海新区人民代表大会")
    shot(page, f"log-entry-{width}")
    accessible(page)


@BOTH
def test_a_member_of_two_congresses_goes_over(binhai, shanyang, at, shot, accessible, size):
    width = size["width"]
    deputy = cast.member(binhai, Role.DEPUTY)
    with in_congress(shanyang):
        actions.add_member(by=None, user=deputy.user, name=deputy.name, role=Role.CHAIR)
    page = at(deputy, size)
    page.goto("/me/account/")
    shot(page, f"account-{width}")
    accessible(page)
    page.click("text=进入山阳县人大")
    page.wait_for_url("**//shanyang.localhost**/accounts/arrive/**")
    shot(page, f"arrive-{width}")
    accessible(page)
    page.click("main button:has-text('进入')")
    page.wait_for_url("**/admin/")
    assert "主任会议成员" in page.content()
    for name in ("privacy", "accessibility", "feedback"):
        page.goto(f"http://shanyang.localhost:{page.url.split(':')[2].split('/')[0]}/{name}/")
        shot(page, f"{name}-{width}")
        accessible(page)
