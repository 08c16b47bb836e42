"""协调会: who is called when for what, and what was agreed."""

from typing import Any

from django import forms

from congress.forms import DayField

from ..models import Assignment
from .fields import Words


class CoordinationForm(forms.Form):
    """召开协调会."""

    on = DayField(label="日期", help_text="已经开过的，填写开会的日期。")
    place = forms.CharField(label="地点", max_length=80, required=False)
    units = forms.TypedMultipleChoiceField(
        label="参加单位", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择参加的单位。"},
    )  # fmt: skip
    issue = Words(label="需要协调的问题", max_length=300)

    def __init__(self, *args: Any, tasks: list[Assignment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.tasks = {t.pk: t for t in tasks}
        self.fields["units"].choices = [(pk, str(t)) for pk, t in self.tasks.items()]
        owner = Assignment.Role.OWNER  # hands on what it got, and comes where it is asked to
        self.fields["units"].initial = [pk for pk, t in self.tasks.items() if t.role != owner]

    def clean_units(self) -> list[int]:
        chosen = self.cleaned_data["units"]
        if len({self.tasks[pk].unit_id for pk in chosen}) < 2:
            raise forms.ValidationError("请选择至少两个单位。")
        return chosen

    def values(self) -> dict[str, Any]:
        """For the action."""
        data = self.cleaned_data
        named = {k: data[k] for k in ("on", "place", "issue")}
        return named | {"tasks": [self.tasks[pk] for pk in data["units"]]}


class CoordinatedForm(forms.Form):
    """协调结果."""

    result = Words(label="协调结果", max_length=2000, rows=5)
