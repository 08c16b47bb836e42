"""Everybody looks up who represents them, on the phone and at a desk."""

import pytest

from congress.tenancy import in_congress
from deputies.models import Constituency, Deputy, Mandate
from tests.performance import year

from .conftest import DESK, PHONE


@pytest.fixture
def roll(binhai):
    with in_congress(binhai):
        place = Constituency.objects.create(name="湖滨选区")
        seats = year.seats(9)
        Mandate.objects.filter(pk__in=[s.pk for s in seats]).update(constituency=place)
        Deputy.objects.filter(pk=seats[0].deputy_id).update(
            gender="女", born="1975-03-06", occupation="滨海区第一小学校长"
        )
        return seats


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_voter_finds_a_deputy_and_nothing_private(at, shot, accessible, binhai, roll, size):
    page = at(None, size, binhai)
    page.goto("/deputies/")
    shot(page, f"roll-{size['width']}")
    accessible(page)
    page.get_by_label("姓名").fill(roll[0].deputy.name)
    page.get_by_label("姓名").press("Enter")
    page.get_by_role("link", name=roll[0].deputy.name).click()
    page.get_by_role("heading", name=f"{roll[0].deputy.name}（女）").wait_for()
    assert "湖滨选区" in page.content() and "1975" not in page.inner_text("main")
    shot(page, f"roll-deputy-{size['width']}")
    accessible(page)
