"""The log and the jobs by what is asked of them."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from ..models import LogEntry, Role
from .fields import DayField, WordsField
from .filters import FilterForm

SPAN = dt.timedelta(days=30)


class LogFilter(FilterForm):
    """The log of some days: who, which step, which object, with which outcome. Without days: the
    last thirty."""

    q = WordsField(label="姓名、对象或说明", max_length=40, required=False)
    step = forms.ChoiceField(label="操作", required=False)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    outcome = forms.ChoiceField(
        label="结果", required=False, choices=[("", "全部"), *LogEntry.Outcome.choices]
    )
    address = WordsField(label="来源地址", max_length=45, required=False)
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def __init__(self, *args, steps: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        known = sorted(steps.items(), key=lambda pair: pair[1])
        self.fields["step"].choices = [("", "全部"), *known]

    def asked(self) -> dict[str, Any]:
        """What was asked for, with the days the list is of."""
        values = dict(self.cleaned_data) if self.is_bound and self.is_valid() else {}
        values["until"] = values.get("until") or timezone.localdate()
        values["since"] = values.get("since") or values["until"] - SPAN
        return values


class JobFilter(FilterForm):
    """Jobs by name and by how far they are."""

    q = WordsField(label="名称", max_length=40, required=False)
    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[
            ("", "全部"),
            ("open", "未完成"),
            ("failed", "失败"),
            ("failed_now", "7 天内失败"),
            ("done", "已完成"),
        ],
    )
