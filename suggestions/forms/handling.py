"""What a handling unit writes: returns, extensions, opinions; and what is decided of them."""

from django import forms

from congress.forms import DayField, FilterForm
from congress.models import Unit

from ..models import (
    Assignment,
    ExtensionRequest,
    ResultClass,
    ReturnRequest,
)
from .fields import Words, YesNoField, no_needs_words
from .writing import handling_units


class ReturnForm(forms.Form):
    """退办申请 (F4)."""

    reason = forms.ChoiceField(label="原因", choices=ReturnRequest.Reason.choices)
    explanation = Words(label="情况说明", max_length=1000)
    legal_basis = forms.CharField(
        label="依据", max_length=200, help_text="三定规定、权责清单的名称和条款。"
    )
    proposed_unit = forms.ModelChoiceField(
        label="建议改由哪个单位办理", queryset=Unit.objects.none(), required=False,
        empty_label="不清楚",
    )  # fmt: skip
    approved_by_head = forms.CharField(label="本单位主要负责人", max_length=40)

    def __init__(self, *args, task: Assignment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposed_unit"].queryset = handling_units().exclude(pk=task.unit_id)


class ExtensionForm(forms.Form):
    """延期申请 (F7)."""

    reason = forms.ChoiceField(label="原因", choices=ExtensionRequest.Reason.choices)
    progress = Words(label="已办情况和不能按期答复的原因", max_length=1000, rows=4)
    to_on = DayField(label="延期至")
    deputy_told_on = DayField(label="已向代表说明的日期", required=False)


class OpinionForm(forms.Form):
    """会办意见 (F5)."""

    text = Words(label="会办意见", max_length=4000, rows=8)
    document_number = forms.CharField(label="文号", max_length=40, required=False)
    signer = forms.CharField(label="签发人", max_length=40)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text.strip()) < 10:
            raise forms.ValidationError("会办意见太短，请写明本单位的措施。")
        return text


class ReasonForm(forms.Form):
    """A step that asks for its reason only."""

    reason = Words(label="理由", max_length=200)


class DecideReturnForm(forms.Form):
    """退办审批: refused, or accepted with the unit that takes over."""

    accept = YesNoField(
        label="决定",
        yes="同意退办，改由其他单位办理",
        no="不同意，继续办理",
        error_messages={"required": "请选择决定。"},
    )
    unit = forms.ModelChoiceField(
        label="改由", queryset=Unit.objects.none(), required=False, empty_label="请选择"
    )
    decision = Words(label="决定的理由", max_length=300)

    def __init__(self, *args, task: Assignment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = handling_units().exclude(pk=task.unit_id)

    def clean(self):
        values = super().clean()
        if values.get("accept") and not values.get("unit"):
            self.add_error("unit", "同意退办的，请选择改由哪个单位办理。")
        return values


class DecideExtensionForm(forms.Form):
    """延期审批."""

    agrees = YesNoField(
        label="决定",
        yes="同意",
        no="不同意",
        error_messages={"required": "请选择决定。"},
    )
    note = Words(label="意见", max_length=300, required=False)

    def clean(self):
        super().clean()
        no_needs_words(self, "agrees", "note", "不同意延期的，请写明理由。")


class ConsultForm(forms.Form):
    """预交办征询的答复."""

    agrees = YesNoField(
        label="是否属于本单位职责",
        yes="属于，同意承办",
        no="不属于",
        error_messages={"required": "请选择一项。"},
    )
    answer = Words(label="理由和依据", max_length=300, required=False)

    def clean(self):
        super().clean()
        no_needs_words(self, "agrees", "answer", "不同意承办的，请写明理由和依据。")


class ClassForm(forms.Form):
    """调整结果类别."""

    to_class = forms.ModelChoiceField(
        label="调整为", queryset=ResultClass.objects.none(), empty_label="请选择"
    )
    reason = Words(label="理由", max_length=300)

    def __init__(self, *args, task: Assignment, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_class"].queryset = task.suggestion.rule_set.classes.all()


ROLES = [
    (r.value, r.label)
    for r in Assignment.Role
    if r != Assignment.Role.OWNER
]  # fmt: skip


class PlanForm(forms.Form):
    """Which units take part and how: up to six rows; blank rows are nothing."""

    ROWS = 6

    def __init__(self, *args, owners: bool = False, units=None, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [("owner", "交办机构（向下分办）"), *ROLES] if owners else ROLES
        for n in range(1, self.ROWS + 1):
            self.fields[f"unit_{n}"] = forms.ModelChoiceField(
                label=f"单位{n}",
                queryset=units if units is not None else handling_units(),
                required=False,
                empty_label="不选",
            )
            self.fields[f"role_{n}"] = forms.ChoiceField(
                label="承办方式", choices=[("", "请选择"), *roles], required=False
            )
            self.fields[f"content_{n}"] = forms.CharField(
                label="承办内容", max_length=300, required=False
            )

    @property
    def lines(self) -> list[list]:
        return [
            [self[f"{part}_{n}"] for part in ("unit", "role", "content")]
            for n in range(1, self.ROWS + 1)
        ]

    def clean(self):
        values = super().clean()
        seen: set[int] = set()
        for n in range(1, self.ROWS + 1):
            unit, role = values.get(f"unit_{n}"), values.get(f"role_{n}")
            if unit and not role:
                self.add_error(f"role_{n}", "请选择承办方式。")
            if role and not unit:
                self.add_error(f"unit_{n}", "请选择单位。")
            if unit and unit.pk in seen:
                self.add_error(f"unit_{n}", "这个单位已经选过。")
            if unit:
                seen.add(unit.pk)
        if not seen and not self.errors:
            raise forms.ValidationError("请至少确定一个单位。")
        return values

    @property
    def rows(self) -> list[tuple[Unit, str, str]]:
        data = self.cleaned_data
        return [
            (data[f"unit_{n}"], data[f"role_{n}"], data[f"content_{n}"])
            for n in range(1, self.ROWS + 1)
            if data.get(f"unit_{n}")
        ]


class TaskFilter(FilterForm):
    """What a desk is asked for."""

    SHOWS = {
        "": "待办",
        "to_sign": "待签收",
        "handling": "办理中",
        "late": "已逾期",
        "given": "会办意见已交",
        "answered": "已答复",
        "to_hand_on": "待分办",
        "system": "本系统在办",
        "returns": "待审批的退办",
        "extensions": "待审批的延期",
        "to_check": "待预审的答复",
        "handed_on": "已分办",
        "all": "全部",
    }
    OF_OFFICES = ("to_hand_on", "system", "returns", "extensions", "to_check", "handed_on")
    q = forms.CharField(label="编号或标题", max_length=60, required=False)
    show = forms.ChoiceField(label="状态", required=False, choices=list(SHOWS.items()))
    role = forms.ChoiceField(label="承办方式", required=False, choices=[("", "全部"), *ROLES])
    year = forms.IntegerField(label="交办年份", required=False, min_value=2000, max_value=2100)

    def __init__(self, *args, hands_on: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not hands_on:
            shows = [pair for pair in self.SHOWS.items() if pair[0] not in self.OF_OFFICES]
            self.fields["show"].choices = shows
