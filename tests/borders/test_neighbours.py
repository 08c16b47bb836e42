"""Two congresses side by side: nothing of the one is reached or read from the other."""

import pytest

from congress.models import Role
from tests.borders import visits
from tests.borders.conftest import WHO
from tests.borders.filled import fill

pytestmark = pytest.mark.django_db(databases=["default", "platform"])

OURS, THEIRS, NOBODYS = 41_000_001, 41_000_002, 41_000_003
MARKS = {OURS: "滨标", THEIRS: "山标"}


@pytest.fixture
def side_by_side(binhai, shanyang):
    fill(binhai, MARKS[OURS], OURS)
    fill(shanyang, MARKS[THEIRS], THEIRS)
    return binhai, shanyang


def shut(response) -> bool:
    """Whether this role gets in here at all."""
    if response.status_code in (301, 302):
        return "/accounts/" in response["Location"]
    return response.status_code in (401, 403, 405)


def reached(client) -> list[tuple]:
    """Where the neighbour's ids open something, or are answered otherwise than nobody's ids."""
    found = []
    for route in visits.with_ids():
        for address, taken in visits.addresses(route, OURS, THEIRS):
            if THEIRS not in taken:
                continue
            nobodys = visits.instead(address, THEIRS, NOBODYS)
            for method in ("GET", "POST"):
                got = client.generic(method, address)
                if got.status_code == 200 or MARKS[THEIRS] in visits.text_of(got):
                    found.append((method, address, got.status_code))
                elif not shut(got):
                    other = client.generic(method, nobodys)
                    if got.status_code != other.status_code:
                        found.append((method, address, got.status_code, other.status_code))
    return found


def read(client) -> list[str]:
    """The pages, exports and answers among our own that carry a mark of the neighbour."""
    return [
        address
        for address in visits.paths(OURS)
        if MARKS[THEIRS] in visits.text_of(client.get(address))
    ]


@pytest.mark.parametrize("who", WHO)
def test_the_ids_of_the_neighbour_are_nobodys_ids(side_by_side, visitor, who):
    assert reached(visitor(who, side_by_side[0])) == []


@pytest.mark.parametrize("who", WHO)
def test_no_page_export_or_answer_carries_a_word_of_the_neighbour(side_by_side, visitor, who):
    assert read(visitor(who, side_by_side[0])) == []


def test_a_page_that_forgets_its_congress_is_found(side_by_side, visitor, settings):
    """The control of both: the same visits over pages that do leak."""
    settings.ROOT_URLCONF = "tests.borders.leaking"
    client = visitor("stranger", side_by_side[0])
    assert {found[1] for found in reached(client)} == {
        f"/leaking/{THEIRS}/",
        f"/leaking/{THEIRS}/answer/",
    }
    assert read(client) == ["/leaking/"]


def test_the_marks_would_be_seen(side_by_side, visitor):
    """The control: their own people do read their marks on these very pages."""
    _, theirs = side_by_side
    seen = set()
    for who in (Role.DEPUTY_AFFAIRS, Role.DEPUTY):
        client = visitor(who.value, theirs)
        for route in visits.all_routes():
            for address, _ in visits.addresses(route, THEIRS):
                if MARKS[THEIRS] in visits.text_of(client.get(address)):
                    seen.add(route)
    assert len(seen) >= 15, sorted(seen)
