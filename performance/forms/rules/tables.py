"""Rules that look points up: by bands of a figure, by values of the records."""

from decimal import Decimal
from typing import Any

from django import forms

from congress.words import plain_number

from ...models import RuleNode
from ...rules.vocabulary import ATTRIBUTES, VALUES
from ..fields import NumberField
from .measured import COUNTED, MeasuredForm

BANDED = {**COUNTED, "rate": "按出席率（出席次数占应出席次数的百分比）"}
ROW_NUMBERS = range(12)


class StepsForm(MeasuredForm):
    way, kind, label = "steps", RuleNode.Kind.TABLE, "分档计分"
    explain = "数量落在哪一档就计哪一档的分，例如参加两次以上 30 分，不到两次 0 分。"

    aggregate = forms.ChoiceField(
        label="怎样数", choices=list(BANDED.items()), widget=forms.RadioSelect, initial="count"
    )
    below = NumberField(label="不到最低一档计多少分", initial=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in ROW_NUMBERS:
            self.fields[f"low_{n}"] = NumberField(label=f"第 {n + 1} 档：达到", required=False)
            self.fields[f"points_{n}"] = NumberField(label=f"第 {n + 1} 档：计分", required=False)

    def counting(self):
        rows = {f"{word}_{n}" for n in ROW_NUMBERS for word in ("low", "points")}
        return [f for f in super().counting() if f.name not in rows]

    def rows(self):
        """Pairs of fields (from which figure, points)."""
        return [(self[f"low_{n}"], self[f"points_{n}"]) for n in ROW_NUMBERS]

    def clean(self):
        data = super().clean()
        self.steps: list[tuple[Decimal, Decimal]] = []
        for n in ROW_NUMBERS:
            low, points = data.get(f"low_{n}"), data.get(f"points_{n}")
            if (low is None) != (points is None):
                missing = "low" if low is None else "points"
                if f"{missing}_{n}" not in self.errors:
                    self.add_error(f"{missing}_{n}", "两格都要填，或者都空着")
            elif low is not None:
                if any(low == known for known, _ in self.steps):
                    self.add_error(f"low_{n}", f"“达到{plain_number(low)}”写了两次")
                if data.get("aggregate") == "rate" and not 0 < low <= 100:
                    self.add_error(f"low_{n}", "出席率在 0 到 100 之间")
                self.steps.append((low, points))
        if not self.steps and not self.errors:
            self.add_error("low_0", "至少填写一档")
        return data

    def params(self):
        data = self.cleaned_data
        part = 100 if data["aggregate"] == "rate" else 1
        steps = sorted((low / part, points) for low, points in self.steps)
        lows = ["", *[plain_number(low) for low, _ in steps]]
        points = [data["below"], *[points for _, points in steps]]
        rows = [
            {"low": low, "high": high, "points": plain_number(gained)}
            for low, high, gained in zip(lows, [*lows[1:], ""], points, strict=True)
        ]
        return self.with_measure(data["aggregate"], {"rows": rows})

    @classmethod
    def initial_of(cls, node):
        found = super().initial_of(node)
        part = 100 if found["aggregate"] == "rate" else 1
        found["below"] = "0"
        steps = sorted(_steps(node.params.get("rows", ())))
        for n, (low, points) in enumerate(steps):
            if low is None:
                continue
            found[f"low_{n}"] = plain_number(low * part)
            found[f"points_{n}"] = points
        below = [r for r in node.params.get("rows", ()) if r.get("low") in (None, "")]
        if below:
            found["below"] = below[0]["points"]
        return found


def _steps(rows) -> list[tuple[Decimal, str]]:
    """The steps of stored bands; a gap between two bands is a step of no points."""
    bands = sorted(
        (Decimal(r["low"]), r.get("high"), r["points"])
        for r in rows
        if r.get("low") not in (None, "")
    )
    found = []
    for n, (low, high, points) in enumerate(bands):
        found.append((low, points))
        following = bands[n + 1][0] if n + 1 < len(bands) else None
        if high not in (None, "") and (following is None or Decimal(high) < following):
            found.append((Decimal(high), "0"))
    return found


def _attribute_choices() -> list:
    return [
        ("", "请选择"),
        *[
            (ATTRIBUTES[name], [(f"{name}:{value}", words) for value, words in known.items()])
            for name, known in VALUES.items()
        ],
    ]


class ValuesForm(MeasuredForm):
    way, kind, label = "values", RuleNode.Kind.TABLE, "按级别、作用或出席情况计分"
    explain = "同一事项按不同情况计不同的分，例如表彰：国家级 10 分、省级 8 分、市级 6 分。"

    pick = forms.ChoiceField(
        label="有多条记录时",
        choices=[("sum", "逐条累计"), ("max", "只计最高的一条")],
        widget=forms.RadioSelect,
        initial="sum",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = _attribute_choices()
        for n in ROW_NUMBERS:
            words = f"第 {n + 1} 种"
            self.fields[f"value_{n}"] = forms.ChoiceField(
                label=f"{words}：情况", choices=choices, required=False
            )
            self.fields[f"and_{n}"] = forms.ChoiceField(
                label=f"{words}：并且", choices=[("", "不限"), *choices[1:]], required=False
            )
            self.fields[f"points_{n}"] = NumberField(label=f"{words}：计分", required=False)

    def counting(self):
        rows = {f"{word}_{n}" for n in ROW_NUMBERS for word in ("value", "and", "points")}
        return [f for f in super().counting() if f.name not in rows]

    def rows(self):
        """Triples of fields (value, second value, points)."""
        return [tuple(self[f"{w}_{n}"] for w in ("value", "and", "points")) for n in ROW_NUMBERS]

    def clean(self):
        data = super().clean()
        self.found: list[dict[str, str]] = []
        seen = set()
        for n in ROW_NUMBERS:
            value, also = data.get(f"value_{n}"), data.get(f"and_{n}")
            points = data.get(f"points_{n}")
            if not value and points is None and not also:
                continue
            if not value:
                self.add_error(f"value_{n}", "请选择情况")
            elif points is None:
                if f"points_{n}" not in self.errors:
                    self.add_error(f"points_{n}", "请填写分值")
            elif (value, also) in seen:
                self.add_error(f"value_{n}", "同一种情况写了两次")
            elif also and also.split(":")[0] == value.split(":")[0]:
                self.add_error(f"and_{n}", "“并且”须是另一类情况")
            else:
                seen.add((value, also))
                self.found.append(_row(value, also, points))
        if not self.found and not self.errors:
            self.add_error("value_0", "至少填写一种情况")
        return data

    def params(self):
        data = self.cleaned_data
        found: dict[str, Any] = {"rows": self.found}
        if data["pick"] == "max":
            found["pick"] = "max"
        return self.with_measure("count", found)

    @classmethod
    def initial_of(cls, node):
        found = {**super().initial_of(node), "pick": node.params.get("pick", "sum")}
        for n, row in enumerate(node.params.get("rows", ())):
            found[f"value_{n}"] = f"{row['attribute']}:{row['value']}"
            if row.get("and_attribute"):
                found[f"and_{n}"] = f"{row['and_attribute']}:{row['and_value']}"
            found[f"points_{n}"] = row["points"]
        return found


def _row(value: str, also: str, points: Decimal) -> dict[str, str]:
    attribute, _, one = value.partition(":")
    row = {"attribute": attribute, "value": one, "points": plain_number(points)}
    if also:
        and_attribute, _, two = also.partition(":")
        row |= {"and_attribute": and_attribute, "and_value": two}
    return row
