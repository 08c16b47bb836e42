"""Constituencies, delegations, groups and committees, and who enters and leaves them."""

import datetime as dt

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from congress.forms import DayField, FilterForm
from congress.queries import streets

from .. import queries
from ..models import Constituency, Delegation, Deputy, DeputyGroup, GroupSeat, Mandate
from .fields import street_field
from .people import find_people


class DayFilter(FilterForm):
    """A list as at a day."""

    q = forms.CharField(label="名称", max_length=40, required=False)
    on = DayField(label="截至日期", required=False)

    @property
    def day(self) -> dt.date:
        """The day asked for, today when none."""
        asked = self.asked()
        return asked.get("on") or timezone.localdate()

    @property
    def words(self) -> str:
        """The name asked for."""
        asked = self.asked()
        return (asked.get("q") or "").strip()


class PlaceForm(forms.Form):
    """A place of one kind; its name is its own."""

    model: type = Delegation
    name = forms.CharField(label="名称", max_length=60)
    position = forms.IntegerField(
        label="排序", min_value=0, max_value=9999, help_text="数字小的排在前面。", initial=0
    )

    def __init__(self, *args, place=None, **kwargs):
        self.place = place
        if place is not None:
            kwargs.setdefault("initial", {n: getattr(place, n) for n in self.base_fields})
        super().__init__(*args, **kwargs)
        if "street" in self.fields:
            now = getattr(place, "street_id", None)
            self.fields["street"].queryset = streets([now] if now else ())

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        taken = self.model.objects.filter(name=name)
        if self.place is not None:
            taken = taken.exclude(pk=self.place.pk)
        if taken.exists():
            raise forms.ValidationError(f"已有名为“{name}”的{self.model._meta.verbose_name}。")
        return name


class DelegationForm(PlaceForm):
    """A delegation."""


class ConstituencyForm(PlaceForm):
    """A constituency or electing unit."""

    model = Constituency
    name = forms.CharField(label="名称", max_length=80)
    kind = forms.ChoiceField(label="类别", choices=Constituency.Kind.choices)
    street = street_field()
    seats = forms.IntegerField(label="应选名额", min_value=1, max_value=999, required=False)
    field_order = ["name", "kind", "street", "seats", "position"]


class GroupForm(PlaceForm):
    """A deputy group."""

    model = DeputyGroup
    kind = forms.ChoiceField(
        label="类别",
        choices=DeputyGroup.Kind.choices,
        help_text="一位代表只在一个代表小组，可以另外参加专业代表小组。",
    )
    street = street_field()
    field_order = ["name", "kind", "street", "position"]


class JoinForm(forms.Form):
    """Who enters, several at a time, named as in the roster."""

    who = forms.CharField(
        label="代表姓名",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="可以写几位，用顿号或换行分开。同名的，在姓名后写代表证号，如：王芳 012。",
    )
    on = DayField(label="从哪一天起")

    def clean(self):
        asked = super().clean()
        if "who" in asked and "on" in asked:
            asked["deputies"] = self._found(asked["who"], asked["on"])
        return asked

    def _found(self, text: str, on: dt.date) -> list[Deputy]:
        held = queries.in_office(on).order_by().values("deputy")
        found, faults = find_people(
            text,
            Deputy.objects.filter(pk__in=held),
            "名册里没有在任的“{}”，请核对姓名和日期".format,
        )
        if faults:
            self.add_error("who", faults)
        return found


class JoinGroupForm(JoinForm):
    """Who enters a group, as what."""

    role = forms.ChoiceField(
        label="小组职务", choices=GroupSeat.Role.choices, initial=GroupSeat.Role.MEMBER
    )
    field_order = ["who", "role", "on"]


class JoinCommitteeForm(JoinForm):
    """Who takes a seat in a committee, as what."""

    title = forms.CharField(
        label="职务", max_length=30, required=False, help_text="如：主任委员、委员。"
    )
    field_order = ["who", "title", "on"]


class RoleForm(forms.Form):
    """Another office in a group, from a day."""

    role = forms.ChoiceField(label="小组职务", choices=GroupSeat.Role.choices)
    on = DayField(label="从哪一天起")


class TitleForm(forms.Form):
    """Another office in a committee, from a day."""

    title = forms.CharField(label="职务", max_length=30, required=False)
    on = DayField(label="从哪一天起")


class LeaveForm(forms.Form):
    """The last day."""

    on = DayField(label="最后一天")


class TermOverForm(forms.Form):
    """A term is over for a level."""

    level = forms.ChoiceField(label="层级", choices=Mandate.Level.choices)
    on = DayField(label="届满日期", help_text="上一届任期的最后一天。")
    document = forms.CharField(
        label="依据文件", max_length=160, help_text="如：换届选举结果公告〔2027〕1号。"
    )

    def seats(self) -> QuerySet[Mandate]:
        """The seats that would end."""
        asked = self.cleaned_data
        return Mandate.objects.filter(
            level=asked["level"], ends_on=None, starts_on__lte=asked["on"]
        )
