"""Terms, sittings and meetings."""

from typing import Any

from django import forms

from ..models import Meeting, Term
from ..words import cn_number
from .fields import DayField, WordsField

NAMED_BY_ITSELF = "不填则按届次自动生成。"


class FrameForm(forms.Form):
    """A row's values; those of a row that is there when it is corrected."""

    number = forms.IntegerField(label="次", min_value=1, max_value=99)

    def __init__(self, *args, row=None, **kwargs):
        if row is not None:
            kwargs.setdefault("initial", {n: getattr(row, n) for n in self.base_fields})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        field = "title" if "title" in self.fields else "name"
        if not self.errors and not values.get(field):
            values[field] = self.named(values)
        return values

    def named(self, values: dict[str, Any]) -> str:
        """The usual name of what was filled in."""
        raise NotImplementedError


class TermForm(FrameForm):
    """届."""

    number = forms.IntegerField(label="第几届", min_value=1, max_value=99)
    name = WordsField(label="名称", max_length=30, required=False, help_text=NAMED_BY_ITSELF)
    starts_on = DayField(label="起", help_text="本届第一次会议召开的日期。")
    ends_on = DayField(label="止", required=False, help_text="现任的一届不填。")

    def named(self, values):
        return f"第{cn_number(values['number'])}届"


class SittingForm(FrameForm):
    """会次."""

    term = forms.ModelChoiceField(label="届", queryset=Term.objects.none(), empty_label=None)
    number = forms.IntegerField(label="第几次会议", min_value=1, max_value=30)
    name = WordsField(label="名称", max_length=60, required=False, help_text=NAMED_BY_ITSELF)
    opens_on = DayField(label="开幕")
    closes_on = DayField(label="闭幕")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = Term.objects.all()

    def named(self, values):
        return f"{values['term'].name}人民代表大会第{cn_number(values['number'])}次会议"


class MeetingForm(FrameForm):
    """会议."""

    kind = forms.ChoiceField(label="会议", choices=Meeting.Kind.choices)
    number = forms.IntegerField(label="第几次", min_value=1, max_value=99)
    title = WordsField(label="名称", max_length=80, required=False, help_text=NAMED_BY_ITSELF)
    held_on = DayField(label="日期")

    def named(self, values):
        return f"第{cn_number(values['number'])}次{Meeting.Kind(values['kind']).label}"
