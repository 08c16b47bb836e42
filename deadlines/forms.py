"""Forms of time limits: the filter of the list, the plan of reminders, who holds which post."""

import re
from typing import Any

from django import forms

from congress.forms import FilterForm, TabField
from congress.models import Membership
from congress.models import Unit as House

from .models import Post
from .rules import MOST_BEFORE, RUNG_WORDS, RUNGS, Light, Plan, Rank

HANDLING = (House.Kind.HANDLING_UNIT, House.Kind.GOVERNMENT_OFFICE, House.Kind.SPECIAL_COMMITTEE,
            House.Kind.WORKING_COMMITTEE, House.Kind.STREET_COMMITTEE,
            House.Kind.TOWN_PRESIDIUM)  # fmt: skip


class DeadlineFilter(FilterForm):
    light = TabField(Light.values)
    q = forms.CharField(label="事项或办理人", max_length=40, required=False)
    unit = forms.ModelChoiceField(
        label="单位", queryset=House.objects.none(), required=False, empty_label="全部"
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = House.objects.filter(kind__in=HANDLING)


DAYS = (-30, -20, -15, -10, -7, -5, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10, 15, 20, 30)


def words_for(day: int) -> str:
    """截止前 5 天起, 截止当天起, 逾期第 1 天起."""
    if day == 0:
        return "截止当天起"
    return f"截止前 {-day} 天起" if day < 0 else f"逾期第 {day} 天起"


class PlanForm(forms.Form):
    """提醒规则: days before the due date, and when each rung comes in."""

    before = forms.CharField(
        label="截止前几天提醒", max_length=60,
        help_text="用顿号或逗号隔开，例如：30、15、5、1。逾期以后每个工作日提醒一次。",
    )  # fmt: skip

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any):
        initial = {"before": "、".join(str(n) for n in plan.before)}
        initial |= {str(r): plan.rung_from(r) for r in RUNGS[1:]}
        super().__init__(*args, initial=initial, **kwargs)
        for rung in RUNGS[1:]:
            now = plan.rung_from(rung)
            days = sorted({*DAYS, now} - {None})
            self.fields[str(rung)] = forms.TypedChoiceField(
                label=RUNG_WORDS[rung],
                required=False,
                coerce=int,
                empty_value=None,
                error_messages={"invalid_choice": "请从列表里选一项"},
                choices=[("", "不提醒这一级"), *((n, words_for(n)) for n in days)],
            )

    def clean_before(self) -> tuple[int, ...]:
        parts = [p for p in re.split(r"[、,，\s]+", self.cleaned_data["before"].strip()) if p]
        if not parts or not all(p.isdecimal() and 1 <= int(p) <= MOST_BEFORE for p in parts):
            raise forms.ValidationError(f"请填 1 至 {MOST_BEFORE} 的天数，用顿号隔开")
        return tuple(sorted({int(p) for p in parts}, reverse=True))

    def clean(self) -> dict:
        data = super().clean()
        last = None
        for rung in RUNGS[1:]:
            value = data.get(str(rung))
            if value is None:
                continue
            if last is not None and value < last:
                self.add_error(str(rung), f"{RUNG_WORDS[rung]}不能比下一级更早提醒")
            last = value if last is None else max(last, value)
        return data

    @property
    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)


class PostsForm(forms.Form):
    """One choice per person of a unit."""

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = dict(Post.objects.filter(member__in=members).values_list("member_id", "rank"))
        for member in members:
            self.fields[f"m{member.pk}"] = forms.ChoiceField(
                label=member.name,
                choices=Rank.choices,
                initial=known.get(member.pk, Rank.CLERK),
                widget=forms.RadioSelect,
            )

    @property
    def ranks(self) -> dict[int, str]:
        return {int(name[1:]): rank for name, rank in self.cleaned_data.items()}
