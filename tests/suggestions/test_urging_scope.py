"""Committees and streets urge the units of what they follow, and no others."""

import datetime as dt

import pytest

from congress.flow import NotAllowed
from congress.models import Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Category, Suggestion, Urge
from tests import cast

from . import stage

MARCH = dt.date(2026, 3, 10)
pytestmark = pytest.mark.django_db(databases=["default", "platform"])


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.STREET])
def test_one_urges_what_one_follows_and_nothing_else(binhai, people, unit, role):
    who = cast.member(binhai, role)
    with in_congress(binhai), stage.on(MARCH):
        row = stage.assigned(binhai, people[0], [(unit.unit, "sole")])
        Suggestion.objects.filter(pk=row.pk).update(street=None)
        task = stage.task_of(row, unit.unit)
        with pytest.raises(NotAllowed, match="只能催办本机构跟踪的建议"):
            actions.urge(task, by=who, text="请按期答复")
        if role == Role.COMMITTEE:
            Category.objects.filter(pk=row.category_id).update(committee=who.unit)
        else:
            Suggestion.objects.filter(pk=row.pk).update(street=who.unit)
        actions.urge(task, by=who, text="请按期答复")
        assert Urge.objects.get().by == who


def test_a_street_does_not_urge_itself(binhai, people):
    street = cast.member(binhai, Role.STREET)
    with in_congress(binhai), stage.on(MARCH):
        row = stage.assigned(binhai, people[0], [(street.unit, "sole")])
        Suggestion.objects.filter(pk=row.pk).update(street=street.unit)
        task = stage.task_of(row, street.unit)
        with pytest.raises(NotAllowed, match="只能催办"):
            actions.urge(task, by=street, text="请按期答复")
