"""The people most tests of suggestions are about."""

import copy

import pytest
import time_machine

from congress.models import Role
from congress.tenancy import in_congress
from tests import cast

from . import stage
from .year import ON, Maker, at


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


@pytest.fixture(scope="module")
def kept_year(kept):
    """A congress with a year of 25 suggestions and who made it, once for a whole file."""
    congress = cast.make_congress("binhai", "滨海区")
    with time_machine.travel(at(ON), tick=False), in_congress(congress):
        stage.ready()
        maker = Maker(4)
        maker.year(25)
    return congress, maker


@pytest.fixture
def congress_of_year(kept_year, db):
    return copy.deepcopy(kept_year[0])


@pytest.fixture
def maker_of_year(kept_year):
    return copy.deepcopy(kept_year[1])
