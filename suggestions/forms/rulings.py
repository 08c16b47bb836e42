"""What 代工委 decides on a return or an extension, and how the list of them is narrowed."""

from typing import Any

from django import forms

from congress.forms import FilterForm
from congress.models import Unit

from ..models import Assignment
from ..queries import assignable_units
from .assigning import unit_choices
from .fields import Words, YesNoField

ROLES = {
    True: [(r.value, r.label) for r in Assignment.Role if r != Assignment.Role.OWNER],
    False: [
        (r.value, r.label if r != Assignment.Role.OWNER else "交办机构（由其分办）")
        for r in Assignment.Role
    ],
}


class RulingFilter(FilterForm):
    """Which requests."""

    q = forms.CharField(label="编号、标题或单位", max_length=60, required=False)
    mine = forms.BooleanField(label="只看等我决定的", required=False)


class ReturnRulingForm(forms.Form):
    """退办审批: refused, or accepted with the unit that takes over and its part."""

    accept = YesNoField(
        label="决定",
        yes="同意退办，改由其他单位办理",
        no="不同意，由原单位继续办理",
        error_messages={"required": "请选择决定。"},
    )
    unit = forms.ModelChoiceField(
        label="改由",
        queryset=Unit.objects.none(),
        required=False,
        help_text="同意退办的，必须同时确定。法定期限不变。",
    )
    role = forms.ChoiceField(label="承办方式", required=False)
    content = forms.CharField(label="承办内容", max_length=300, required=False)
    decision = Words(label="决定的理由", max_length=300)

    def __init__(self, *args, task: Assignment, **kwargs):
        super().__init__(*args, **kwargs)
        units = assignable_units().exclude(pk=task.unit_id)
        self.fields["unit"].queryset = units
        self.fields["unit"].choices = unit_choices(units, "请选择")
        self.fields["role"].choices = ROLES[bool(task.parent_id)]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("accept"):
            if not values.get("unit") and "unit" not in self.errors:
                self.add_error("unit", "同意退办的，请选择改由哪个单位办理。")
            if not values.get("role") and "role" not in self.errors:
                self.add_error("role", "请选择承办方式。")
        return values
