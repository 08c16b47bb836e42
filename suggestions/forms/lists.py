"""What the staff's list of suggestions is asked for."""

from typing import Any

from django import forms

from congress.forms import FilterForm, TabField
from congress.models import Membership, Sitting, Unit
from congress.models.units import STREET_KINDS
from congress.queries import streets
from deadlines.rules import Light
from deputies.models import Delegation

from .. import access
from ..models import ResultClass, Suggestion
from ..queries.lists import GROUPS, STANDS
from .writing import CategoryField, handling_units


class SuggestionFilter(FilterForm):
    """Filters of the list; the group of states (`show`) is the tab and stays hidden."""

    FIRST = ("q", "sitting", "category", "unit", "light")

    show = TabField(["all", *GROUPS])
    lead = forms.IntegerField(label="领衔代表", required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="编号、代表或内容", max_length=60, required=False)
    sitting = forms.ModelChoiceField(
        label="会次", queryset=Sitting.objects.none(), required=False, empty_label="全部"
    )
    category = CategoryField(empty="全部", required=False, upper=True)
    unit = forms.ModelChoiceField(
        label="承办单位", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )
    light = forms.ChoiceField(label="时限", required=False, choices=[("", "全部"), *Light.choices])
    state = forms.ChoiceField(
        label="具体状态",
        required=False,
        choices=[("", "全部"), *Suggestion.State.choices[2:]],
    )
    stands = forms.ChoiceField(
        label="进展", required=False, choices=[("", "全部"), *STANDS.items()]
    )
    raised_in = forms.ChoiceField(
        label="提出时间", required=False, choices=[("", "全部"), *Suggestion.RaisedIn.choices]
    )
    channel = forms.ChoiceField(
        label="提出渠道", required=False, choices=[("", "全部"), *Suggestion.Channel.choices]
    )
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False, empty_label="全部"
    )
    street = forms.ModelChoiceField(
        label="街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )
    mark = forms.ChoiceField(label="办理结果", required=False)
    publicity = forms.ChoiceField(
        label="公开",
        required=False,
        choices=[("", "全部"), ("public", "已公开"), ("not", "决定不公开"), ("open", "尚未审查")],
    )
    key = forms.BooleanField(label="只看重点督办", required=False)
    joint = forms.BooleanField(label="只看联名", required=False)
    own = forms.BooleanField(label="不含上级转来", required=False)

    def __init__(self, *args: Any, member: Membership, more: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.more = more
        self.fields["sitting"].queryset = Sitting.objects.select_related("term").order_by(
            "-opens_on"
        )
        self.fields["category"].fill()
        self.fields["unit"].queryset = handling_units()
        self.fields["delegation"].queryset = Delegation.objects.order_by("position", "pk")
        self.fields["mark"].choices = _marks
        if member.unit_id and member.unit.kind in STREET_KINDS:
            del self.fields["street"]
        else:
            shown = access.visible_to(member).order_by().values("street")
            self.fields["street"].queryset = streets(shown)

    @property
    def first_fields(self) -> list:
        """Those always in sight."""
        return [self[name] for name in self.FIRST]

    @property
    def more_fields(self) -> list:
        """Those behind 更多条件."""
        return [f for f in self.visible_fields() if f.name not in self.FIRST]

    @property
    def more_shown(self) -> bool:
        """Whether those behind 更多条件 are asked for, or one of them is in use."""
        asked = self.asked()
        return self.more or any(asked.get(f.name) for f in self.more_fields)


def _marks() -> list[tuple[str, str]]:
    """The marks of results, each with its first label; read when they are shown."""
    marks = ResultClass.objects.order_by("position", "pk").values_list("mark", "label")
    known = dict(reversed(list(marks)))
    return [("", "全部"), *sorted((m, f"{m}类（{label}）") for m, label in known.items())]
