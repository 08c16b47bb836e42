"""Rules that count nothing: buckets, fixed points, points at discretion."""

from django import forms

from congress.forms import WordsField
from congress.words import plain_number

from ...models import RuleNode
from ..fields import NumberField
from .base import RuleForm


class GroupForm(RuleForm):
    way, kind, label = "group", RuleNode.Kind.NODE, "分组"
    explain = "把几条规则放在一起，合计或者只取最高的一条，可以统一封顶。"
    MORE = ("weight", "floor", "identities", "zero_unless")

    combine = forms.ChoiceField(
        label="组内怎样计分",
        choices=[("sum", "各项相加"), ("max", "只取最高的一项")],
        widget=forms.RadioSelect,
        initial="sum",
    )
    weight = NumberField(
        label="权重",
        required=False,
        decimal_places=4,
        help_text="组内得分乘以这个数，不需要就空着。",
    )

    def counting(self):
        return [self["combine"], self["cap"]]

    def clean_weight(self):
        weight = self.cleaned_data["weight"]
        if weight is not None and weight < 0:
            raise forms.ValidationError("权重不能是负数")
        return weight

    def params(self):
        data = self.cleaned_data
        found = {**super().params(), "combine": data["combine"]}
        if data["weight"] is not None and data["weight"] != 1:
            found["weight"] = plain_number(data["weight"])
        return found

    @classmethod
    def initial_of(cls, node):
        params = node.params
        return {
            **super().initial_of(node),
            "combine": params.get("combine", "sum"),
            "weight": params.get("weight"),
        }


class ConstForm(RuleForm):
    way, kind, label = "const", RuleNode.Kind.CONST, "固定分"
    explain = "人人都有的分，例如基础分；后面可以再用扣分规则扣减。"

    points = NumberField(label="计多少分")

    def params(self):
        return {**super().params(), "points": plain_number(self.cleaned_data["points"])}

    @classmethod
    def initial_of(cls, node):
        return {**super().initial_of(node), "points": node.params.get("points")}


class ManualForm(RuleForm):
    way, kind, label = "manual", RuleNode.Kind.MANUAL, "酌定加减分"
    explain = "由规定的机构逐人决定，每次都要写明理由，例如突出贡献。"

    lowest = NumberField(label="最低分", help_text="可以是负数。")
    highest = NumberField(label="最高分")
    who = WordsField(label="由谁决定", max_length=40, required=False, help_text="例如主任会议。")

    def clean(self):
        data = super().clean()
        low, high = data.get("lowest"), data.get("highest")
        if low is not None and high is not None and low > high:
            self.add_error("lowest", "最低分高于最高分")
        return data

    def params(self):
        data = self.cleaned_data
        found = {
            **super().params(),
            "min": plain_number(data["lowest"]),
            "max": plain_number(data["highest"]),
        }
        return found | ({"who": data["who"]} if data["who"] else {})

    @classmethod
    def initial_of(cls, node):
        params = node.params
        return {
            **super().initial_of(node),
            "lowest": params.get("min"),
            "highest": params.get("max"),
            "who": params.get("who", ""),
        }
