"""What a handling unit writes of a reply: the letter, its signature, its check and its service."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from congress.forms import DayField

from ..models import (
    Assignment,
    Reply,
    ResultClass,
    Service,
)
from ..rules import signer_fault
from .fields import Words, YesNoField, no_needs_words

REASONS = {
    "policy": "现行政策法规不允许",
    "funds": "资金条件暂不具备",
    "conditions": "建设条件暂不具备",
    "authority": "不属于本级职权范围",
    "planning": "与已批准的规划不一致",
}


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

    def __init__(self, *args, names: dict[int, str], is_received: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        modes = [m for m in Service.Mode.choices if not is_received or m[0] != "platform"]
        for pk, name in names.items():
            self.fields[f"mode_{pk}"] = forms.ChoiceField(label=f"{name}：送达方式", choices=modes)
            self.fields[f"on_{pk}"] = DayField(
                label=f"{name}：送达日期", initial=timezone.localdate
            )

    def served(self) -> dict[int, tuple[str, dt.date]]:
        data = self.cleaned_data
        return {pk: (data[f"mode_{pk}"], data[f"on_{pk}"]) for pk in self.names}
