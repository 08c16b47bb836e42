"""The people most tests of suggestions are about."""

import pytest

from congress.models import Role
from congress.tenancy import in_congress
from tests import cast

from . import stage


@pytest.fixture
def people(binhai):
    """Deputies with logins, in a congress whose rules are in force."""
    with in_congress(binhai):
        stage.ready()
        return stage.people()


@pytest.fixture
def unit(binhai):
    """Who works for the handling unit of the cast."""
    return cast.member(binhai, Role.HANDLING_UNIT)


@pytest.fixture
def office(binhai):
    """Who works at the government's office."""
    return cast.member(binhai, Role.GOVERNMENT_OFFICE)
