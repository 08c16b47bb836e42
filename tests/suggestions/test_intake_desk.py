"""The committee staff's desk: the list, one suggestion, the steps from hand-in to number."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Role
from congress.tenancy import in_congress
from suggestions.models import Suggestion
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
LIST = "/admin/suggestions/suggestion/"
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def people(binhai):
    with in_congress(binhai):
        stage.ready()
        return stage.people()


@pytest.fixture
def desk(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


@pytest.fixture
def housing(binhai):
    return cast.member(binhai, Role.HANDLING_UNIT)


def words(response) -> str:
    return response.content.decode()


def page_of(row: Suggestion) -> str:
    return f"{LIST}{row.pk}/change/"


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


# -- The list ----------------------------------------------------------------------------------


def test_the_clerk_begins_with_what_waits_for_review(binhai, people, desk):
    with in_congress(binhai):
        new = stage.submitted(people[0], title="关于增设湖滨公交站点的建议")
        old = stage.registered(binhai, people[1], title="关于治理西河水质的建议")
    page = words(desk.get(LIST))
    assert new.title in page and old.title not in page
    page = words(desk.get(LIST, {"show": "to_assign"}))
    assert old.title in page and new.title not in page
    assert "5-001" in page


def test_every_filter_narrows(binhai, people, client_of, housing):
    with in_congress(binhai):
        late = stage.assigned(binhai, people[0], [(housing.unit, "sole")], people[1:3])
        other = stage.registered(binhai, people[3], category="教育", title="关于校车的建议")
        delegation, above = people[3].mandates.first().delegation, late.category.parent_id
    with time_machine.travel(dt.datetime(2026, 5, 9, 2, tzinfo=dt.UTC), tick=False):
        desk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))

        def found(**asked) -> tuple[bool, bool]:
            page = words(desk.get(LIST, {"show": "all", **asked}))
            return f"{late.title}</a>" in page, f"{other.title}</a>" in page

        assert found() == (True, True)
        assert found(q="校车") == (False, True)
        assert found(q=late.number) == (True, False)
        assert found(q=people[1].name) == (True, False)  # a co-signer
        assert found(light="red") == (True, False)
        assert found(light="green") == (False, False)
        assert found(unit=housing.unit_id) == (True, False)
        assert found(category=other.category_id) == (False, True)
        assert found(category=above) == (True, False)
        assert found(joint="on") == (True, False)
        assert found(key="on") == (False, False)
        assert found(state="registered") == (False, True)
        assert found(publicity="open") == (True, True)
        assert found(publicity="public") == (False, False)
        assert found(mark="A") == (False, False)
        assert found(lead=people[3].pk) == (False, True)
        if delegation:
            assert found(delegation=delegation.pk)[1]
        page = words(desk.get(LIST, {"show": "all", "q": "没有这件"}))
        assert "没有符合条件的建议" in page
        page = words(desk.get(LIST, {"show": "handling"}))
        assert "已逾期 3 天" in page


def test_bad_filters_are_as_good_as_none(binhai, people, desk):
    asked = {"show": "nonsense", "sitting": "x", "unit": "9999999", "light": "pink", "lead": "a"}
    assert desk.get(LIST, asked).status_code == 200


def test_the_list_costs_the_same_for_one_and_for_thirty(binhai, people, desk, housing):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert desk.get(LIST, {"show": "all"}).status_code == 200
        return len(caught)

    with in_congress(binhai):
        stage.assigned(binhai, people[0], [(housing.unit, "sole")], people[1:2])
    desk.get(LIST)
    one = cost()
    with in_congress(binhai):
        for n in range(12):
            stage.assigned(binhai, people[n % 4], [(housing.unit, "sole")])
            stage.submitted(people[n % 4])
    assert cost() == one


def test_the_list_is_exported_as_it_is_filtered(binhai, people, desk):
    from congress.xlsx import read

    with in_congress(binhai):
        stage.registered(binhai, people[0], title="关于校车的建议")
        stage.registered(binhai, people[1], title="关于水质的建议")
    answer = desk.get(LIST, {"show": "all", "q": "校车", "export": "1"})
    rows = read(answer.content, "x.xlsx")[0].rows
    assert [r[1] for r in rows] == ["标题", "关于校车的建议"]


def test_a_street_sees_its_own_and_a_neighbour_nothing(
    binhai, shanyang, people, client_of, stranger_at
):
    with in_congress(binhai):
        street = cast.member(binhai, Role.STREET)
        own = stage.submitted(people[0], title="关于东湖菜场的建议")
        other = stage.submitted(people[1], title="关于西园菜场的建议")
        Suggestion.objects.filter(pk=own.pk).update(street=street.unit)
        Suggestion.objects.filter(pk=other.pk).update(street=None)
    page = words(client_of(street).get(LIST, {"show": "all"}))
    assert own.title in page and other.title not in page
    assert client_of(street).get(page_of(other)).status_code == 404
    neighbour = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert own.title not in words(neighbour.get(LIST, {"show": "all"}))
    assert neighbour.get(page_of(own)).status_code == 404
    assert client_of(cast.member(binhai, Role.SYSTEM_ADMIN)).get(LIST).status_code == 403
    assert stranger_at(binhai).get(LIST).status_code == 302
