"""我的账号: the own data, sessions, tokens; and the pages at the foot."""

import re

import pytest
from django.utils import timezone

from congress import actions
from congress.models import ApiToken, Congress, LogEntry, Role
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
ACCOUNT = "/me/account/"


def words(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_an_account_page(binhai, client_of, role):
    member = cast.member(binhai, role)
    page = client_of(member).get(ACCOUNT)
    assert page.status_code == 200
    shown = words(page)
    assert member.name in shown and member.user.login_name in shown and "修改密码" in shown
    assert member.user.password not in shown


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.HANDLING_UNIT, Role.DEPUTY_AFFAIRS])
def test_the_way_home_from_the_account_is_open_to_everybody(binhai, client_of, role):
    client = client_of(cast.member(binhai, role))
    shown = words(client.get(ACCOUNT))
    home = re.search(r'class="house-name" href="([^"]+)"', shown)[1]
    assert client.get(home, follow=True).status_code == 200
    # Who has no tabs has no column for them either.
    assert ("portal-frame" in shown) == (role == Role.DEPUTY)


@pytest.mark.parametrize("path", ["password/change/", "2fa/", "2fa/totp/activate/"])
def test_pages_of_the_account_lead_back_to_it(binhai, client_of, path):
    shown = words(client_of(cast.member(binhai, Role.STREET)).get(f"/accounts/{path}"))
    assert f'href="{ACCOUNT}"' in shown.partition("<main")[2]
    assert "placeholder" not in shown


def test_a_stranger_has_none(binhai, stranger_at):
    for path in ("", "end-others/", "tokens/1/revoke/", "go/1/"):
        sent = stranger_at(binhai).post(f"{ACCOUNT}{path}")
        assert "/accounts/login/" in sent["Location"]


def test_the_other_sessions_end_and_this_one_goes_on(binhai, client_of):
    member = cast.member(binhai, Role.STREET)
    here, there = client_of(member), client_of(member)
    assert here.post(f"{ACCOUNT}end-others/").status_code == 302
    assert here.get(ACCOUNT).status_code == 200
    assert "ended=changed" in there.get(ACCOUNT)["Location"]
    with in_congress(binhai):
        assert LogEntry.objects.get(step="congress.end_sessions").by == member


def test_sign_ins_and_failures_are_listed_to_the_person_alone(binhai, client_of, stranger_at):
    for password in ("Binhai-2026-abc", "wrong-One-1"):
        stranger_at(binhai).post(
            "/accounts/login/", {"login": "binhai-deputy", "password": password}
        )
    page = words(client_of(cast.member(binhai, Role.DEPUTY)).get(ACCOUNT))
    assert "没有成功" in page and page.count('<th scope="row">') == 2
    other = words(client_of(cast.member(binhai, Role.STREET)).get(ACCOUNT))
    assert "还没有登录记录" in other


def make_token(congress, role: Role) -> ApiToken:
    with in_congress(congress):
        return actions.make_token(cast.member(congress, role), by=None, label="同步")[0]


def test_the_own_token_is_seen_and_revoked(binhai, client_of):
    token = make_token(binhai, Role.DEPUTY)
    client = client_of(cast.member(binhai, Role.DEPUTY))
    assert "同步" in words(client.get(ACCOUNT))
    assert client.post(f"{ACCOUNT}tokens/{token.pk}/revoke/").status_code == 302
    assert "同步" not in words(client.get(ACCOUNT)).split("</h1>")[1].split("登录安全")[1]
    with in_congress(binhai):
        token.refresh_from_db()
        assert token.revoked_at <= timezone.now()


@pytest.mark.parametrize("place", ["binhai", "shanyang"])
def test_the_token_of_somebody_else_is_not_there(binhai, shanyang, client_of, place):
    token = make_token({"binhai": binhai, "shanyang": shanyang}[place], Role.DEPUTY)
    client = client_of(cast.member(binhai, Role.STREET))
    assert client.post(f"{ACCOUNT}tokens/{token.pk}/revoke/").status_code == 404


def test_another_role_is_taken_on_here(binhai, client_of):
    chair = cast.member(binhai, Role.CHAIR)
    with in_congress(binhai):
        clerk = actions.add_member(
            by=None, user=chair.user, name=chair.name, role=Role.DEPUTY_AFFAIRS
        )
    client = client_of(chair)
    assert f"/work-as/{clerk.pk}/" in words(client.get(ACCOUNT))
    client.post(f"/work-as/{clerk.pk}/")
    assert "换成主任会议成员" in words(client.get(ACCOUNT))


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/", "/feedback/"])
def test_the_pages_at_the_foot_are_everybodys(binhai, stranger_at, path):
    Congress.objects.filter(pk=binhai.pk).update(
        settings={"feedback_contact": "办公室 022-25300002"}
    )
    client = stranger_at(binhai)
    assert f'href="{path}"' in words(client.get("/"))
    page = client.get(path)
    assert page.status_code == 200
    assert "022-25300002" in words(page) or path == "/accessibility/"


def test_the_privacy_page_is_open_before_the_first_password(binhai, client_of):
    member = cast.member(binhai, Role.DEPUTY)
    member.user.must_change_password = True
    member.user.save()
    assert client_of(member).get("/privacy/").status_code == 200
