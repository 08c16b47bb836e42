"""Units and whom to call there."""

import datetime as dt

from django import forms
from django.utils import timezone

from ..models import Unit, UnitContact
from .fields import DayField, WordsField
from .filters import FilterForm
from .members import open_units

POSITION = "数字小的排在前面。"


class UnitFilter(FilterForm):
    """Units by name, also an old one, kind and whether in use."""

    q = WordsField(label="名称或曾用名", max_length=40, required=False)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *Unit.Kind.choices]
    )
    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[("", "在用"), ("closed", "已停用"), ("all", "全部")],
    )


class PlaceForm(forms.Form):
    """Where a unit stands."""

    kind = forms.ChoiceField(label="类别", choices=Unit.Kind.choices)
    parent = forms.ModelChoiceField(
        label="上级", queryset=Unit.objects.none(), required=False, empty_label="没有上级"
    )
    position = forms.IntegerField(
        label="排序", min_value=0, max_value=99999, initial=0, help_text=POSITION
    )

    def __init__(self, *args, unit: Unit | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = open_units().exclude(pk=unit.pk if unit else None)


class NewUnitForm(PlaceForm):
    """A new unit."""

    name = WordsField(label="全称", max_length=80, help_text="按“三定”方案的名称填写。")
    short_name = WordsField(label="简称", max_length=30, help_text="显示在列表里。")
    valid_from = DayField(label="启用日期", required=False)
    field_order = ("name", "short_name", "kind", "parent", "position", "valid_from")


class RenameForm(forms.Form):
    """The new name and from when."""

    name = WordsField(label="新全称", max_length=80)
    short_name = WordsField(label="新简称", max_length=30)
    on = DayField(label="从哪一天起", help_text="原名称保留为曾用名，按原名称也找得到。")


class MergeForm(forms.Form):
    """Which unit it goes into and when."""

    into = forms.ModelChoiceField(
        label="并入哪个单位", queryset=Unit.objects.none(), empty_label="请选择"
    )
    on = DayField(label="原单位用到哪一天")

    def __init__(self, *args, unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = open_units().exclude(pk=unit.pk)


class CloseForm(forms.Form):
    """The last day."""

    on = DayField(label="最后一天")

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {"on": today()})
        super().__init__(*args, **kwargs)


class ContactForm(forms.Form):
    """Whom to call at a unit."""

    duty = forms.ChoiceField(label="分工", choices=UnitContact.Duty.choices)
    name = WordsField(label="姓名", max_length=40)
    post = WordsField(label="职务", max_length=60, required=False)
    telephone = WordsField(
        label="办公电话", max_length=30, required=False, help_text="带区号；不填个人手机号。"
    )


def today() -> dt.date:
    return timezone.localdate()
