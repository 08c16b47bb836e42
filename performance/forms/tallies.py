"""Periods, the filters of results, points at discretion."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from congress.forms import DayField, FilterForm, WordsField
from deputies.models import Delegation, Deputy, Mandate

from ..models import Period, RuleBookVersion, RuleNode
from .fields import NumberField

LEVELS = [(v, w) for v, w in Mandate.Level.choices if v != Mandate.Level.STREET_COUNCIL]


class VersionField(forms.ModelChoiceField):
    """A published version of a rule-book, with its date of force."""

    def label_from_instance(self, version: RuleBookVersion) -> str:
        day = version.in_force_from
        return f"{version}（{day.year}年{day.month}月{day.day}日施行）"


class PeriodForm(forms.Form):
    name = WordsField(label="名称", max_length=60, help_text="例如“2026年度”。")
    kind = forms.ChoiceField(label="种类", choices=Period.Kind.choices)
    level = forms.ChoiceField(label="考核哪一级代表", choices=LEVELS)
    starts_on = DayField(label="从哪一天")
    ends_on = DayField(label="到哪一天")
    version = VersionField(
        label="积分办法",
        queryset=RuleBookVersion.objects.none(),
        empty_label=None,
        help_text="设立以后，这一考核期一直用这一版，不随办法修改而变。",
    )
    objections_until = DayField(
        label="异议截止",
        required=False,
        help_text="这一天以前，代表可以对自己的履职记录提出错、重、漏。可以以后再定。",
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = (
            RuleBookVersion.objects.filter(state=RuleBookVersion.State.PUBLISHED)
            .select_related("book")
            .order_by("-in_force_from", "-pk")
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        first, last = found.get("starts_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "结束日期早于开始日期")
        until = found.get("objections_until")
        if until and first and until < first:
            self.add_error("objections_until", "异议截止早于考核期开始")
        if found.get("name") and Period.objects.filter(name=found["name"]).exists():
            self.add_error("name", f"已有名为“{found['name']}”的考核期")
        return found


class ObjectionsForm(forms.Form):
    objections_until = DayField(
        label="异议截止",
        required=False,
        help_text="不填表示不设异议期。设定后，有账号的代表会收到核对提醒，可以提异议到这一天为止。",
    )


class ResultFilter(FilterForm):
    """Which results of a tally, in which order."""

    q = forms.CharField(label="姓名或简拼", max_length=20, required=False)
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False, empty_label="全部"
    )
    grade = forms.ChoiceField(label="等次", required=False)
    low = NumberField(label="总分从", required=False, decimal_places=4, max_digits=10)
    high = NumberField(label="总分不到", required=False, decimal_places=4, max_digits=10)
    order = forms.ChoiceField(
        label="排列",
        required=False,
        choices=[
            ("roster", "名册顺序"),
            ("low", "总分从低到高"),
            ("high", "总分从高到低"),
            ("days", "履职天数从多到少"),
        ],
    )

    def __init__(self, *args: Any, grades: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["delegation"].queryset = Delegation.objects.order_by("position", "pk")
        self.fields["grade"].choices = [("", "全部"), *[(g, g) for g in grades]]
        if not grades:
            del self.fields["grade"]


class DeputyField(forms.ModelChoiceField):
    """One of some deputies, in roster order under the heads of their delegations."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Deputy.objects.none(), empty_label="请选择", **kwargs)

    def of(self, rows: list[tuple[int, str, str]]) -> None:
        """Offer these: (id, name, delegation), in order."""
        self.queryset = Deputy.objects.filter(pk__in=[pk for pk, _, _ in rows])
        groups: dict[str, list[tuple[int, str]]] = {}
        for pk, name, place in rows:
            groups.setdefault(place, []).append((pk, name))
        self.widget.choices = [("", "请选择"), *groups.items()]


class AwardForm(forms.Form):
    """Points at discretion: whom, by which rule, how much, why."""

    deputy = DeputyField(label="代表")
    node = forms.ModelChoiceField(
        label="规则", queryset=RuleNode.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    points = NumberField(label="分值", help_text="扣分写负数。")
    reason = WordsField(label="理由", max_length=300, rows=3)

    def __init__(self, *args: Any, period: Period, deputies: list, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].of(deputies)
        rules = period.version.nodes.filter(kind=RuleNode.Kind.MANUAL)
        self.fields["node"].queryset = rules
        self.fields["node"].label_from_instance = _span

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        node, points = found.get("node"), found.get("points")
        if node is not None and points is not None:
            low, high = (Decimal(str(node.params.get(k) or 0)) for k in ("min", "max"))
            if not low <= points <= high:
                self.add_error("points", f"“{node.name}”的分值须在 {low} 到 {high} 之间")
            elif not points:
                self.add_error("points", "请填写不为零的分值")
        return found


def _span(node: RuleNode) -> str:
    return f"{node.name}（{node.params.get('min', 0)} 到 {node.params.get('max', 0)} 分）"


def choices_of(seats: Iterable[Mandate]) -> list[tuple[int, str, str]]:
    """What DeputyField offers, from seats in order."""
    return [
        (s.deputy_id, s.deputy.name, s.delegation.name if s.delegation else "未编入代表团")
        for s in seats
    ]
