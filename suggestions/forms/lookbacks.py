"""回头看: the campaign, the unit's finding, the deputy's word."""

from django import forms

from congress.forms import FilterForm, TabField
from congress.forms.fields import DayField, WordsField
from congress.models import Term, Unit

from ..models import LookBackItem, ResultClass
from ..queries.lookbacks import SHOWS

Canonical = ResultClass.Canonical
LEFT_OPEN = (Canonical.PARTLY, Canonical.PLANNED, Canonical.NOT_NOW)


class LookBackForm(forms.Form):
    title = forms.CharField(label="名称", max_length=80, help_text="如：十九届建议办理回头看。")
    term = forms.ModelChoiceField(Term.objects.none(), label="届", empty_label="请选择")
    meanings = forms.MultipleChoiceField(
        label="办理结果",
        choices=[c for c in Canonical.choices if c[0] != Canonical.SOLVED],
        widget=forms.CheckboxSelectMultiple,
        initial=LEFT_OPEN,
        help_text="按统一口径选，各届的类别写法不同也能找齐。",
    )
    due_on = DayField(label="单位自查截止")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = Term.objects.order_by("-starts_on")


class ItemFilter(FilterForm):
    show = TabField(SHOWS)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="承办单位", required=False, empty_label="全部"
    )
    mark = forms.CharField(label="原结果类别", required=False, max_length=10)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(
            assignments__look_backs__campaign=campaign
        ).distinct()


class CloseForm(forms.Form):
    summary = WordsField(
        label="总结", rows=8, max_length=5000, help_text="写明总体情况、突出问题和下一步安排。"
    )


class FindingForm(forms.Form):
    finding = forms.ChoiceField(
        label="自查结果",
        choices=LookBackItem.Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择自查结果。"},
    )
    text = WordsField(label="自查情况", rows=5, max_length=2000)
    signer = forms.CharField(label="签发人", max_length=40)


class WordForm(forms.Form):
    word = forms.ChoiceField(
        label="自查情况是否属实",
        choices=LookBackItem.Word.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否属实。"},
    )
    text = WordsField(label="说明", rows=3, max_length=500, required=False,
                      help_text="不属实的，请写明实际情况。")  # fmt: skip

    def clean(self):
        values = super().clean()
        if values.get("word") == LookBackItem.Word.DIFFERS and not values.get("text"):
            self.add_error("text", "请写明实际情况。")
        return values
