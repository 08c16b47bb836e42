"""评价与重办 at the staff's desk: paper forms, corrections, 研判."""

from typing import Any

from django import forms
from django.utils import timezone

from congress.forms import FilterForm, TabField
from congress.forms.fields import DayField
from congress.models import Meeting
from congress.uploads import EvidenceField

from ..models import Category, ContactConfirmation
from ..queries.judging import PLACES
from ..queries.supervising import deciding_meetings
from .judging import ContactForm, JudgeForm


class JudgingFilter(FilterForm):
    place = TabField(PLACES)
    q = forms.CharField(label="编号、标题、内容", required=False, max_length=80)
    category = forms.ModelChoiceField(
        Category.objects.none(), label="分类", required=False, empty_label="全部"
    )
    due = forms.ChoiceField(
        label="反馈期限", required=False, choices=[("", "全部"), ("late", "已过期限")]
    )
    mine = forms.BooleanField(label="只看等我核对的纸质表", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(parent=None)


class PaperForm(JudgeForm):
    """A paper form as it was filled in, with its scan."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scan"] = EvidenceField(
            label="纸质评价表扫描件或照片", kinds=("jpeg", "png", "webp", "pdf")
        )


class CorrectionForm(PaperForm):
    """A deputy's correction in writing: the judgement as it should stand, and why."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label="更正理由", max_length=200, help_text="代表为什么更正，何时、以何种方式提出。"
        )
        self.fields["scan"].label = "代表签名的书面更正（扫描件或照片）"


class TalkWordForm(ContactForm):
    """A deputy's word on a talk from paper: how it was given, with its scan."""

    means = forms.ChoiceField(
        label="代表是怎样确认的",
        choices=ContactConfirmation.Means.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    scan = EvidenceField(label="纸质件的扫描件或照片", kinds=("jpeg", "png", "webp", "pdf"))
    field_order = ("confirmed", "means", "note", "scan")

    def clean(self):
        super().clean()
        asked = self.cleaned_data.get("means") == ContactConfirmation.Means.ASKED
        if asked and not (self.cleaned_data.get("note") or "").strip():
            self.add_error("note", "请写明向谁核实、结果怎样。")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=200)


class RehandleForm(forms.Form):
    """重办通知 (F11): which points, what is asked, and the meeting where one must decide."""

    dimensions = forms.MultipleChoiceField(
        label="针对的方面", widget=forms.CheckboxSelectMultiple, required=False
    )
    opinion = forms.CharField(
        label="重办要求",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明代表哪里不满意、要求承办单位重新做什么。只对态度不满意的，要求补做沟通。",
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="研究的主任会议", required=False, empty_label="不需要"
    )

    def __init__(self, *args, dimensions, needs_meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dimensions"].choices = [(d, d) for d in dimensions]
        field = self.fields["meeting"]
        field.queryset = deciding_meetings()
        if needs_meeting:
            field.required, field.empty_label = True, "请选择"
            field.help_text = "重办次数已满，须经主任会议研究。"


class ExplainForm(forms.Form):
    opinion = forms.CharField(
        label="研判意见",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明答复为什么适当、怎样向代表说明。代表的评价不改，仍计入第一轮。",
    )
    deputy_told_on = DayField(label="向代表说明的日期")

    def clean_deputy_told_on(self) -> Any:
        on = self.cleaned_data["deputy_told_on"]
        if on > timezone.localdate():
            raise forms.ValidationError("须先向代表说明，日期不能晚于今天。")
        return on


class EscalateForm(forms.Form):
    opinion = forms.CharField(
        label="需要主任会议协调的问题", widget=forms.Textarea(attrs={"rows": 5})
    )
