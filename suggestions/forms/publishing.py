"""公开审查单 (F16) and what goes with it."""

from django import forms

from congress.forms import FilterForm, TabField

from ..models import Category, PublicationDecision
from ..queries.publishing import DESKS
from .fields import YesNoField

Mode = PublicationDecision.Mode


class PublishingFilter(FilterForm):
    """Words, category and whether the days are over; the place comes from the tabs."""

    place = TabField(DESKS)
    q = forms.CharField(label="编号、标题、内容", required=False, max_length=80)
    category = forms.ModelChoiceField(
        Category.objects.none(), label="分类", required=False, empty_label="全部"
    )
    due = forms.ChoiceField(
        label="公开期限",
        required=False,
        choices=[("", "全部"), ("late", "已逾期"), ("soon", "已逾期和 7 天内到期")],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(parent=None)


class PublishForm(forms.Form):
    """What is published and how; the three checks of the sheet before anything is public."""

    mode = forms.ChoiceField(
        label="公开方式",
        choices=Mode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择公开方式。"},
    )
    title = forms.CharField(label="公开的标题", max_length=120, required=False)
    text = forms.CharField(
        label="公开的内容",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="摘要公开的，把内容改成摘要。手机号、身份证号等会自动隐去，下一步可以核对。",
    )
    secrecy_checked = forms.BooleanField(label="保密审查：不涉及国家秘密和工作秘密", required=False)
    privacy_checked = forms.BooleanField(
        label="个人信息审查：不涉及个人隐私和商业秘密，标题不能让人认出当事人", required=False
    )
    stability_checked = forms.BooleanField(
        label="公开后不影响国家安全、公共安全和社会稳定", required=False
    )
    reason = forms.CharField(
        label="理由",
        max_length=200,
        required=False,
        help_text="摘要公开或者不公开的，须写明理由。",
    )

    def clean(self):
        values = super().clean()
        mode = values.get("mode")
        if mode and mode != Mode.NOT:
            for name in ("secrecy_checked", "privacy_checked", "stability_checked"):
                if not values.get(name):
                    self.add_error(name, "公开之前须通过这项审查。")
            for name, words in (("title", "请填写公开的标题。"), ("text", "请填写公开的内容。")):
                if not (values.get(name) or "").strip():
                    self.add_error(name, words)
        if mode and mode != Mode.FULL and not (values.get("reason") or "").strip():
            self.add_error("reason", "摘要公开或者不公开的，请写明理由。")
        return values

    def decided(self) -> dict:
        """The values the action takes."""
        values = dict(self.cleaned_data)
        values.pop("stability_checked")
        return values


class TakeDownForm(forms.Form):
    reason = forms.CharField(label="撤下的理由", max_length=200)


class ConsentForm(forms.Form):
    """The deputy's word on publishing, in two taps."""

    text = YesNoField(
        label="是否同意公开您的建议",
        yes="同意",
        no="不同意",
        error_messages={"required": "请选择是否同意公开建议。"},
    )
    reply = YesNoField(
        label="是否同意公开答复",
        yes="同意",
        no="不同意",
        error_messages={"required": "请选择是否同意公开答复。"},
    )


class ConsentOnBehalfForm(ConsentForm):
    note = forms.CharField(
        label="代表怎样表示的", max_length=200, help_text="如：3月5日电话，本人同意。"
    )
