"""Signing in and out: name or number, lock-outs, first change, sessions, second factor."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import get_hasher
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from congress import actions, passwords, sessions, signin
from congress.models import LogEntry, Membership, Role, User
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db

PASSWORD = "Binhai-2026-abc"
NEW = "Xinmima-2027-ok"
LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"


@pytest.fixture(autouse=True)
def clock():
    """Time stands still unless a test moves it."""
    with time_machine.travel(dt.datetime(2026, 3, 16, 9, 0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def visitor(binhai, stranger_at):
    return stranger_at(binhai)


def sign_in(client: Client, login: str, password: str = PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password}, **more)


def is_in(client: Client) -> bool:
    return client.get("/first/")["Location"] in ("/admin/", "/me/", "/desk/")


def steps(congress) -> list[str]:
    with in_congress(congress):
        return list(LogEntry.objects.order_by("number").values_list("step", flat=True))


# -- By name or number -------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["binhai-chair", " Binhai-Chair ", "ｂｉｎｈａｉ－ｃｈａｉｒ"])
def test_a_person_signs_in_by_login_name(visitor, typed):
    assert sign_in(visitor, typed)["Location"] == "/first/"
    assert is_in(visitor)


@pytest.mark.parametrize(
    "typed", ["13800138000", "138 0013 8000", "１３８００１３８０００", "+8613800138000"]
)
def test_a_person_signs_in_by_mobile_number(binhai, visitor, typed):
    chair = cast.member(binhai, Role.CHAIR).user
    index = actions.accounts.mobile_index("13800138000")
    User.objects.filter(pk=chair.pk).update(mobile_index=index)
    sign_in(visitor, typed)
    assert is_in(visitor)


@pytest.mark.parametrize("password", ["wrong", "binhai-2026-abc", PASSWORD + " "])
def test_a_wrong_password_signs_nobody_in(visitor, password):
    page = sign_in(visitor, "binhai-chair", password)
    assert page.status_code == 200 and signin.WRONG in page.content.decode()
    assert not is_in(visitor)


def test_passwords_are_kept_as_argon2(settings):
    from congress import settings as real

    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS
    assert get_hasher().algorithm == "argon2"


def test_a_member_of_the_neighbour_does_not_get_in_here(shanyang, visitor):
    page = sign_in(visitor, "shanyang-chair")
    assert page.status_code == 200 and "没有有效的身份" in page.content.decode()
    assert not is_in(visitor)


def test_a_person_whose_membership_ended_does_not_get_in(binhai, visitor):
    with in_congress(binhai):
        actions.end_membership(cast.member(binhai, Role.CHAIR), by=None)
    sign_in(visitor, "binhai-chair")
    assert not is_in(visitor)


def test_a_disabled_account_does_not_get_in(binhai, visitor):
    User.objects.filter(login_name="binhai-chair").update(is_active=False)
    sign_in(visitor, "binhai-chair")
    assert not is_in(visitor)


def test_whoever_is_signed_in_elsewhere_is_asked_to_sign_in_not_led_in_circles(
    binhai, shanyang, client_of
):
    client = client_of(cast.member(shanyang, Role.CHAIR))
    here = {"host": "binhai.localhost"}
    assert client.get("/first/", headers=here)["Location"].startswith(LOGIN)
    assert client.get(LOGIN, headers=here).status_code == 200


def test_signing_in_failing_and_leaving_stand_in_the_log(binhai, visitor):
    sign_in(visitor, "binhai-chair", "my-secret-typed")
    sign_in(visitor, "secret-typed-as-name")
    sign_in(visitor, "binhai-chair")
    visitor.post("/accounts/logout/")
    assert steps(binhai) == [
        "congress.sign_in_failed",
        "congress.sign_in_failed",
        "congress.sign_in",
        "congress.sign_out",
    ]
    with in_congress(binhai):
        failed, _, entered, _ = LogEntry.objects.order_by("number")
        assert (failed.outcome, failed.by_name, failed.by) == ("refused", "未登录者", None)
        assert entered.by_name == "朱仁民" and entered.address == "127.0.0.1"
        assert "secret" not in str(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    "route",
    ["signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "2fa/webauthn/"],
)
def test_what_we_do_not_have_is_not_there(visitor, route):
    assert visitor.get("/accounts/" + route).status_code == 404


# -- Lock-outs ---------------------------------------------------------------------------------


def fail(client: Client, times: int, login: str = "binhai-chair", **more):
    for _ in range(times):
        response = sign_in(client, login, "wrong", **more)
    return response


def test_five_failures_lock_an_account_for_fifteen_minutes(binhai, visitor, clock):
    assert fail(visitor, 4).status_code == 200
    assert fail(visitor, 1).status_code == 429
    assert sign_in(visitor, "binhai-chair").status_code == 429
    clock.shift(dt.timedelta(minutes=14))
    assert sign_in(visitor, "binhai-chair").status_code == 429
    assert not is_in(visitor)
    clock.shift(dt.timedelta(minutes=2))
    sign_in(visitor, "binhai-chair")
    assert is_in(visitor)


def test_trying_on_does_not_make_a_lock_out_longer(visitor, clock):
    fail(visitor, 5)
    clock.shift(dt.timedelta(minutes=10))
    fail(visitor, 3)
    clock.shift(dt.timedelta(minutes=6))
    sign_in(visitor, "binhai-chair")
    assert is_in(visitor)


def test_four_failures_and_a_success_begin_anew(visitor):
    fail(visitor, 4)
    sign_in(visitor, "binhai-chair")
    visitor.post("/accounts/logout/")
    assert fail(visitor, 4).status_code == 200


def test_name_and_number_of_a_person_are_counted_together(binhai, visitor):
    index = actions.accounts.mobile_index("13800138000")
    User.objects.filter(login_name="binhai-chair").update(mobile_index=index)
    fail(visitor, 3)
    assert fail(visitor, 2, "13800138000").status_code == 429


def test_failures_from_elsewhere_and_with_other_browsers_count_too(binhai, visitor):
    fail(visitor, 3, REMOTE_ADDR="10.0.0.8")
    assert fail(visitor, 2, REMOTE_ADDR="10.0.0.9", HTTP_USER_AGENT="other").status_code == 429


@pytest.mark.parametrize("login", ["nobody-here", "13900139000"])
def test_the_answer_does_not_tell_whether_an_account_exists(visitor, login):
    known = [sign_in(visitor, "binhai-chair", "wrong") for _ in range(6)]
    unknown = [sign_in(visitor, login, "wrong") for _ in range(6)]
    assert [r.status_code for r in known] == [r.status_code for r in unknown]
    for a, b in zip(known, unknown, strict=True):
        assert signin.TOO_MANY in a.content.decode() or signin.WRONG in a.content.decode()
        assert (signin.WRONG in a.content.decode()) == (signin.WRONG in b.content.decode())


def test_an_unknown_account_takes_the_hashing_of_a_known_one(monkeypatch, binhai):
    hashed = []
    real = User.set_password
    monkeypatch.setattr(User, "set_password", lambda s, p: (hashed.append(p), real(s, p)))
    signin.AccountBackend().authenticate(None, username="nobody", password="x")
    assert hashed == ["x"]


def test_one_address_is_slowed_down_over_many_accounts(visitor, monkeypatch, clock):
    monkeypatch.setattr(signin, "ADDRESS_LIMIT", 6)
    for i in range(6):
        assert fail(visitor, 1, f"guess{i}").status_code == 200
    assert sign_in(visitor, "binhai-chair").status_code == 429
    assert sign_in(visitor, "binhai-chair", REMOTE_ADDR="10.0.0.9").status_code == 302
    clock.shift(dt.timedelta(minutes=16))
    visitor.cookies.clear()
    assert sign_in(visitor, "binhai-chair").status_code == 302


def test_the_security_administrator_lifts_a_lock_out(binhai, visitor):
    fail(visitor, 5)
    with in_congress(binhai):
        by = cast.member(binhai, Role.SECURITY_ADMIN)
        assert actions.unlock(cast.member(binhai, Role.CHAIR), by=by) == 5
    sign_in(visitor, "binhai-chair")
    assert is_in(visitor)


def test_behind_our_proxy_the_address_is_the_one_it_saw(binhai, visitor, settings):
    settings.TRUST_PROXY = True
    sign_in(visitor, "binhai-chair", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.2.3.4")
    with in_congress(binhai):
        assert LogEntry.objects.get(step="congress.sign_in").address == "10.2.3.4"


def test_without_a_proxy_a_forged_address_is_not_believed(binhai, visitor):
    sign_in(visitor, "binhai-chair", HTTP_X_FORWARDED_FOR="6.6.6.6")
    with in_congress(binhai):
        assert LogEntry.objects.get(step="congress.sign_in").address == "127.0.0.1"


# -- Passwords ---------------------------------------------------------------------------------


def refusals(password: str, user: User | None = None) -> str:
    from django.contrib.auth.password_validation import validate_password

    try:
        validate_password(password, user)
    except ValidationError as fault:
        return "".join(fault.messages)
    return ""


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("Ab3$efghi", "至少 10 位"),
        ("Ab3$efghij", ""),
        ("abcdefg12345", "三种"),
        ("ABCdefghijk", "三种"),
        ("Renda@20261", "常见"),
        ("Admin@123456", "常见"),
        ("Password2026!", "常见"),
        ("Aa1Aa1Aa1Aa1", "常见"),
        ("P" * 120 + "a1-xxxxxx", "最长"),
    ],
)
def test_the_dengbao_profile(settings, password, refused):
    settings.PASSWORD_PROFILE = "dengbao"
    assert refused in refusals(password) if refused else refusals(password) == ""


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("elevenchars", "至少 12 位"),
        ("xiaohe shang kan hua", ""),
        ("iloveyou1234", "常见"),
        ("qwertyuiop1234", "常见"),
        ("123456789012", "常见"),
        ("abababababab", "常见"),
    ],
)
def test_the_asvs_profile(settings, password, refused):
    settings.PASSWORD_PROFILE = "asvs"
    assert refused in refusals(password) if refused else refusals(password) == ""


def test_a_password_with_the_login_name_is_refused(binhai):
    assert "登录名" in refusals("1Binhai-Chair!", cast.member(binhai, Role.CHAIR).user)


@pytest.mark.parametrize("profile", ["dengbao", "asvs"])
def test_a_password_made_by_us_satisfies_every_profile(settings, profile):
    settings.PASSWORD_PROFILE = profile
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200 and not any(refusals(p) for p in made)


def change(client: Client, old: str, new: str):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def test_the_last_five_passwords_do_not_come_again(binhai, visitor):
    sign_in(visitor, "binhai-chair")
    used = [PASSWORD] + [f"Xinmima-{n}-okay" for n in range(1, 6)]
    for old, new in zip(used, used[1:], strict=False):
        assert change(visitor, old, new).status_code == 302
    for again in used[1:]:
        assert "最近 5 次" in change(visitor, used[-1], again).content.decode()
    assert change(visitor, used[-1], PASSWORD).status_code == 302


def test_a_weak_password_is_refused_on_the_page(visitor):
    sign_in(visitor, "binhai-chair")
    page = change(visitor, PASSWORD, "abc")
    assert page.status_code == 200 and "至少 10 位" in page.content.decode()


def test_the_present_password_cannot_be_tried_out_in_a_stolen_session(visitor):
    sign_in(visitor, "binhai-chair")
    for _ in range(5):
        response = change(visitor, "guess", NEW)
    assert response.status_code == 429
    assert change(visitor, PASSWORD, NEW).status_code == 429


def test_the_first_sign_in_forces_another_password(binhai, visitor):
    with in_congress(binhai):
        by = cast.member(binhai, Role.SYSTEM_ADMIN)
        given = {"login_name": "lisi", "name": "李四", "role": Role.DEPUTY_AFFAIRS}
        _, password = actions.open_login(by=by, **given)
    sign_in(visitor, "lisi", password)
    for page in ("/first/", "/admin/", "/me/", "/"):
        assert visitor.get(page)["Location"] == CHANGE
    assert visitor.get(CHANGE).status_code == 200
    assert change(visitor, password, NEW)["Location"] == "/first/"
    assert is_in(visitor)


@pytest.mark.parametrize(("profile", "forced"), [("dengbao", True), ("asvs", False)])
def test_a_password_of_ninety_days_must_be_changed_in_dengbao(
    binhai, visitor, clock, settings, profile, forced
):
    settings.PASSWORD_PROFILE = profile
    User.objects.filter(login_name="binhai-chair").update(password_changed_at=timezone.now())
    clock.shift(dt.timedelta(days=89))
    sign_in(visitor, "binhai-chair")
    assert is_in(visitor)
    clock.shift(dt.timedelta(days=1))
    visitor.cookies.clear()
    sign_in(visitor, "binhai-chair")
    assert (visitor.get("/first/")["Location"] == CHANGE) is forced


# -- Sessions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "goes_on", "over"),
    [(Role.CHAIR, 29, 31), (Role.SYSTEM_ADMIN, 29, 31), (Role.DEPUTY, 479, 481)],
)
def test_a_session_ends_when_nobody_is_there(binhai, client_of, clock, role, goes_on, over):
    client = client_of(cast.member(binhai, role))
    assert is_in(client)
    clock.shift(dt.timedelta(minutes=goes_on))
    assert is_in(client)
    clock.shift(dt.timedelta(minutes=over))
    page = client.get("/first/")
    assert "ended=idle" in page["Location"]
    assert "自动退出" in client.get(page["Location"]).content.decode()


@pytest.mark.parametrize(("role", "hours"), [(Role.CHAIR, 12), (Role.DEPUTY, 7 * 24)])
def test_a_session_ends_even_if_somebody_is_there(binhai, client_of, clock, role, hours):
    client = client_of(cast.member(binhai, role))
    step = dt.timedelta(minutes=25) if role == Role.CHAIR else dt.timedelta(hours=7)
    passed = dt.timedelta()
    while passed + step <= dt.timedelta(hours=hours):
        clock.shift(step)
        passed += step
        assert is_in(client)
    clock.shift(step)
    assert "ended=long" in client.get("/first/")["Location"]


def both(binhai, client_of, role=Role.CHAIR) -> tuple[Client, Client, Membership]:
    member = cast.member(binhai, role)
    return client_of(member), client_of(member), member


def test_a_changed_password_ends_the_other_sessions_alone(binhai, client_of):
    here, there, _ = both(binhai, client_of)
    assert change(here, PASSWORD, NEW).status_code == 302
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize("step", ["reset_password", "disable_login", "end_sessions"])
def test_the_security_administrator_ends_every_session(binhai, client_of, monkeypatch, step):
    monkeypatch.setattr("congress.access.belongs_elsewhere", lambda user, here: False)
    here, there, member = both(binhai, client_of)
    with in_congress(binhai):
        getattr(actions, step)(member, by=cast.member(binhai, Role.SECURITY_ADMIN))
    assert not is_in(here) and not is_in(there)


def test_another_role_ends_every_session(binhai, client_of):
    here, there, member = both(binhai, client_of)
    with in_congress(binhai):
        by = cast.member(binhai, Role.SYSTEM_ADMIN)
        actions.change_role(member, by=by, role=Role.DEPUTY_AFFAIRS)
    assert "ended=changed" in here.get("/first/")["Location"] and not is_in(there)


def test_without_these_checks_a_session_would_go_on(binhai, client_of, clock, monkeypatch):
    """The control: it is these checks that end a session."""
    here, _, member = both(binhai, client_of)
    monkeypatch.setattr(sessions, "is_over", lambda request, memberships: "")
    clock.shift(dt.timedelta(hours=30))
    actions.sessions.end_sessions_of(member.user)
    assert is_in(here)


def test_the_session_cookie_is_not_for_scripts_or_other_sites(visitor):
    sign_in(visitor, "binhai-chair")
    cookie = visitor.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_session_gets_a_new_key_at_sign_in(visitor):
    visitor.get(LOGIN)
    session = visitor.session
    session["x"] = 1
    session.save()
    before = session.session_key
    sign_in(visitor, "binhai-chair")
    assert visitor.session.session_key != before


def test_pages_of_staff_are_not_kept_by_a_browser(binhai, client_of):
    assert "no-store" in client_of(cast.member(binhai, Role.CHAIR)).get("/first/")["Cache-Control"]


def test_a_page_costs_few_queries(binhai, client_of, stranger_at):
    client = client_of(cast.member(binhai, Role.DEPUTY))
    client.get("/first/")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get("/first/")
    sql = [q["sql"] for q in seen if "SAVEPOINT" not in q["sql"] and "set_config" not in q["sql"]]
    # the congress; the session; the user; the memberships
    assert len([s for s in sql if "app.congress_id" not in s]) == 4, sql
    with CaptureQueriesContext(connection) as seen:
        stranger_at(binhai).get("/first/")
    assert [q["sql"] for q in seen if "congress_membership" in q["sql"]] == []
    assert [q["sql"] for q in seen if "django_session" in q["sql"]] == []


# -- Second factor -----------------------------------------------------------------------------


@pytest.fixture
def required(settings):
    settings.STAFF_TOTP = "required"


def code_for(user: User) -> str:
    secret = Authenticator.objects.get(user=user, type="totp").wrap()
    from congress.crypto import decrypt

    value = decrypt(secret.instance.data["secret"], "mfa")
    return totp.format_hotp_value(
        totp.hotp_value(value, next(totp.yield_hotp_counters_from_time()))
    )


def set_up(client: Client, user: User):
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    return client.post("/accounts/2fa/totp/activate/", {"code": code})


def test_staff_set_up_a_second_factor_before_anything_else(required, binhai, visitor, clock):
    user = cast.member(binhai, Role.CHAIR).user
    sign_in(visitor, "binhai-chair")
    assert visitor.get("/admin/")["Location"] == "/accounts/2fa/totp/activate/"
    assert "须用动态验证码" in visitor.get("/accounts/2fa/totp/activate/").content.decode()
    assert set_up(visitor, user).status_code == 302
    assert visitor.get("/admin/").status_code == 200
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert stored.startswith("aesgcm$")
    assert "congress.second_factor_on" in steps(binhai)


def test_a_deputy_needs_no_second_factor(required, binhai, visitor):
    sign_in(visitor, "binhai-deputy")
    assert is_in(visitor)


def test_with_a_second_factor_the_password_alone_signs_nobody_in(required, binhai, visitor, clock):
    user = cast.member(binhai, Role.CHAIR).user
    sign_in(visitor, "binhai-chair")
    set_up(visitor, user)
    visitor.post("/accounts/logout/")
    assert sign_in(visitor, "binhai-chair")["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(visitor)
    page = visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "验证码不对" in page.content.decode()
    clock.shift(dt.timedelta(minutes=2))
    visitor.post("/accounts/2fa/authenticate/", {"code": code_for(user)})
    assert visitor.get("/admin/").status_code == 200


def test_codes_cannot_be_tried_out(required, binhai, visitor, clock):
    user = cast.member(binhai, Role.CHAIR).user
    sign_in(visitor, "binhai-chair")
    set_up(visitor, user)
    visitor.post("/accounts/logout/")
    sign_in(visitor, "binhai-chair")
    clock.shift(dt.timedelta(minutes=2))
    for n in range(5):
        response = visitor.post("/accounts/2fa/authenticate/", {"code": f"00000{n}"})
    assert response.status_code == 429
    other = Client(headers={"host": "binhai.localhost"})
    assert sign_in(other, "binhai-chair").status_code == 429
    visitor.post("/accounts/2fa/authenticate/", {"code": code_for(user)})
    assert not is_in(visitor)


def test_a_second_factor_ends_the_sessions_opened_without_it(required, binhai, visitor, client_of):
    member = cast.member(binhai, Role.CHAIR)
    other = client_of(member)
    sign_in(visitor, "binhai-chair")
    set_up(visitor, member.user)
    assert not is_in(other)


def test_who_must_have_a_second_factor_cannot_give_it_up(required, binhai, visitor):
    user = cast.member(binhai, Role.CHAIR).user
    sign_in(visitor, "binhai-chair")
    set_up(visitor, user)
    page = visitor.post("/accounts/2fa/totp/deactivate/")
    assert page.status_code == 200 and "不能停用" in page.content.decode()
    assert Authenticator.objects.filter(user=user, type="totp").exists()


# -- Doors kept shut ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "https://shanyang.localhost/",
        "javascript:alert(1)",
    ],
)
def test_signing_in_never_leads_to_another_host(binhai, visitor, settings, target):
    settings.ALLOWED_HOSTS = ["*"]
    response = visitor.post(
        f"{LOGIN}?next={target}", {"login": "binhai-chair", "password": PASSWORD, "next": target}
    )
    assert response["Location"] == "/first/"


def test_a_form_from_another_site_signs_nobody_in(binhai):
    client = Client(enforce_csrf_checks=True, headers={"host": "binhai.localhost"})
    assert sign_in(client, "binhai-chair").status_code == 403


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_other_methods_do_nothing(binhai, client_of, method):
    client = client_of(cast.member(binhai, Role.CHAIR))
    for page in (LOGIN, CHANGE, "/accounts/logout/", "/elder/"):
        assert getattr(client, method)(page).status_code < 500
    assert is_in(client)
    assert User.objects.get(login_name="binhai-chair").check_password(PASSWORD)


def test_leaving_needs_a_form_not_a_link(binhai, client_of):
    client = client_of(cast.member(binhai, Role.CHAIR))
    client.get("/accounts/logout/")
    assert is_in(client)


@pytest.mark.parametrize(
    "host", ["evil.example", "binhai.localhost.evil.example", "binhai.localhost@evil"]
)
def test_a_forged_host_gets_nothing(binhai, host):
    response = Client(headers={"host": host}).get(LOGIN)
    assert response.status_code in (400, 404)
    assert "滨海区人民代表大会常务委员会" not in response.content.decode().split("<main")[0]
