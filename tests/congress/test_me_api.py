"""/api/v1/me/: whose token it is."""

import pytest

from congress.models import ApiToken, Role
from congress.tenancy import in_congress
from tests import cast
from tests.programs import Program

pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.mark.parametrize("role", list(Role))
def test_a_token_says_whose_it_is(binhai, role):
    member = cast.member(binhai, role)
    told = Program(member).get("me/").json()
    assert (told["id"], told["name"], told["role"]) == (member.pk, member.name, role.value)
    assert (told["congress"], told["token"]) == ("binhai", "测试")


def test_a_revoked_token_or_one_at_the_neighbours_says_nothing(binhai, shanyang):
    member = cast.member(binhai, Role.DEPUTY)
    assert Program(member, at=shanyang).get("me/").status_code == 401
    program = Program(member)
    with in_congress(binhai):
        ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert program.get("me/").status_code == 401


def test_a_signed_in_browser_is_no_program(binhai, client_of):
    assert client_of(cast.member(binhai, Role.DEPUTY)).get("/api/v1/me/").status_code == 401
