"""Rules that count duty records: by times, once, against a target."""

from decimal import Decimal
from typing import Any

from django import forms

from congress.words import plain_number

from ...models import Aspect, DutyItem, RuleNode
from ...rules.vocabulary import ATTRIBUTES, VALUES
from ..fields import NumberField
from .base import RuleForm

COUNTED = {
    "count": "按次数，每条记录算一次",
    "sum": "按数量合计（半天数、件数、人次）",
    "distinct_days": "按天数，同一天只算一次",
    "distinct_objects": "按对象，同一对象只算一次",
}


class MeasuredForm(RuleForm):
    """A rule that counts duty records."""

    MORE = ("outcome", "role", "level", *RuleForm.MORE)
    FIRST = ("items",)

    items = forms.MultipleChoiceField(label="计哪些履职事项", widget=forms.CheckboxSelectMultiple)
    outcome = forms.MultipleChoiceField(
        label="只计这些出席情况",
        choices=list(VALUES["outcome"].items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选就全部计。选了“出席”，没有出席情况的记录（如代表申报的）也计。",
    )
    role = forms.MultipleChoiceField(
        label="只计这些作用",
        choices=list(VALUES["role"].items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选就全部计。",
    )
    level = forms.MultipleChoiceField(
        label="只计这些级别",
        choices=list(VALUES["level"].items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="都不选就全部计。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        used = set(self.initial.get("items") or [])
        rows = [i for i in DutyItem.objects.all() if i.is_active or i.code in used]
        self.known = {item.code: item for item in rows}
        self.fields["items"].choices = [
            (Aspect(aspect).label, [(i.code, i.name) for i in rows if i.aspect == aspect])
            for aspect in Aspect.values
            if any(i.aspect == aspect for i in rows)
        ]
        self.fields["name"].required = False
        self.fields["name"].help_text = "空着就用事项的名称。"

    def clean(self):
        data = super().clean()
        if not data.get("name"):
            if (item := self.item()) is not None:
                data["name"] = item.name
            elif data.get("items"):
                self.add_error("name", "计几个事项的规则须有名称")
        return data

    def item(self):
        codes = self.cleaned_data.get("items") or []
        return self.known[codes[0]] if len(codes) == 1 else None

    def measure(self, aggregate: str) -> dict[str, Any]:
        """The stored measure: the default is left out, so that a book stays readable."""
        data = self.cleaned_data
        found: dict[str, Any] = {} if aggregate == "count" else {"aggregate": aggregate}
        if len(data["items"]) > 1:
            found["items"] = list(data["items"])
        for name in ATTRIBUTES:
            if data.get(name):
                found[name] = list(data[name])
        # What was reported without an attendance was done.
        if "present" in found.get("outcome", ()):
            found["outcome"].append("")
        return found

    def with_measure(self, aggregate: str, params: dict[str, Any]) -> dict[str, Any]:
        measure = self.measure(aggregate)
        return {**RuleForm.params(self), **({"measure": measure} if measure else {}), **params}

    @classmethod
    def initial_of(cls, node):
        measure = node.params.get("measure") or {}
        items = measure.get("items") or ([node.item.code] if node.item else [])
        filters = {name: [v for v in measure.get(name, ()) if v] for name in ATTRIBUTES}
        aggregate = measure.get("aggregate", "count")
        return {**super().initial_of(node), "items": items, "aggregate": aggregate, **filters}


class TimesForm(MeasuredForm):
    way, kind, label = "times", RuleNode.Kind.LINEAR, "按次（量）计分"
    explain = "每做一次（一件、半天）计多少分。扣分就把分值写成负数，例如缺席一次 -5 分。"

    aggregate = forms.ChoiceField(
        label="怎样数",
        choices=list(COUNTED.items()),
        widget=forms.RadioSelect,
        initial="count",
    )
    step = NumberField(label="每多少次（件、半天）", initial=1)
    rate = NumberField(label="计多少分", help_text="扣分写负数。")
    starts_at = NumberField(
        label="从第几次起计", initial=1, help_text="例如写 2，第 1 次不计，从第 2 次起计。"
    )
    whole_steps = forms.BooleanField(
        label="不足一档的不计",
        required=False,
        initial=True,
        help_text="例如每 10 次 2 分，25 次计 4 分；不勾选则按比例计 5 分。",
    )

    def clean_step(self):
        return _positive(self.cleaned_data["step"])

    def clean_rate(self):
        return _not_zero(self.cleaned_data["rate"])

    def clean_starts_at(self):
        value = self.cleaned_data["starts_at"]
        if value < 1:
            raise forms.ValidationError("至少从第 1 次起")
        return value

    def params(self):
        data = self.cleaned_data
        found = {"rate": plain_number(data["rate"])}
        if data["step"] != 1:
            found["step"] = plain_number(data["step"])
        if data["starts_at"] != 1:
            found["offset"] = plain_number(data["starts_at"] - 1)
        if not data["whole_steps"]:
            found["whole_steps"] = False
        return self.with_measure(data["aggregate"], found)

    @classmethod
    def initial_of(cls, node):
        params = node.params
        return {
            **super().initial_of(node),
            "step": params.get("step", "1"),
            "rate": params.get("rate"),
            "starts_at": plain_number(Decimal(params.get("offset") or "0") + 1),
            "whole_steps": params.get("whole_steps", True),
        }


class OnceForm(MeasuredForm):
    way, kind, label = "once", RuleNode.Kind.LINEAR, "有就计分"
    explain = "一年里有过就计一次分，做多少次都一样，例如向选民报告履职。"

    rate = NumberField(label="计多少分", help_text="扣分写负数。")

    def clean_rate(self):
        return _not_zero(self.cleaned_data["rate"])

    def params(self):
        return self.with_measure("exists", {"rate": plain_number(self.cleaned_data["rate"])})

    @classmethod
    def initial_of(cls, node):
        return {**super().initial_of(node), "rate": node.params.get("rate")}


class TargetForm(MeasuredForm):
    way, kind, label = "target", RuleNode.Kind.LINEAR, "达标加减分"
    explain = (
        "达到规定数量计基本分，多做加分，少做减分，例如 3 件 10 分，每多（少）一件加（减）5 分。"
    )

    aggregate = forms.ChoiceField(
        label="怎样数", choices=list(COUNTED.items()), widget=forms.RadioSelect, initial="count"
    )
    target = NumberField(label="达到多少次（件、半天）")
    base = NumberField(label="计多少分")
    rate = NumberField(label="每多（少）一次加（减）多少分")
    one_sided = forms.ChoiceField(
        label="加减",
        choices=[("", "多做加分，少做减分"), ("up", "只加不减"), ("down", "只减不加")],
        widget=forms.RadioSelect,
        required=False,
    )

    def clean_target(self):
        return _positive(self.cleaned_data["target"])

    def clean_base(self):
        return _not_zero(self.cleaned_data["base"])

    def clean_rate(self):
        return _not_zero(self.cleaned_data["rate"])

    def params(self):
        data = self.cleaned_data
        found = {
            "offset": plain_number(data["target"]),
            "base": plain_number(data["base"]),
            "rate": plain_number(data["rate"]),
        }
        if data["one_sided"]:
            found["one_sided"] = data["one_sided"]
        return self.with_measure(data["aggregate"], found)

    @classmethod
    def initial_of(cls, node):
        params = node.params
        return {
            **super().initial_of(node),
            "target": params.get("offset"),
            "base": params.get("base"),
            "rate": params.get("rate"),
            "one_sided": params.get("one_sided", ""),
        }


def _positive(value: Decimal) -> Decimal:
    if value <= 0:
        raise forms.ValidationError("须大于零")
    return value


def _not_zero(value: Decimal) -> Decimal:
    if value == 0:
        raise forms.ValidationError("分值为零，不会产生任何分数")
    return value
