import pytest

from congress.models import Role
from tests import cast

WHO = ["stranger", *Role.values]


@pytest.fixture
def visitor(client_of, stranger_at):
    """`visitor("deputy", congress)`: a browser of a role, or of a stranger."""

    def open_as(who, congress):
        if who == "stranger":
            return stranger_at(congress)
        return client_of(cast.member(congress, Role(who)))

    return open_as
