"""A deputy's word: on a talk, on a unit's work, on a promise."""

from typing import Any

from django import forms

from ..models import Assignment, Rating, ResultClass, RuleSet
from .fields import YesNoField, no_needs_words


class ContactForm(forms.Form):
    """属实 or not, in one tap."""

    confirmed = YesNoField(
        label="沟通情况是否属实",
        yes="属实",
        no="不属实",
        error_messages={"required": "请选择是否属实。"},
    )
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="不属实的，请写明实际情况。"
    )

    def clean(self):
        super().clean()
        no_needs_words(self, "confirmed", "note", "请写明实际情况。")


class JudgeForm(forms.Form):
    """The judgement of one unit: each dimension of the rules, words where unsatisfied."""

    def __init__(self, *args, rules: RuleSet, task: Assignment, with_class: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.dimensions = list(rules.dimensions)
        scale = [(s["value"], s["word"]) for s in rules.scale]
        for n, name in enumerate(self.dimensions):
            self.fields[f"d{n}"] = forms.ChoiceField(
                label=f"对{name}的评价" if name != "总体" else "总体评价",
                choices=scale,
                widget=forms.RadioSelect,
                error_messages={"required": "请选择一项。"},
            )
        if with_class:
            self.fields["was_contacted"] = YesNoField(
                label="答复前，承办单位是否与您联系过",
                required=False,
                yes="联系过",
                no="没有",
            )
            self.fields["met_with"] = forms.CharField(
                label="面商人员及职务",
                max_length=120,
                required=False,
                help_text="当面沟通过的填写，例如：副局长李明。",
            )
            self.fields["agrees_with_class"] = YesNoField(
                label="是否认可答复的结果类别",
                required=False,
                yes="认可",
                no="不认可",
            )
            self.fields["own_class"] = forms.ModelChoiceField(
                label="不认可的，您认为是哪一类",
                queryset=ResultClass.objects.filter(rule_set=rules),
                required=False,
                empty_label="不选",
            )
        self.fields["opinion"] = forms.CharField(
            label="具体意见",
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="评价为不满意的，请写明哪里不满意、希望怎样办。",
        )
        if with_class:
            self.fields["asks_rehandling"] = forms.BooleanField(
                label="要求重新办理", required=False
            )
            self.fields["agrees_to_publish"] = YesNoField(
                label="是否同意公开这份答复",
                required=False,
                yes="同意",
                no="不同意",
            )

    def clean(self):
        values = super().clean()
        if values.get("own_class") and values.get("agrees_with_class") is not False:
            self.add_error("own_class", "认可结果类别的，这一项不用选。")
        given = [values.get(f"d{n}") for n in range(len(self.dimensions))]
        unhappy = Rating.Value.UNSATISFIED in given
        if unhappy and len((values.get("opinion") or "").strip()) < 5:
            self.add_error("opinion", "评价为不满意的，请写明具体意见（至少五个字）。")
        return values

    @property
    def ratings(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"d{n}"] for n, name in enumerate(self.dimensions)}

    @property
    def values(self) -> dict[str, Any]:
        names = (
            "was_contacted", "met_with", "agrees_with_class", "own_class", "opinion",
            "asks_rehandling", "agrees_to_publish",
        )  # fmt: skip
        return {n: self.cleaned_data[n] for n in names if n in self.cleaned_data}


class ReceiptForm(forms.Form):
    """承诺落实回执."""

    value = forms.ChoiceField(
        label="对承诺落实的评价",
        choices=Rating.Value.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    text = forms.CharField(
        label="具体意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self):
        values = super().clean()
        if (
            values.get("value") == Rating.Value.UNSATISFIED
            and not (values.get("text") or "").strip()
        ):
            self.add_error("text", "评价为不满意的，请写明具体意见。")
        return values
