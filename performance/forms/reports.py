"""A deputy's report of a duty, and an objection."""

from typing import Any

from django import forms
from django.utils import timezone

from congress.uploads import EvidenceField
from deputies.forms.files import DayField

from ..models import DutyItem, Objection, SelfReport


class ReportForm(forms.Form):
    """What was done, when, how much, with evidence."""

    item = forms.ModelChoiceField(
        label="履职事项", queryset=DutyItem.objects.none(), empty_label="请选择",
        error_messages={"required": "请选择履职事项。"},
    )  # fmt: skip
    on = DayField(label="日期")
    title = forms.CharField(
        label="内容",
        max_length=160,
        help_text="什么时间、在哪里、做了什么。",
        error_messages={"required": "请写明内容。"},
    )
    quantity = forms.DecimalField(
        label="数量", min_value=0, max_value=999, max_digits=5, decimal_places=2, initial=1,
        help_text="按事项的计量单位填写，一般填 1。",
    )  # fmt: skip
    evidence = EvidenceField(label="佐证材料", required=False)

    def __init__(self, *args, report: SelfReport | None = None, **kwargs):
        if report is not None:
            names = ("item", "on", "title", "quantity")
            kwargs.setdefault("initial", {n: getattr(report, n) for n in names})
        super().__init__(*args, **kwargs)
        rows = DutyItem.objects.filter(is_active=True, self_reportable=True)
        self.fields["item"].queryset = rows.order_by("position", "pk")

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("日期不能晚于今天。")
        return day

    def clean_quantity(self):
        number = self.cleaned_data["quantity"]
        if not number > 0:
            raise forms.ValidationError("数量应当大于零。")
        return number

    @property
    def values(self) -> dict[str, Any]:
        return {n: self.cleaned_data[n] for n in ("item", "on", "title", "quantity")}


class ObjectionForm(forms.Form):
    """错、重、漏, with words and evidence."""

    kind = forms.ChoiceField(
        label="问题",
        choices=[
            (Objection.Kind.WRONG, "记错了"),
            (Objection.Kind.DUPLICATE, "重复记录"),
            (Objection.Kind.MISSING, "漏记了"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是哪一种问题。"},
    )
    text = forms.CharField(
        label="说明",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="哪里不对，应当是怎样。",
        error_messages={"required": "请说明情况。"},
    )
    evidence = EvidenceField(label="佐证材料", required=False)

    def __init__(self, *args, only_missing: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if only_missing:
            self.fields["kind"].choices = [(Objection.Kind.MISSING, "漏记了")]
            self.initial["kind"] = Objection.Kind.MISSING
