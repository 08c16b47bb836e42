"""Two congresses side by side: nothing of the one is reached or read from the other."""

import copy

import pytest

from tests import cast
from tests.borders import visits
from tests.borders.filled import fill
from tests.project.test_laws import routes
from tests.project.test_roles import WHO

pytestmark = pytest.mark.django_db(databases=["default", "platform"])

OURS, THEIRS, NOBODYS = 41_000_001, 41_000_002, 41_000_003
MARKS = {OURS: "滨标", THEIRS: "山标"}


@pytest.fixture(scope="module")
def filled(kept):
    """Both congresses, each full of its own marks, once for the whole file."""
    both = cast.make_congress("binhai", "滨海区"), cast.make_congress("shanyang", "山阳县")
    for congress, pk in zip(both, (OURS, THEIRS), strict=True):
        fill(congress, MARKS[pk], pk)
    return both


@pytest.fixture
def side_by_side(filled):
    return copy.deepcopy(filled)


def answers(client, method: str, address: str, nobodys: str) -> bool:
    """Whether the neighbour's row opens, shows itself, or is answered otherwise than nobody's."""
    got = client.generic(method, address)
    if got.status_code == 200 or MARKS[THEIRS] in visits.text_of(got):
        return True
    return got.status_code != client.generic(method, nobodys).status_code


def reached(client, doors: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Where the neighbour's ids, alone or among ours, tell more than ids that are nobody's."""
    return [
        (method, address)
        for route, methods in doors.items()
        for address, taken in visits.addresses(route, OURS, THEIRS)
        if THEIRS in taken
        for method in methods
        if answers(client, method, address, visits.instead(address, THEIRS, NOBODYS))
    ]


@pytest.mark.parametrize("who", WHO)
def test_the_ids_of_the_neighbour_are_nobodys_ids(side_by_side, visitor, who):
    assert reached(visitor(who, side_by_side[0]), visits.doors(who)) == []


def test_a_page_that_forgets_its_congress_is_found(side_by_side, visitor, settings):
    """The control: the same visits over pages that do leak."""
    settings.ROOT_URLCONF = "tests.borders.leaking"
    leaking = {route: ["GET", "POST"] for route, _ in routes()}
    found = reached(visitor("stranger", side_by_side[0]), leaking)
    assert {address for _, address in found} == {
        f"/leaking/{THEIRS}/",
        f"/leaking/{THEIRS}/answer/",
    }


def test_the_marks_would_be_seen(side_by_side, visitor):
    """The control: their own deputy does read their marks on these very pages."""
    client = visitor("deputy", side_by_side[1])
    pages = map(client.get, visits.paths("deputy", THEIRS))
    assert sum(MARKS[THEIRS] in visits.text_of(page) for page in pages) >= 15
