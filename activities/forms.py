"""How strings become values: plans, filters, answers, lists of names."""

import datetime as dt
import unicodedata

from django import forms
from django.utils import timezone

from congress.forms import FilterForm
from congress.models import Membership, Unit
from congress.uploads import EvidenceField

from . import access
from .models import Activity, ActivityFile, ActivityKind, Outcome, Session
from .rules import date_faults

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and a time of local time; full-width digits and 2026年3月16日 are read too."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        )
        kwargs.setdefault("input_formats", [MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(
            error_messages={
                "invalid": "请写成 2026-03-16 09:00 的样子",
                "required": "请填写这一项",
            },
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip()
            for sign, plain in (("年", "-"), ("月", "-"), ("日", " "), ("/", "-")):
                text = text.replace(sign, plain)
            value = " ".join(text.split())
        return super().to_python(value)


class ActivityForm(forms.Form):
    """The plan on one page."""

    title = forms.CharField(
        label="活动名称", max_length=80, help_text="写明做什么，例如：视察老旧小区加装电梯工作。"
    )
    kind = forms.ModelChoiceField(
        label="活动类型",
        queryset=ActivityKind.objects.none(),
        empty_label="请选择",
        help_text="类型决定记入哪一项履职、怎样计量。",
    )
    organiser = forms.ModelChoiceField(
        label="组织单位", queryset=Unit.objects.none(), empty_label="请选择"
    )
    starts_at = MomentField(label="开始时间")
    ends_at = MomentField(label="结束时间")
    place = forms.CharField(label="地点", max_length=120, help_text="写到集合地点。")
    description = forms.CharField(
        label="内容和安排",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="议程、路线、要准备的材料。代表在手机上能看到。",
    )
    audience = forms.CharField(
        label="参加对象",
        required=False,
        max_length=120,
        help_text="例如：财经委组成人员和部分区人大代表。具体名单在“邀请与报名”里选定。",
    )
    contact = forms.CharField(label="联系人和电话", required=False, max_length=60)
    by_sign_up = forms.BooleanField(
        label="自愿报名",
        required=False,
        help_text="只有报了名的代表才算应到。不勾选时，受邀的代表都应到会。",
    )
    capacity = forms.IntegerField(
        label="名额",
        required=False,
        min_value=1,
        max_value=9999,
        help_text="自愿报名时的人数上限，不填就是不限。",
    )
    sign_up_closes_at = MomentField(
        label="报名和请假截止",
        required=False,
        help_text="不填时，活动开始前都可以报名和请假。",
    )
    is_public = forms.BooleanField(
        label="向社会公开",
        required=False,
        help_text="发布后出现在公众页面，只公开活动情况和到会代表，不公开缺席和请假的人。",
    )

    def __init__(self, *args, member: Membership, activity: Activity | None = None, **kwargs):
        if activity is not None and "initial" not in kwargs:
            kwargs["initial"] = {name: getattr(activity, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        kinds = ActivityKind.objects.filter(is_active=True)
        if activity is not None:
            kinds = kinds | ActivityKind.objects.filter(pk=activity.kind_id)
        self.fields["kind"].queryset = kinds.distinct().order_by("position", "pk")
        units = access.organisers_for(member)
        self.fields["organiser"].queryset = units
        if activity is None and not self.is_bound:
            self.initial.setdefault("organiser", member.unit_id)
        for name in ("starts_at", "ends_at", "sign_up_closes_at"):
            value = self.initial.get(name)
            if isinstance(value, dt.datetime):
                self.initial[name] = timezone.localtime(value)

    def clean(self):
        values = super().clean()
        faults = date_faults(
            values.get("starts_at"), values.get("ends_at"), values.get("sign_up_closes_at")
        )
        for name, sentence in faults.items():
            self.add_error(name, sentence)
        if values.get("capacity") and not values.get("by_sign_up"):
            self.add_error("capacity", "名额只用于自愿报名，请勾选“自愿报名”或者去掉名额")
        return values


class ActivityFilter(FilterForm):
    """What the staff's list shows."""

    WHEN = [
        ("", "全部"),
        ("today", "今天举行"),
        ("coming", "将要举行"),
        ("to_publish", "待发布"),
        ("to_close", "待办结"),
        ("over", "已结束"),
    ]
    q = forms.CharField(label="名称或地点", required=False, max_length=40)
    kind = forms.ModelChoiceField(
        label="类型", queryset=ActivityKind.objects.none(), required=False, empty_label="全部"
    )
    organiser = forms.ModelChoiceField(
        label="组织单位", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *Activity.State.choices]
    )
    when = forms.ChoiceField(label="时间", required=False, choices=WHEN)
    year = forms.IntegerField(label="年份", required=False, min_value=1980, max_value=2100)

    def __init__(self, *args, member: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = ActivityKind.objects.all()
        seen = access.visible_to(member).order_by().values("organiser")
        self.fields["organiser"].queryset = Unit.objects.filter(pk__in=seen)


class CloseForm(forms.Form):
    result = forms.CharField(
        label="活动成果",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="看了什么、发现什么问题、提出什么意见。办结后还可以补充。",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ResultForm(CloseForm):
    pass


class FileForm(forms.Form):
    """A file of the activity; photos are welcome and never asked for."""

    files = EvidenceField(label="文件", most=10)
    kind = forms.ChoiceField(
        label="种类", choices=ActivityFile.Kind.choices, widget=forms.RadioSelect, initial="result"
    )
    is_public = forms.BooleanField(
        label="向社会公开", required=False, help_text="活动本身公开时，公众才能看到。"
    )


class LeaveForm(forms.Form):
    """请假: why, and for a sitting of several half-days from which."""

    session = forms.ModelChoiceField(
        label="哪一场请假",
        queryset=Session.objects.none(),
        required=False,
        empty_label="全程",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="请假事由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：住院治疗。只有组织单位能看到。",
    )

    def __init__(self, *args, activity: Activity, **kwargs):
        super().__init__(*args, **kwargs)
        sessions = activity.sessions.all()
        if len(sessions) > 1:
            self.fields["session"].queryset = sessions
        else:
            del self.fields["session"]

    @property
    def values(self) -> dict:
        """What the action takes."""
        return {
            "reason": self.cleaned_data["reason"],
            "session": self.cleaned_data.get("session"),
        }


class DecisionForm(forms.Form):
    decision = forms.CharField(label="意见", max_length=200, required=False)


class CodeForm(forms.Form):
    """The code shown at the venue."""

    code = forms.CharField(
        label="签到码",
        max_length=12,
        help_text="会场屏幕上的六位数字。",
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}
        ),
    )

    def clean_code(self) -> str:
        text = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        text = "".join(text.split())
        if not text.isdigit() or len(text) != 6:
            raise forms.ValidationError("签到码是六位数字，请看会场屏幕")
        return text


class NamesForm(forms.Form):
    """A pasted list of names."""

    names = forms.CharField(
        label="名单",
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行一个，或者用逗号、顿号、空格隔开。可以从表格里整列粘贴。",
    )


class MarkNamesForm(NamesForm):
    value = forms.ChoiceField(
        label="记为",
        choices=[(v, Outcome(v).label) for v in ("present", "late", "leave", "absent")],
        initial="present",
        widget=forms.RadioSelect,
    )
