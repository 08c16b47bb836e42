"""What a unit writes beside the reply: talks with deputies, how a promise was kept."""

from django import forms
from django.utils import timezone

from congress.forms import DayField
from congress.uploads import EvidenceField

from ..models import Contact, Suggestion
from .fields import Words


class ContactForm(forms.Form):
    """沟通记录 (F6)."""

    phase = forms.ChoiceField(label="阶段", choices=Contact.Phase.choices)
    mode = forms.ChoiceField(label="方式", choices=Contact.Mode.choices)
    on = DayField(label="日期")
    place = forms.CharField(label="地点", max_length=80, required=False)
    who = forms.CharField(
        label="参加人员及职务", max_length=200, help_text="例如：副局长李明、规划科科长王芳。"
    )
    opinions = Words(label="代表意见和沟通情况", max_length=2000, rows=5)
    photo = EvidenceField(
        label="现场照片", kinds=("jpeg", "png", "webp"), required=False,
        help_text="当面或者现场沟通的照片，代表和代工委看得到。",
    )  # fmt: skip

    def __init__(self, *args, suggestion: Suggestion, names: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        if len(names) > 1:
            self.fields["deputies"] = forms.TypedMultipleChoiceField(
                label="沟通的代表",
                choices=list(names.items()),
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": "请选择沟通的代表。"},
            )
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError("沟通日期不能晚于今天。")
        return day


class PromiseReportForm(forms.Form):
    """落实情况."""

    text = Words(label="落实情况", max_length=1000, rows=4)
    signer = forms.CharField(label="签发人", max_length=40)


class PromiseKeptForm(PromiseReportForm):
    """落实情况 with what shows it."""

    evidence = EvidenceField(
        label="佐证材料", required=False, help_text="验收单、现场照片等，代表和代工委看得到。"
    )


class PromiseProgressForm(PromiseReportForm):
    """四季度进展."""

    text = Words(label="进展情况", max_length=1000, rows=4)


class PromiseChangeForm(PromiseReportForm):
    """调整承诺."""

    text = Words(label="调整的原因", max_length=1000, rows=4)
    new_due_on = DayField(label="新的完成日期")
