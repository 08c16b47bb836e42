"""What a handling unit writes: talks, returns, extensions, opinions, the reply and its service."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from congress.forms import DayField, FilterForm
from congress.models import Unit

from ..models import (
    Assignment,
    ExtensionRequest,
    Reply,
    ResultClass,
    ReturnRequest,
    Service,
)
from ..rules import signer_fault
from .fields import YesNoField, no_needs_words
from .writing import handling_units

REASONS = {
    "policy": "现行政策法规不允许",
    "funds": "资金条件暂不具备",
    "conditions": "建设条件暂不具备",
    "authority": "不属于本级职权范围",
    "planning": "与已批准的规划不一致",
}


class Words(forms.CharField):
    """Some lines of text."""

    def __init__(self, *, rows: int = 3, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault("error_messages", {"required": "请填写这一项。"})
        super().__init__(**kwargs)


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


class ReplyForm(forms.Form):
    """答复函 (F8): class, body, the answer to each request, promises."""

    PROMISES = 3

    document_number = forms.CharField(
        label="文号", max_length=60, required=False, help_text="例如：滨建函〔2026〕12号。"
    )
    result_class = forms.ModelChoiceField(
        label="办理结果类别", queryset=ResultClass.objects.none(), required=False,
        empty_label="请选择",
    )  # fmt: skip
    reason_code = forms.ChoiceField(
        label="不能解决的原因", required=False, choices=[("", "不适用"), *REASONS.items()]
    )
    text = Words(label="正文", max_length=20000, rows=12, required=False)
    publicity = forms.ChoiceField(
        label="公开属性", required=False, choices=[("", "请选择"), *Reply.Publicity.choices]
    )
    contact_person = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)

    def __init__(
        self,
        *args,
        task: Assignment,
        last: Reply | None = None,
        shared: Reply | None = None,
        **kwargs,
    ):
        if last is not None:
            kwargs.setdefault("initial", self._of(last))
        elif shared is not None:
            kwargs.setdefault("initial", self._shared(shared, task))
        super().__init__(*args, **kwargs)
        self.task = task
        self.fields["result_class"].queryset = task.suggestion.rule_set.classes.all()
        if task.suggestion.is_key:
            self.fields["signed_in_name_of"] = forms.CharField(
                label="署名单位",
                max_length=80,
                required=False,
                help_text=f"重点督办的建议以人民政府等名义答复的，填写其全称；"
                f"不填的，以{task.unit_name}的名义答复。",
            )
        for n, request in enumerate(task.suggestion.requests, start=1):
            self.fields[f"point_{n}"] = Words(
                label=f"对第{n}条的答复", max_length=4000, required=False, help_text=request
            )
        for n in range(1, self.PROMISES + 1):
            self.fields[f"promise_{n}"] = forms.CharField(
                label=f"承诺事项{n}", max_length=300, required=False
            )
            self.fields[f"criterion_{n}"] = forms.CharField(
                label="完成标准", max_length=200, required=False
            )
            self.fields[f"responsible_{n}"] = forms.CharField(
                label="责任单位或者责任人", max_length=80, required=False
            )
            self.fields[f"due_{n}"] = DayField(label="完成日期", required=False)

    @classmethod
    def _shared(cls, reply: Reply, task: Assignment) -> dict[str, Any]:
        """What was written to a suggestion handled together with this one: each has its own number
        and its own requests."""
        values = cls._of(reply)
        other = reply.assignment.suggestion
        if other.requests != task.suggestion.requests:
            values = {k: v for k, v in values.items() if not k.startswith("point_")}
        if other.rule_set_id != task.suggestion.rule_set_id:
            del values["result_class"]
        return values | {"document_number": "", "signed_in_name_of": ""}

    @staticmethod
    def _of(last: Reply) -> dict[str, Any]:
        names = (
            "document_number", "result_class", "reason_code", "text", "publicity",
            "contact_person", "contact_phone", "signed_in_name_of",
        )  # fmt: skip
        values = {n: getattr(last, n) for n in names}
        values |= {f"point_{p.number}": p.answer for p in last.points.all()}
        for n, p in enumerate(last.promises.order_by("number")[: ReplyForm.PROMISES], start=1):
            values |= {f"promise_{n}": p.content, f"criterion_{n}": p.criterion,
                       f"responsible_{n}": p.responsible, f"due_{n}": p.due_on}  # fmt: skip
        return values

    def clean(self):
        values = super().clean()
        for n in range(1, self.PROMISES + 1):
            content, due = values.get(f"promise_{n}"), values.get(f"due_{n}")
            if content and not due:
                self.add_error(f"due_{n}", "请填写这项承诺的完成日期。")
            if due and not content:
                self.add_error(f"promise_{n}", "请写明承诺的内容。")
            if due and due <= timezone.localdate():
                self.add_error(f"due_{n}", "完成日期应当晚于今天。")
        return values

    @property
    def point_fields(self) -> list:
        return [self[n] for n in self.fields if n.startswith("point_")]

    @property
    def promise_fields(self) -> list[list]:
        parts = ("promise", "criterion", "responsible", "due")
        return [[self[f"{p}_{n}"] for p in parts] for n in range(1, self.PROMISES + 1)]

    @property
    def plain_fields(self) -> list:
        names = ("document_number", "signed_in_name_of", "result_class", "reason_code", "text")
        return [self[n] for n in names if n in self.fields]

    @property
    def last_fields(self) -> list:
        return [self[n] for n in ("publicity", "contact_person", "contact_phone")]

    @property
    def points(self) -> dict[int, str]:
        found = {n: v for n, v in self.cleaned_data.items() if n.startswith("point_") and v.strip()}
        return {int(n.removeprefix("point_")): v for n, v in found.items()}

    @property
    def promises(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            {"content": data[f"promise_{n}"], "criterion": data[f"criterion_{n}"],
             "responsible": data[f"responsible_{n}"], "due_on": data[f"due_{n}"]}
            for n in range(1, self.PROMISES + 1) if data.get(f"promise_{n}")
        ]  # fmt: skip

    @property
    def more(self) -> dict[str, Any]:
        names = ("document_number", "reason_code", "publicity", "contact_person", "contact_phone")
        values = {n: self.cleaned_data[n] for n in names}
        return values | {"signed_in_name_of": self.cleaned_data.get("signed_in_name_of", "")}


class SignOffForm(forms.Form):
    """签发; `least` is the rank the rules ask for."""

    signer = forms.CharField(
        label="签发人", max_length=40, help_text="本单位负责人的职务和姓名，例如：局长李明。"
    )
    signer_rank = forms.ChoiceField(
        label="签发人职务", choices=[("", "请选择"), *Reply.SignerRank.choices], required=False
    )

    def __init__(self, *args: Any, least: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.least = least

    def clean_signer_rank(self) -> str:
        rank = self.cleaned_data["signer_rank"]
        if fault := signer_fault(rank, self.least):
            raise forms.ValidationError(f"{fault}。")
        return rank


class CountersignForm(SignOffForm):
    """会签: the version that was read, who signs, the unit's own number."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    document_number = forms.CharField(label="本单位文号", max_length=60, required=False)


