"""What 代工委 writes when it hands suggestions over: a batch, its filter, the units of one."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from congress.forms import DayField, FilterForm
from congress.models import Unit

from ..models import Assignment, Category, Suggestion
from ..queries import assignable_units
from ..rules import role_faults

Kind = Unit.Kind
OWNER = Assignment.Role.OWNER
GROUPS = {
    "政府办": (Kind.GOVERNMENT_OFFICE,),
    "承办单位": (Kind.HANDLING_UNIT,),
    "人大各委员会": (Kind.SPECIAL_COMMITTEE, Kind.WORKING_COMMITTEE),
    "街道、镇": (Kind.STREET_COMMITTEE, Kind.TOWN_PRESIDIUM),
}


def unit_choices(units: QuerySet[Unit] | list[Unit], empty: str = "不选") -> list:
    """Units as groups of a select: offices first, then those who handle, then 人大's own."""
    units = list(units)
    groups = [
        (words, [(u.pk, u.name) for u in units if u.kind in kinds])
        for words, kinds in GROUPS.items()
    ]
    return [("", empty), *[group for group in groups if group[1]]]


class BatchForm(forms.Form):
    """交办批次: all three days are kept, the law counts from 交办日期."""

    title = forms.CharField(
        label="批次名称", max_length=80, help_text="例如：区十九届人大五次会议代表建议交办会。"
    )
    meeting_on = DayField(label="交办会日期", required=False)
    assigned_on = DayField(
        label="交办日期", help_text="法定的三个月从这一天起算（代表法第五十一条）。"
    )
    signed_on = DayField(label="交办函签发日期", required=False)
    reply_due_on = DayField(
        label="统一要求的答复日期",
        required=False,
        help_text="晚于法定期限的不起作用。没有统一要求的不填。",
    )
    document_number = forms.CharField(
        label="交办函文号",
        max_length=60,
        required=False,
        help_text="例如：滨人代函〔2026〕3号。各单位的交办函用同一文号。",
    )
    contact = forms.CharField(
        label="联系人和电话",
        max_length=80,
        required=False,
        help_text="印在交办函末尾，例如：李某，0510-10000000。",
    )

    def clean(self):
        values = super().clean()
        assigned, due = values.get("assigned_on"), values.get("reply_due_on")
        if assigned and due and due <= assigned:
            self.add_error("reply_due_on", "应当晚于交办日期。")
        return values


class PickFilter(FilterForm):
    """Which of the suggestions that wait."""

    q = forms.CharField(label="编号或标题", max_length=60, required=False)
    category = forms.ChoiceField(label="分类", required=False)
    raised_in = forms.ChoiceField(
        label="提出时间",
        required=False,
        choices=[("", "全部"), *Suggestion.RaisedIn.choices],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tops = Category.objects.filter(parent=None).values_list("pk", "name")
        self.fields["category"].choices = [("", "全部"), *tops]


class BatchFilter(FilterForm):
    """Which of the suggestions of a batch."""

    SHOWS = {
        "": "全部",
        "unchecked": "待核对",
        "checked": "已核对",
        "against": "单位不同意",
        "silent": "征询未答复",
    }
    q = forms.CharField(label="编号或标题", max_length=60, required=False)
    unit = forms.ChoiceField(label="单位", required=False)
    show = forms.ChoiceField(label="情况", required=False, choices=list(SHOWS.items()))

    def __init__(self, *args, units: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "全部"), *units]


class UnitsForm(forms.Form):
    """拟定承办单位: up to eight units, each with its part; blank rows are nothing."""

    ROWS = 8
    ROLES = [
        (OWNER.value, "交办机构（由其分办）"),
        *[(r.value, r.label) for r in Assignment.Role if r != OWNER],
    ]

    def __init__(self, *args, units: QuerySet[Unit] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.units = assignable_units() if units is None else units
        choices = unit_choices(self.units)
        for n in range(1, self.ROWS + 1):
            self.fields[f"unit_{n}"] = forms.ModelChoiceField(
                label=f"单位{n}", queryset=self.units, required=False
            )
            self.fields[f"unit_{n}"].choices = choices
            self.fields[f"role_{n}"] = forms.ChoiceField(
                label="承办方式", choices=[("", "请选择"), *self.ROLES], required=False
            )
            self.fields[f"content_{n}"] = forms.CharField(
                label="承办内容", max_length=300, required=False
            )

    @staticmethod
    def initial_of(rows: list[tuple[int, str, str]]) -> dict[str, Any]:
        """Initial values from (unit, role, content)."""
        found = {}
        for n, (unit, role, content) in enumerate(rows[: UnitsForm.ROWS], start=1):
            found |= {f"unit_{n}": unit, f"role_{n}": role, f"content_{n}": content}
        return found

    @property
    def lines(self) -> list[list]:
        return [
            [self[f"{part}_{n}"] for part in ("unit", "role", "content")]
            for n in range(1, self.ROWS + 1)
        ]

    @property
    def filled(self) -> int:
        """How many rows are shown at once: those filled, at least three."""
        used = [n for n, line in enumerate(self.lines, start=1) if line[0].value()]
        return max(3, max(used, default=0) + 1)

    def clean(self):
        values = super().clean()
        seen: set[int] = set()
        for n in range(1, self.ROWS + 1):
            unit, role = values.get(f"unit_{n}"), values.get(f"role_{n}")
            if unit and not role and f"role_{n}" not in self.errors:
                self.add_error(f"role_{n}", "请选择承办方式。")
            if role and not unit and f"unit_{n}" not in self.errors:
                self.add_error(f"unit_{n}", "请选择单位。")
            if unit and unit.pk in seen:
                self.add_error(f"unit_{n}", "这个单位已经选过。")
            if unit:
                seen.add(unit.pk)
        if not self.errors:
            direct = [role for _, role, _ in self.rows if role != OWNER]
            if direct or not self.rows:
                for fault in role_faults(direct):
                    self.add_error(None, f"{fault}。")
        return values

    @property
    def rows(self) -> list[tuple[Unit, str, str]]:
        data = self.cleaned_data
        return [
            (data[f"unit_{n}"], data[f"role_{n}"], data[f"content_{n}"].strip())
            for n in range(1, self.ROWS + 1)
            if data.get(f"unit_{n}")
        ]
