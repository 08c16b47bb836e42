"""Forms of messages."""

import re
import unicodedata
from typing import Any

from django import forms

from congress.forms import FilterForm, TabField

from .models import Call, Channel, Delivery, Way
from .rules import SUBJECTS

PHONE = re.compile(r"1\d{10}")


class PhoneField(forms.CharField):
    """A mobile number as people type it: full-width digits, blanks, dashes, +86."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 20)
        attrs = {"inputmode": "tel", "autocomplete": "tel"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().clean(value) or "")
        text = re.sub(r"^\+?86(?=1\d{10}$)", "", re.sub(r"[\s-]", "", text))
        if text and not PHONE.fullmatch(text):
            raise forms.ValidationError("请填写 11 位手机号")
        return text


class _TimeInput(forms.TimeInput):
    def __init__(self):
        super().__init__(format="%H:%M", attrs={"type": "time"})


class _ChannelForm(forms.ModelForm):
    """What both ways have: when they may disturb people."""

    secret = forms.CharField(
        required=False, max_length=300, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    COMMON = ["mode", "opens", "closes", "on_rest_days", "rhythm", "daily_at", "per_day", "timeout"]
    HINTS = {
        "opens": "不加急的消息只在最早时间和最晚时间之间发出。",
        "on_rest_days": "不勾选时，休息日的消息等到下一个工作日再发；加急的不受限制。",
        "rhythm": "汇总：一个人一天的消息合成一条发出。",
        "per_day": "到上限后顺延到次日，测试消息不计。",
        "timeout": "1 至 30 秒。",
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, hint in self.HINTS.items():
            self.fields[name].help_text = hint
        for name in ("opens", "closes", "daily_at"):
            self.fields[name].widget = _TimeInput()
        for name in ("mode", "rhythm"):
            field = self.fields[name]
            field.widget = forms.RadioSelect(choices=[c for c in field.choices if c[0]])
        self.fields["per_day"].min_value = 1
        self.fields["timeout"].max_value = 30
        kept = bool(self.instance.secret)
        self.fields["secret"].help_text = (
            "已保存，不再显示。留空表示不更换。" if kept else "加密保存，保存后不再显示。"
        )
        self.order_fields(self.ORDER)

    def clean_timeout(self) -> int:
        value = self.cleaned_data["timeout"]
        if not 1 <= value <= 30:
            raise forms.ValidationError("请填写 1 至 30")
        return value

    def clean(self) -> dict:
        data = super().clean()
        if data.get("opens") and data.get("closes") and data["opens"] >= data["closes"]:
            self.add_error("closes", "最晚时间应当晚于最早时间")
        return data

    def _post_clean(self) -> None:
        """The action writes the row; the form only reads what was typed."""

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of this way: where to and how."""
        return [self[name] for name in self.ORDER]

    @property
    def common(self) -> list[forms.BoundField]:
        """The fields both ways have: when."""
        return [self[name] for name in self.fields if name not in self.ORDER]


class MailForm(_ChannelForm):
    ORDER = ["mode", "host", "port", "security", "username", "secret", "sender"]

    class Meta:
        model = Channel
        fields = ["host", "port", "security", "username", "sender", *_ChannelForm.COMMON]
        widgets = {"host": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["secret"].label = "密码"
        self.fields["host"].help_text = "例如：smtp.example.gov.cn"
        self.fields["username"].help_text = "登录邮件服务器用的账号，一般就是发件地址。"
        self.fields["sender"].help_text = "收件人看到的发件人。"
        self.fields["port"].min_value = 1


class SmsForm(_ChannelForm):
    ORDER = ["mode", "url", "method", "body_kind", "headers", "body", "secret", "accepted"]

    class Meta:
        model = Channel
        fields = ["url", "method", "body_kind", "headers", "body", "accepted", *_ChannelForm.COMMON]
        widgets = {
            "headers": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
            "body": forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
            "url": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["secret"].label = "密钥"
        self.fields["url"].help_text = "短信平台的接口，以 https:// 开头。"
        self.fields["headers"].help_text = "一行一个，写成“名称: 值”。密钥处写 {{secret}}。"
        self.fields[
            "body"
        ].help_text = (
            "号码处写 {{phone}}，短信文字 {{text}}，编号 {{key}}（平台用它去重），密钥 {{secret}}。"
        )
        self.fields["accepted"].help_text = "平台答复里表示成功的一段文字，不填则只看网络状态。"


class TestForm(forms.Form):
    """To where a test message goes."""

    def __init__(self, *args: Any, way: str, **kwargs: Any):
        super().__init__(*args, prefix="test", **kwargs)
        if way == Way.SMS:
            self.fields["address"] = PhoneField(label="发到手机号")
        else:
            self.fields["address"] = forms.EmailField(label="发到邮箱", max_length=120)


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DeliveryFilter(FilterForm):
    state__exact = TabField(Delivery.State.values)
    q = forms.CharField(label="收件人", max_length=40, required=False)
    way = forms.ChoiceField(label="通道", required=False, choices=[("", "全部"), *Way.choices])
    about = forms.ChoiceField(
        label="内容", required=False, choices=[("", "全部"), *SUBJECTS.items()]
    )
    since = forms.DateField(label="从", required=False, widget=_day())
    until = forms.DateField(label="到", required=False, widget=_day())

    def apply(self, rows):
        """Of these, the rows that were asked for; what cannot be understood is passed over."""
        asked = self.asked()
        if asked.get("state__exact") in Delivery.State.values:
            rows = rows.filter(state=asked["state__exact"])
        for name, lookup in (
            ("q", "to__name__icontains"),
            ("way", "way"),
            ("since", "created_at__date__gte"),
            ("until", "created_at__date__lte"),
        ):
            if asked.get(name):
                rows = rows.filter(**{lookup: asked[name]})
        if asked.get("about"):
            rows = rows.filter(notice__template__startswith=asked["about"] + "/")
        return rows


class CallForm(forms.Form):
    """How a call went."""

    result = forms.ChoiceField(label="结果", choices=Call.Result.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="说明", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：由其秘书转告；改打办公电话。",
    )  # fmt: skip


class RevealForm(forms.Form):
    """Why a number is looked at."""

    reason = forms.CharField(
        label="查看的理由", min_length=4, max_length=200,
        help_text="例如：电话通知签收交办件。理由和查看人记入日志。",
        error_messages={"min_length": "请写明理由，至少四个字。"},
    )  # fmt: skip


class WaysForm(forms.Form):
    """接收方式."""

    wants_sms = forms.BooleanField(label="用短信提醒我", required=False)
    wants_mail = forms.BooleanField(label="用邮件提醒我", required=False)
    mail = forms.EmailField(
        label="邮箱", max_length=120, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "请填写完整的邮箱，例如 name@example.cn"},
    )  # fmt: skip
    phone = PhoneField(label="手机号", required=False)

    def __init__(self, *args: Any, in_register: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if in_register:
            del self.fields["phone"]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("wants_mail") and not data.get("mail") and "mail" not in self.errors:
            self.add_error("mail", "选择邮件提醒的，请填写邮箱")
        return data
