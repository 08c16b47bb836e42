"""A suggestion is found by its number as people write it: full-width, with 第 and 号, in parts."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Suggestion
from suggestions.queries import by_words
from suggestions.queries.lists import holding
from suggestions.queries.search import words_of
from tests import cast

from . import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(in_binhai):
    stage.ready()
    people = stage.people(3)
    return [
        stage.registered(in_binhai, p, title=f"关于湖滨社区第{n}件事的建议")
        for n, p in enumerate(people, 1)
    ]


@pytest.mark.parametrize(
    "typed", ["5-001", "５－００１", "第5-001号", "5—1", "5-1", "００１", "5 001", "湖滨 5－1"]
)
def test_a_number_is_found_as_it_is_typed(rows, typed):
    found = by_words(Suggestion.objects.all(), typed, "title", number="number")
    assert list(found) == [rows[0]]
    assert list(holding(Suggestion.objects.all(), typed)) == [rows[0]]


@pytest.mark.parametrize("typed", ["5-01", "5-1"])
def test_zeros_that_fill_a_number_up_are_neither_here_nor_there(rows, typed):
    Suggestion.objects.filter(pk=rows[1].pk).update(number="5-011")
    Suggestion.objects.filter(pk=rows[2].pk).update(number="15-001")
    found = by_words(Suggestion.objects.all(), typed, "title", number="number")
    assert rows[0] in found and rows[2] not in found


def test_a_series_is_part_of_a_number(rows):
    Suggestion.objects.filter(pk=rows[1].pk).update(number="5-闭007")
    for typed in ("5-闭7", "闭007", "第5-闭007号"):
        found = by_words(Suggestion.objects.all(), typed, "title", number="number")
        assert list(found) == [rows[1]], typed


def test_words_that_are_no_numbers_stay_as_they_are():
    assert words_of("第十九届 2026年 3路公交 A—B") == ["第十九届", "2026年", "3路公交", "A—B"]


def test_the_lists_of_a_batch_and_of_a_unit_find_it(binhai, rows, client_of):
    clerk, unit = stage.clerk(binhai), cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(binhai), stage.on(stage.ASSIGNED):
        batch = actions.open_batch(by=clerk, title="交办会", assigned_on=stage.ASSIGNED)
        actions.propose_units(
            rows[1], by=clerk, batch=batch,
            proposals=[actions.Proposal(actions.Plan(unit.unit, "sole"))],
        )  # fmt: skip
        actions.assign(rows[2], by=clerk, plans=[actions.Plan(unit.unit, "sole")])
    desk = client_of(clerk)
    pick = reverse("admin:suggestions_batch_pick", args=[batch.pk])
    page = reverse("admin:suggestions_batch", args=[batch.pk])
    for client, address, typed, row in (
        (desk, pick, "５－００１", rows[0]),
        (desk, page, "第5-2号", rows[1]),
        (client_of(unit), reverse("desk_items"), "５－３", rows[2]),
        (desk, "/admin/suggestions/suggestion/?show=all&q=５－３", "", rows[2]),
    ):
        asked = {"q": typed} if typed else {}
        assert row.title in client.get(address, asked).content.decode(), address
        nobody = client.get(address.split("?")[0], {"q": "９－９９９"}).content.decode()
        assert row.title not in nobody, address


def test_the_log_of_a_succession_names_who_led_before(in_binhai, rows):
    people = [r.lead for r in rows]
    with stage.on(stage.SITTING, 15):
        row = stage.registered(in_binhai, people[0], people[1:2])
    actions.succeed_lead(row, by=None, on=dt.date(2026, 3, 1))
    entry = LogEntry.objects.get(step="suggestions.succeed")
    assert entry.before == {"领衔": people[0].name} and entry.after == {"领衔": people[1].name}
