"""The first doors: home, sign-in, the first screen of each role."""

import pytest

from congress.models import Role
from tests import cast

from .conftest import DESK, PHONE


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_public_home_is_open_to_everybody(binhai, at, shot, accessible, size):
    page = at(None, size, binhai)
    assert page.goto("/").status == 200
    shot(page, f"home-{size['width']}")
    accessible(page)


def test_a_clerk_signs_in_and_sees_today(binhai, at, shot):
    page = at(None, DESK, binhai)
    page.goto("/accounts/login/")
    shot(page, "login-1366")
    page.fill("input[name=login]", "binhai-deputy_affairs")
    page.fill("input[name=password]", "Binhai-2026-abc")
    page.click("main button[type=submit]")
    page.wait_for_url("**/admin/")
    shot(page, "today-1366")


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.HANDLING_UNIT])
def test_each_role_lands_on_its_first_screen(binhai, at, shot, accessible, role):
    page = at(cast.member(binhai, role), PHONE)
    assert page.goto("/first/").status == 200
    shot(page, f"first-{role.value}-390")
    accessible(page)
