"""A filter that cannot be understood is said in words; the others hold."""

import pytest
from django import forms
from django.urls import reverse

from congress.forms import FilterForm
from congress.models import Role
from congress.tenancy import in_congress
from tests import cast
from tests.suggestions import stage

WORDS = "下面的条件没有使用"


class Filter(FilterForm):
    q = forms.CharField(label="名称", required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("a", "甲")])


def test_what_is_understood_holds_beside_what_is_not():
    form = Filter({"q": "电梯", "kind": "z"})
    assert form.asked() == {"q": "电梯"}
    assert [name for name, _ in form.left_out] == ["类别"]


def test_nothing_is_left_out_of_a_list_nobody_narrowed():
    assert Filter().asked() == {} and Filter().left_out == []


def test_every_filter_of_the_house_is_one():
    def below(kind):
        return [kind, *(k for sub in kind.__subclasses__() for k in below(sub))]

    own = [k for k in below(forms.Form) if not k.__module__.startswith(("django", "tests", "rest"))]
    named = [k for k in own if k.__name__.endswith("Filter")]
    assert len(named) > 15
    assert [k.__name__ for k in named if not issubclass(k, FilterForm)] == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("suggestions_suggestion_changelist", "light=purple"),
        ("suggestions_suggestion_changelist", "sitting=abc"),
        ("suggestions_suggestion_changelist", "show=nowhere"),
        ("suggestions_suggestion_changelist", "lead=x"),
        ("suggestions_wall", "light=purple"),
        ("suggestions_judging", "due=never"),
        ("suggestions_promises", "year=1"),
        ("suggestions_keys", "place=nowhere"),
        ("suggestions_publishing", "due=never"),
        ("activities_activity_changelist", "when=never"),
        ("performance_dutyrecord_changelist", "aspect=x"),
        ("performance_selfreport_changelist", "item=x"),
        ("deputies_deputy_changelist", "on=soon"),
    ],
)
def test_a_wrong_value_is_said_and_the_other_filters_hold(binhai, client_of, name, wrong):
    with in_congress(binhai):
        stage.ready()
        stage.registered(binhai, stage.people()[0])
    clerk = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))
    address = reverse(f"admin:{name}")
    page = clerk.get(f"{address}?q=查无此件&{wrong}").content.decode()
    assert WORDS in page
    assert "共 0 " in page  # the words still narrow the list
    assert WORDS not in clerk.get(f"{address}?q=查无此件").content.decode()
