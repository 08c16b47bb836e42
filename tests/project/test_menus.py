"""Every role may open whatever its menus offer."""

import re

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from tests.suggestions import stage

NAV = re.compile(r"<nav\b.*?</nav>", re.S)
HREF = re.compile(r'href="(/[^"#?]*)"')


def offered(page: str) -> set[str]:
    """Addresses in the menus of a page, those that end a session aside."""
    found = {href for nav in NAV.findall(page) for href in HREF.findall(nav)}
    return {href for href in found if "logout" not in href}


@pytest.mark.parametrize("who", Role.values)
def test_every_entry_of_a_menu_opens_to_the_role_that_sees_it(binhai, visitor, who):
    with in_congress(binhai):
        stage.people(1)
    client = visitor(who, binhai)
    home = client.get("/first/", follow=True)
    entries = offered(home.content.decode())
    assert len(entries) >= 2, entries
    shut = {e: code for e in entries if (code := client.get(e, follow=True).status_code) != 200}
    assert not shut
