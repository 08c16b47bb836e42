"""Members, their accounts, grants and tokens."""

import datetime as dt
from collections.abc import Callable

from django import forms
from django.utils import timezone

from ..access import roles_given_by
from ..actions.accounts import clean_login_name, clean_mobile
from ..flow import NotAllowed
from ..models import Membership, Role, Unit
from ..models.units import STREET_KINDS
from .fields import DayField, WordsField
from .filters import FilterForm


def open_units():
    """Units that are not closed, in order."""
    return Unit.objects.filter(valid_to=None).order_by("position", "pk")


class MemberFilter(FilterForm):
    """Members by name, role, unit and whether in force."""

    q = WordsField(label="姓名或登录名", max_length=40, required=False)
    role = forms.ChoiceField(
        label="角色",
        required=False,
        choices=[("", "全部"), ("staff", "代表以外的全部"), *Role.choices],
    )
    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )
    state = forms.ChoiceField(
        label="身份",
        required=False,
        choices=[("", "有效"), ("coming", "尚未生效"), ("over", "已终止"), ("all", "全部")],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("position", "pk")


class AccountFilter(FilterForm):
    """Logins by name and by what needs attention."""

    q = WordsField(label="姓名或登录名", max_length=40, required=False)
    state = forms.ChoiceField(
        label="账号情况",
        required=False,
        choices=[
            ("", "全部"),
            ("active", "启用"),
            ("locked", "已锁定"),
            ("disabled", "已停用"),
            ("first", "待改初始密码"),
            ("never", "从未登录"),
            ("unused", "90 天没有登录"),
            ("bare", "工作人员未开通验证器"),
        ],
    )

    asked = MemberFilter.asked


def in_words(clean: Callable[[str], str], text: str) -> str:
    """What an action's own check gives for a text; its refusal is the field's error."""
    try:
        return clean(text)
    except NotAllowed as refusal:
        raise forms.ValidationError(refusal.sentence) from None


class RoleFields(forms.Form):
    """Role and unit, where the role needs one."""

    role = forms.ChoiceField(label="角色")
    unit = forms.ModelChoiceField(
        label="单位",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="不属于某个单位",
        help_text="街道工委/镇人大、专工委、承办单位的工作人员须选择。",
    )

    def __init__(self, *args, by: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        given = [(r.value, r.label) for r in roles_given_by(by)]
        self.fields["role"].choices = [("", "请选择"), *given]
        self.fields["unit"].queryset = open_units()


class NewMemberForm(RoleFields):
    """A person who gets a role: with a new login, or with one that is there already."""

    has_login = forms.ChoiceField(
        label="账号",
        widget=forms.RadioSelect,
        initial="new",
        choices=[("new", "新开一个账号"), ("old", "已有账号，再加一个身份")],
        help_text="同一个人只用一个账号；在其他人大已有账号的，也填原来的登录名。",
    )
    name = WordsField(label="姓名", max_length=40)
    login_name = WordsField(
        label="登录名",
        max_length=60,
        help_text="字母、数字、点、短横线，3 至 60 个字符。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    mobile = WordsField(
        label="手机号",
        max_length=20,
        required=False,
        help_text="登记后也可以用手机号登录。只用于新开的账号。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    valid_from = DayField(label="从哪一天起", required=False, help_text="不填为从今天起。")
    valid_to = DayField(label="到哪一天止", required=False, help_text="不填为长期。")
    field_order = (
        "has_login",
        "name",
        "login_name",
        "mobile",
        "role",
        "unit",
        "valid_from",
        "valid_to",
    )

    def clean_login_name(self) -> str:
        return in_words(clean_login_name, self.cleaned_data["login_name"])

    def clean_mobile(self) -> str:
        text = self.cleaned_data["mobile"]
        return in_words(clean_mobile, text) if text else ""


class ChangeRoleForm(RoleFields):
    """Another role or unit."""

    def __init__(self, *args, row: Membership, **kwargs):
        kwargs.setdefault("initial", {"role": row.role, "unit": row.unit_id})
        super().__init__(*args, **kwargs)


class EndForm(forms.Form):
    """The last day in the role; empty for at once."""

    last_day = DayField(
        label="最后一天",
        required=False,
        help_text="不填为立即终止：现在就退出登录，接口密钥同时停用。",
    )


class MobileForm(forms.Form):
    """The number to sign in with."""

    mobile = WordsField(
        label="手机号",
        max_length=20,
        required=False,
        help_text="留空为取消用手机号登录。号码只存加密的索引，以后看不到原号。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    clean_mobile = NewMemberForm.clean_mobile


class GrantForm(forms.Form):
    """Which unit, until when and why."""

    unit = forms.ModelChoiceField(
        label="代管的街道（镇）", queryset=Unit.objects.none(), empty_label="请选择"
    )
    valid_to = DayField(
        label="授权至", required=False, help_text="最长一年；不填为长期，收回前一直有效。"
    )
    reason = WordsField(
        label="理由", max_length=200, rows=3, help_text="例如：原联络员产假，由相邻街道代管。"
    )

    def __init__(self, *args, row: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = (
            open_units().filter(kind__in=STREET_KINDS).exclude(pk=row.unit_id)
        )

    def clean_valid_to(self) -> dt.date | None:
        day = self.cleaned_data["valid_to"]
        if day and day < timezone.localdate():
            raise forms.ValidationError("授权的最后一天不能早于今天。")
        return day


class TokenForm(forms.Form):
    """What the program is for and how long it may call."""

    label = WordsField(
        label="用途", max_length=60, help_text="写明哪个系统、做什么用，例如：办公系统同步交办件。"
    )
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        choices=[(30, "30 天"), (90, "90 天"), (180, "180 天"), (365, "一年")],
        initial=90,
    )