class SupplementForm(forms.Form):
    """补充答复."""

    text = Words(label="补充答复", max_length=4000, rows=8)
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    signer = forms.CharField(label="签发人", max_length=40)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text.strip()) < 10:
            raise forms.ValidationError("内容太短，请写明就会办事项答复什么。")
        return text


class CheckForm(forms.Form):
    """预审意见."""

    passes = YesNoField(
        label="预审结果",
        yes="通过",
        no="退回修改",
        error_messages={"required": "请选择预审结果。"},
    )
    note = Words(label="意见", max_length=300, required=False)

    def clean(self):
        super().clean()
        no_needs_words(self, "passes", "note", "请写明退回的原因。")


class ServeForm(forms.Form):
    """送达: per deputy, how and when."""

    def __init__(self, *args, names: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        for pk, name in names.items():
            self.fields[f"mode_{pk}"] = forms.ChoiceField(
                label=f"{name}：送达方式", choices=Service.Mode.choices
            )
            self.fields[f"on_{pk}"] = DayField(
                label=f"{name}：送达日期", initial=timezone.localdate
            )

    def served(self) -> dict[int, tuple[str, dt.date]]:
        data = self.cleaned_data
        return {pk: (data[f"mode_{pk}"], data[f"on_{pk}"]) for pk in self.names}


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
