"""The officers' pages: members, accounts, exceptions, tokens; each officer the own steps alone."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress import actions, handover
from congress.models import ApiToken, LogEntry, Membership, Role, Unit, UnitGrant, User
from congress.once import new_token
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
MEMBERS = "/admin/congress/membership/"


@pytest.fixture
def keeper(binhai, client_of):
    """系统管理员."""
    return client_of(cast.member(binhai, Role.SYSTEM_ADMIN))


@pytest.fixture
def guard(binhai, client_of):
    """安全管理员."""
    return client_of(cast.member(binhai, Role.SECURITY_ADMIN))


def words(response) -> str:
    return response.content.decode()


def step(row: Membership, name: str) -> str:
    return f"{MEMBERS}{row.pk}/step/{name}/"


def new_person(binhai, **change) -> dict:
    with in_congress(binhai):
        unit = Unit.objects.get(short_name="住建局")
    return {
        "has_login": "new", "name": "新　办理", "login_name": "Zhujian-02",
        "mobile": "139 1234 5678",
        "role": "handling_unit", "unit": unit.pk, "once": new_token(), **change,
    }  # fmt: skip


def secret_of(client, response) -> str:
    """The page a form leads to, which shows what is shown once."""
    assert response.status_code == 302, words(response)
    return words(client.get(response["Location"]))


# -- Members -----------------------------------------------------------------------------------


def test_the_system_administrator_adds_a_person_and_hands_the_password_over_once(
    binhai, keeper, monkeypatch
):
    kept = []
    keep = handover.keep
    monkeypatch.setattr(handover, "keep", lambda r, s: kept.append(s.value) or keep(r, s))
    sent = keeper.post(f"{MEMBERS}add/", new_person(binhai))
    page = secret_of(keeper, sent)
    assert kept[0] in page and "zhujian-02" in page
    again = words(keeper.get(sent["Location"]))
    assert kept[0] not in again and "已经显示过了" in again
    with in_congress(binhai):
        row = Membership.objects.get(user__login_name="zhujian-02")
        assert (row.name, row.role, row.unit.short_name) == ("新办理", "handling_unit", "住建局")
        assert row.user.must_change_password and row.user.check_password(kept[0])
        assert kept[0] not in str(list(LogEntry.objects.values("after", "note", "object_label")))


def test_the_password_does_not_lie_readable_in_the_session(binhai, keeper, monkeypatch):
    kept = []
    keep = handover.keep
    monkeypatch.setattr(handover, "keep", lambda r, s: kept.append(s.value) or keep(r, s))
    keeper.post(f"{MEMBERS}add/", new_person(binhai))
    assert kept and kept[0] not in str(dict(keeper.session))


def test_a_double_click_adds_one_person_and_still_shows_the_password(binhai, keeper):
    form = new_person(binhai)
    first, second = keeper.post(f"{MEMBERS}add/", form), keeper.post(f"{MEMBERS}add/", form)
    assert first["Location"] == second["Location"]
    assert "初始密码" in secret_of(keeper, second)
    with in_congress(binhai):
        assert Membership.objects.filter(name="新办理").count() == 1


@pytest.mark.parametrize(
    "change, said",
    [
        ({"unit": ""}, "须选择所在单位"),
        ({"login_name": "binhai-street"}, "已被使用"),
        ({"login_name": "张三"}, "登录名由字母"),
        ({"mobile": "12345"}, "手机号应为 11 位数字"),
        ({"name": ""}, "有 1 处需要修改"),
        ({"valid_from": "2026-05-01", "valid_to": "2026-04-01"}, "不能早于"),
        ({"role": "deputy"}, "有 1 处需要修改"),
        ({"has_login": "old", "login_name": "nobody-here"}, "没有这个登录名"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(binhai, keeper, change, said):
    page = keeper.post(f"{MEMBERS}add/", new_person(binhai, **change))
    assert page.status_code == 422 and said in words(page)
    assert "139 1234 5678" in words(page) or "mobile" in change
    with in_congress(binhai):
        assert not Membership.objects.filter(name="新办理").exists()


@pytest.mark.parametrize("other", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_three_officers_exclude_each_other_in_a_sentence(binhai, keeper, other):
    form = new_person(binhai, has_login="old", unit="", role="system_admin")
    form["login_name"] = f"binhai-{other.value}"
    page = keeper.post(f"{MEMBERS}add/", form)
    assert page.status_code == 422 and "须由不同的人担任" in words(page)


def test_a_person_gets_a_second_role_with_the_same_login(binhai, keeper):
    form = new_person(binhai, has_login="old", login_name="binhai-chair", role="deputy_affairs")
    form |= {"unit": "", "name": "朱仁民"}
    sent = keeper.post(f"{MEMBERS}add/", form)
    with in_congress(binhai):
        roles = Membership.objects.filter(user__login_name="binhai-chair").values_list("role")
        assert {r for (r,) in roles} == {"chair", "deputy_affairs"}
    page = words(keeper.get(sent["Location"]))
    assert "同一人的其他身份" in page and "主任会议成员" in page


def test_a_role_is_changed_and_ended_on_the_page_of_the_member(binhai, keeper):
    row = cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        west = Unit.objects.get(short_name="西园街道")
    assert (
        keeper.post(step(row, "change_role"), {"role": "street", "unit": west.pk}).status_code
        == 302
    )
    assert keeper.post(step(row, "end"), {"last_day": ""}).status_code == 302
    with in_congress(binhai):
        row.refresh_from_db()
        assert row.unit == west and row.valid_to < dt.date.today()
    assert "这个身份已经终止" in words(keeper.get(f"{MEMBERS}{row.pk}/change/"))
    assert row.name not in words(keeper.get(MEMBERS))
    assert row.name in words(keeper.get(MEMBERS, {"state": "over"}))


def test_the_list_is_searched_and_filtered(binhai, keeper):
    assert "钟委员" in words(keeper.get(MEMBERS, {"q": "binhai-comm"}))
    page = words(keeper.get(MEMBERS, {"role": "committee"}))
    assert "钟委员" in page and "朱仁民" not in page
    assert "没有符合条件的成员" in words(keeper.get(MEMBERS, {"q": "没有这人"}))
    assert keeper.get(MEMBERS, {"unit": "99999999"}).status_code == 200


def test_the_export_is_logged(binhai, keeper):
    sent = keeper.get(MEMBERS, {"export": "1"})
    assert sent["Content-Type"].endswith("spreadsheetml.sheet")
    with in_congress(binhai):
        assert LogEntry.objects.get(step="congress.export_members").after == {"人次": 12}


def test_deputy_affairs_sees_deputies_and_liaisons_alone(binhai, client_of):
    clerk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
    page = words(clerk.get(MEMBERS))
    assert "代表甲" in page and "连络生" in page and "许系统" not in page
    assert clerk.get(f"{MEMBERS}{cast.member(binhai, Role.STREET).pk}/change/").status_code == 404
    form = new_person(binhai, role="street")
    assert clerk.post(f"{MEMBERS}add/", form).status_code == 422
    form = new_person(binhai, role="station_liaison", unit="")
    assert "初始密码" in secret_of(clerk, clerk.post(f"{MEMBERS}add/", form))


@pytest.mark.parametrize("role", [r for r in Role if r not in (
    Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.DEPUTY_AFFAIRS)])  # fmt: skip
def test_members_are_not_everybodys(binhai, client_of, role):
    client = client_of(cast.member(binhai, role))
    row = cast.member(binhai, Role.STREET)
    for address in (MEMBERS, f"{MEMBERS}{row.pk}/change/", step(row, "reset"), f"{MEMBERS}add/"):
        assert client.get(address).status_code in (403, 404), address


def test_a_member_of_the_neighbour_is_not_there(binhai, shanyang, keeper, guard):
    row = cast.member(shanyang, Role.STREET)
    for client in (keeper, guard):
        assert client.get(f"{MEMBERS}{row.pk}/change/").status_code == 404
        assert client.post(step(row, "reset")).status_code == 404
    assert guard.get(f"/admin/congress/user/{row.user_id}/change/").status_code == 404
    assert "shanyang" not in words(guard.get("/admin/congress/user/"))


@pytest.mark.parametrize("address", [MEMBERS, "/admin/congress/user/"])
def test_a_long_list_costs_no_more_queries(binhai, guard, address):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert guard.get(address).status_code == 200
        return len(seen)

    guard.get(address)
    few = queries()
    with in_congress(binhai):
        for n in range(30):
            cast.add_member(binhai, Role.HANDLING_UNIT, f"办理{n}", login=f"h{n}")
    assert queries() == few


# -- Accounts ----------------------------------------------------------------------------------


def test_the_security_administrator_resets_a_password_shown_once(binhai, guard):
    row = cast.member(binhai, Role.STREET)
    page = secret_of(guard, guard.post(step(row, "reset"), {"once": new_token()}))
    assert "初始密码" in page and "binhai-street" in page
    user = User.objects.get(pk=row.user_id)
    assert user.must_change_password and not user.check_password("Binhai-2026-abc")
    assert user.session_version == row.user.session_version + 1


@pytest.mark.parametrize(
    "name", ["reset", "disable", "unlock", "end_sessions", "set_mobile", "grant", "make_token"]
)
def test_the_system_administrator_does_not_touch_accounts(binhai, keeper, name):
    assert keeper.post(step(cast.member(binhai, Role.STREET), name)).status_code == 403


@pytest.mark.parametrize("name", ["change_role", "end"])
def test_the_security_administrator_does_not_touch_roles(binhai, guard, name):
    assert guard.post(step(cast.member(binhai, Role.STREET), name)).status_code == 403


@pytest.mark.parametrize("who, name", [("keeper", "end"), ("guard", "disable")])
def test_nobody_touches_the_own_account_here(binhai, request, who, name):
    role = {"keeper": Role.SYSTEM_ADMIN, "guard": Role.SECURITY_ADMIN}[who]
    client = request.getfixturevalue(who)
    assert client.post(step(cast.member(binhai, role), name)).status_code == 403


def test_an_account_is_disabled_and_enabled(binhai, guard):
    row = cast.member(binhai, Role.STREET)
    assert guard.post(step(row, "disable")).status_code == 302
    assert not User.objects.get(pk=row.user_id).is_active
    assert "停用" in words(guard.get("/admin/congress/user/", {"state": "disabled"}))
    assert guard.post(step(row, "disable")).status_code == 403
    assert guard.post(step(row, "enable")).status_code == 302
    assert User.objects.get(pk=row.user_id).is_active


def test_a_locked_account_is_found_and_unlocked(binhai, guard, stranger_at):
    row = cast.member(binhai, Role.STREET)
    for _ in range(5):
        stranger_at(binhai).post(
            "/accounts/login/", {"login": "binhai-street", "password": "wrong-One-1"}
        )
    page = words(guard.get("/admin/congress/user/", {"state": "locked"}))
    assert "binhai-street" in page and "已锁定" in page and "binhai-chair" not in page
    assert guard.post(step(row, "unlock")).status_code == 302
    assert "binhai-street" not in words(guard.get("/admin/congress/user/", {"state": "locked"}))


@pytest.mark.parametrize(
    "state, there",
    [("never", True), ("first", False), ("disabled", False), ("bare", True), ("unused", False)],
)
def test_accounts_are_found_by_what_they_need(binhai, guard, state, there):
    page = words(guard.get("/admin/congress/user/", {"state": state}))
    assert ("binhai-street" in page) is there


def test_the_page_of_a_login_shows_no_hash(binhai, guard):
    row = cast.member(binhai, Role.STREET)
    sent = guard.get(f"/admin/congress/user/{row.user_id}/change/")
    assert sent["Location"].endswith(f"{MEMBERS}{row.pk}/change/")
    page = words(guard.get(sent["Location"]))
    assert row.user.password not in page and "md5$" not in page


def test_a_mobile_number_is_set_and_not_shown(binhai, guard):
    row = cast.member(binhai, Role.STREET)
    assert guard.post(step(row, "set_mobile"), {"mobile": "1391234"}).status_code == 422
    assert guard.post(step(row, "set_mobile"), {"mobile": "13912345678"}).status_code == 302
    page = words(guard.get(f"{MEMBERS}{row.pk}/change/"))
    assert "已登记" in page and "13912345678" not in page


# -- Exceptions and tokens ---------------------------------------------------------------------


def test_an_exception_is_given_listed_and_taken_back(binhai, guard):
    row = cast.member(binhai, Role.STREET)
    with in_congress(binhai):
        west = Unit.objects.get(short_name="西园街道")
    form = {"unit": west.pk, "reason": "", "valid_to": ""}
    assert guard.post(step(row, "grant"), form).status_code == 422
    form |= {"reason": "联络员产假，由相邻街道代管"}
    assert guard.post(step(row, "grant"), form).status_code == 302
    for address in (reverse("admin:congress_grants"), f"{MEMBERS}{row.pk}/change/"):
        page = words(guard.get(address))
        assert "西园街道" in page and "联络员产假" in page
    with in_congress(binhai):
        grant = UnitGrant.objects.get()
    assert guard.post(reverse("admin:congress_grant_take_back", args=[grant.pk])).status_code == 302
    assert "没有单位授权" in words(guard.get(reverse("admin:congress_grants")))


def test_an_exception_of_the_neighbour_is_not_there(binhai, shanyang, guard):
    with in_congress(shanyang):
        street = Unit.objects.get(short_name="西园街道")
        grant = actions.grant_unit(
            cast.member(shanyang, Role.STREET), street, by=None, reason="产假"
        )
    address = reverse("admin:congress_grant_take_back", args=[grant.pk])
    assert guard.post(address).status_code == 404
    assert "没有单位授权" in words(guard.get(reverse("admin:congress_grants")))


def test_a_token_is_made_shown_once_and_revoked(binhai, guard, client):
    row = cast.member(binhai, Role.DEPUTY_AFFAIRS)
    page = secret_of(guard, guard.post(step(row, "make_token"), {"label": "同步", "days": "30"}))
    with in_congress(binhai):
        token = ApiToken.objects.get()
    secret = page.split('class="lead"><strong>')[1].split("<")[0]

    def call() -> int:
        headers = {"host": "binhai.localhost", "Authorization": f"Bearer {secret}"}
        return client.get("/api/v1/activities/", headers=headers).status_code

    assert call() == 200
    assert "同步" in words(guard.get("/admin/congress/apitoken/"))
    assert guard.post(f"/admin/congress/apitoken/{token.pk}/change/").status_code == 302
    assert call() == 401
    assert "同步" not in words(guard.get("/admin/congress/apitoken/"))
    assert "同步" in words(guard.get("/admin/congress/apitoken/", {"state": "over"}))


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SECURITY_ADMIN])
def test_accounts_exceptions_and_tokens_are_the_security_administrators(binhai, client_of, role):
    client = client_of(cast.member(binhai, role))
    for address in (
        "/admin/congress/user/",
        "/admin/congress/grants/",
        "/admin/congress/apitoken/",
    ):
        assert client.get(address).status_code == 403, address
