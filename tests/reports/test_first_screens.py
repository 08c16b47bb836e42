"""Whoever signs in finds the first screen of their role; nobody gets another's."""

import pytest
from django.urls import reverse

from congress.models import Role
from tests import cast

STAFF = (
    Role.DEPUTY_AFFAIRS,
    Role.STREET,
    Role.COMMITTEE,
    Role.CHAIR,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
)
DESK = (Role.GOVERNMENT_OFFICE, Role.HANDLING_UNIT)
PORTAL = (Role.DEPUTY, Role.STATION_LIAISON)


@pytest.mark.parametrize("role", STAFF)
def test_staff_find_today(binhai, client_of, role):
    page = client_of(cast.member(binhai, role)).get("/admin/")
    assert page.status_code == 200
    assert "今日" in page.content.decode()


@pytest.mark.parametrize("role", DESK)
@pytest.mark.parametrize("name", ["desk_home", "desk_unit", "desk_notices"])
def test_handling_units_find_their_desk(binhai, client_of, role, name):
    assert client_of(cast.member(binhai, role)).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("role", PORTAL)
@pytest.mark.parametrize("name", ["portal_home", "portal_notices"])
def test_deputies_find_what_waits_for_them(binhai, client_of, role, name):
    assert client_of(cast.member(binhai, role)).get(reverse(name)).status_code == 200


def test_everybody_finds_the_public_home(binhai, stranger_at):
    page = stranger_at(binhai).get("/")
    assert page.status_code == 200
    assert "还没有公布" in page.content.decode()


@pytest.mark.parametrize("role", [*STAFF, *PORTAL])
def test_the_desk_is_closed_to_others(binhai, client_of, role):
    assert client_of(cast.member(binhai, role)).get("/desk/").status_code == 403


@pytest.mark.parametrize("role", [*STAFF, *DESK])
def test_the_portal_is_closed_to_others(binhai, client_of, role):
    assert client_of(cast.member(binhai, role)).get("/me/").status_code == 403


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_three_officers_see_no_search_and_get_none(binhai, client_of, role):
    client = client_of(cast.member(binhai, role))
    assert 'action="/admin/find/"' not in client.get("/admin/").content.decode()
    assert client.get("/admin/find/", {"q": "张"}).status_code == 403


@pytest.mark.parametrize("role", [Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET])
def test_who_reads_the_matter_finds_the_search_on_every_page(binhai, client_of, role):
    page = client_of(cast.member(binhai, role)).get("/admin/").content.decode()
    assert 'action="/admin/find/"' in page


def test_staff_search_by_name(binhai, client_of):
    clerk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
    assert "请输入要找的内容" in clerk.get("/admin/find/").content.decode()
    assert "没有找到" in clerk.get("/admin/find/", {"q": "查无此人"}).content.decode()
