"""The year-end publication: what is chosen, the two confirmations, corrections."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms

from congress.forms import WordsField

from ..models import Period, Publication, RuleNode, Tally
from ..rules import Rule
from .fields import NumberField
from .tallies import DeputyField

Column, Order = Publication.Column, Publication.Order
ABOUT = {
    Publication.Audience.INTERNAL: "代工委、主任会议成员和各专工委可以看",
    Publication.Audience.DEPUTIES: "全体代表和街道工委也可以看",
    Publication.Audience.PUBLIC: "任何人都可以看，不用登录",
}


class PublicationForm(forms.Form):
    """What is published, to whom, in which shape."""

    title = WordsField(label="标题", max_length=80)
    audience = forms.ChoiceField(
        label="公布范围",
        widget=forms.RadioSelect,
        choices=[(v, f"{w}：{ABOUT[v]}") for v, w in Publication.Audience.choices],
    )
    columns = forms.MultipleChoiceField(
        label="公布内容",
        widget=forms.CheckboxSelectMultiple,
        choices=Column.choices,
        error_messages={"required": "请至少选择一项公布内容"},
    )
    partition = forms.ChoiceField(
        label="分组", widget=forms.RadioSelect, choices=Publication.Partition.choices
    )
    order = forms.ChoiceField(label="排列", widget=forms.RadioSelect, choices=Order.choices)

    def __init__(self, *args: Any, ranking: bool, edition: int = 1, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not ranking:
            del self.fields["order"]
            self.fields["columns"].choices = [c for c in Column.choices if c[0] != Column.RANK]
            self.fields[
                "partition"
            ].help_text = "每组内按名册顺序排列。本级人大没有开启排名，不按得分排列，也不公布名次。"
        if edition > 1:
            del self.fields["audience"]


class NewPublicationForm(PublicationForm):
    """The same with the period it is about."""

    period = forms.ModelChoiceField(
        label="考核期", queryset=Period.objects.none(), empty_label=None
    )
    field_order = ["period", "title"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.filter(
            tallies__finished_at__isnull=False
        ).distinct()

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        period, audience = found.get("period"), found.get("audience")
        if period and audience:
            there = period.publications.filter(audience=audience)
            if there.exclude(state=Publication.State.DROPPED).exists():
                self.add_error("audience", f"“{period.name}”面向这一范围的公布已有一份")
        return found


class ConfirmForm(forms.Form):
    """What whoever confirms has to say."""

    looked = forms.BooleanField(
        label="我已看过预览，并逐项看过上面的核对结果",
        error_messages={"required": "请先看预览和核对结果，再勾选"},
    )


class ReturnForm(forms.Form):
    reason = WordsField(
        label="退回原因", max_length=300, rows=3, help_text="会告诉拟订人和提交人。"
    )


class CorrectForm(forms.Form):
    reason = WordsField(
        label="更正原因",
        max_length=300,
        rows=3,
        help_text="印在更正版的前面，例如“公布后发现两条接待记录漏记”。",
    )


class CorrectionForm(forms.Form):
    """One entry after the lock: whose points of which rule are how much more or less."""

    deputy = DeputyField(label="代表")
    node = forms.ChoiceField(label="计分规则")
    points = NumberField(label="分值增减", required=False, help_text="多计的写负数，例如 -5。")
    days = forms.IntegerField(
        label="履职天数增减",
        required=False,
        min_value=-366,
        max_value=366,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-short"}),
    )
    reason = WordsField(label="理由", max_length=300, rows=3, help_text="会随更正版公布。")

    def __init__(self, *args: Any, tally: Tally, root: Rule, deputies: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].of(deputies)
        self.nodes = {str(n.pk): n for n in tally.version.nodes.exclude(kind=RuleNode.Kind.NODE)}
        known = {n.key: n for n in self.nodes.values()}
        self.fields["node"].choices = [("", "请选择")] + [
            (
                part.name,
                [
                    (str(known[leaf.key].pk), leaf.name)
                    for leaf in part.walk()
                    if leaf.is_leaf and leaf.key in known
                ],
            )
            for part in root.children
        ]

    def clean_node(self) -> RuleNode:
        return self.nodes[self.cleaned_data["node"]]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        found["points"] = found.get("points") or Decimal(0)
        found["days"] = found.get("days") or 0
        if not self.errors and not found["points"] and not found["days"]:
            self.add_error("points", "请填写分值或履职天数的增减")
        return found


def clean_code(text: str) -> str:
    """A seal's code as people type it from paper: blanks, breaks, full-width letters gone."""
    text = unicodedata.normalize("NFKC", text or "").lower()
    return "".join(c for c in text if c in "0123456789abcdef")[:64]
