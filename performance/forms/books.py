"""Rule-books: a new one, its grades, its precision, its publication, the duties it counts."""

from decimal import Decimal
from typing import Any

from django import forms

from congress.forms import DayField, WordsField
from congress.words import plain_number

from ..models import Aspect, DutyItem, RuleBook, RuleBookVersion
from ..rules import Band, check_bands
from ..rules.templates import TEMPLATES
from .fields import NumberField

BAND_ROWS = range(8)
COLOURS = {"": "无", "green": "绿", "blue": "蓝", "grey": "灰", "amber": "黄", "red": "红"}
ABOUT_TEMPLATES = {
    "four_aspects": "四个方面、二十三个事项，逐项加分并封顶，满分不限于一百分。",
    "hundred_points": "会议期间 40 分、闭会期间 60 分，另有附加分。",
    "base_and_reward": "基础分 60 分，缺席扣减；奖励分最多 40 分；有评优门槛。",
}


class NewBookForm(forms.Form):
    name = WordsField(
        label="办法名称", max_length=80, help_text="例如“区人大代表履职积分管理办法”。"
    )
    template = forms.ChoiceField(
        label="从哪里开始",
        widget=forms.RadioSelect,
        required=False,
        choices=[
            *[(key, f"{t['name']}：{ABOUT_TEMPLATES[key]}") for key, t in TEMPLATES.items()],
            ("", "空白：自己一条一条添加"),
        ],
        initial="four_aspects",
        help_text="模板只是起点，每一条都可以改。",
    )

    def clean_name(self):
        name = self.cleaned_data["name"]
        if RuleBook.objects.filter(name=name).exists():
            raise forms.ValidationError(f"已有名为“{name}”的积分办法")
        return name


class VersionForm(forms.Form):
    decimals = forms.TypedChoiceField(
        label="分数保留几位小数",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(0, "不保留"), (1, "一位"), (2, "两位"), (3, "三位"), (4, "四位")],
        help_text="每一条规则的得分都按此四舍五入，印出来的分数能逐项加起来。",
    )
    note = WordsField(label="说明", rows=4, max_length=2000, required=False)


class BandsForm(forms.Form):
    """等次: [low, high). Faults are told; `join` sets each upper bound to the next lower one."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for n in BAND_ROWS:
            words = f"第 {n + 1} 等"
            self.fields[f"name_{n}"] = WordsField(
                label=f"{words}：名称", max_length=20, required=False
            )
            self.fields[f"low_{n}"] = NumberField(label=f"{words}：从多少分（含）", required=False)
            self.fields[f"high_{n}"] = NumberField(
                label=f"{words}：到多少分（不含）", required=False
            )
            self.fields[f"colour_{n}"] = forms.ChoiceField(
                label=f"{words}：颜色", choices=list(COLOURS.items()), required=False
            )

    def rows(self):
        """For each row its four fields."""
        return [
            tuple(self[f"{w}_{n}"] for w in ("name", "low", "high", "colour")) for n in BAND_ROWS
        ]

    def clean(self) -> dict:
        data = super().clean()
        self.bands: list[Band] = []
        for n in BAND_ROWS:
            name, low, high = (data.get(f"{w}_{n}") for w in ("name", "low", "high"))
            if not name and low is None and high is None:
                continue
            if not name:
                self.add_error(f"name_{n}", "请填写等次名称")
            elif any(b.name == name for b in self.bands):
                self.add_error(f"name_{n}", f"“{name}”写了两次")
            else:
                self.bands.append(Band(name, low, high, data.get(f"colour_{n}", "")))
        if "join" in self.data:
            self.bands = joined(self.bands)
        if not self.errors:
            for fault in check_bands(self.bands):
                self.add_error(None, fault)
        return data

    def values(self) -> list[dict[str, str]]:
        """What actions.save_bands takes, the highest first."""
        ordered = sorted(self.bands, key=lambda b: (b.low is not None, b.low or 0), reverse=True)
        return [
            {"name": b.name, "low": _text(b.low), "high": _text(b.high), "colour": b.colour}
            for b in ordered
        ]

    @staticmethod
    def initial_of(version: RuleBookVersion) -> dict[str, Any]:
        found = {}
        rows = version.outcomes.filter(kind="band").order_by("position", "pk")
        for n, row in zip(BAND_ROWS, rows, strict=False):
            found[f"name_{n}"] = row.name
            for word in ("low", "high", "colour"):
                found[f"{word}_{n}"] = row.params.get(word, "")
        return found


def _text(value: Decimal | None) -> str:
    return "" if value is None else plain_number(value)


def joined(bands: list[Band]) -> list[Band]:
    """Bands by their lower bounds alone: each reaches up to the next, the ends stay open."""
    ordered = sorted(bands, key=lambda b: (b.low is not None, b.low or 0))
    lows = [None, *[b.low for b in ordered[1:]]]
    highs = [*lows[1:], None]
    return [
        Band(b.name, low, high, b.colour) for b, low, high in zip(ordered, lows, highs, strict=True)
    ]


class PublishForm(forms.Form):
    in_force_from = DayField(label="施行日期", help_text="从这一天起可以用于新的考核期。")
    basis_document = WordsField(
        label="依据文件",
        max_length=160,
        help_text="通过这个办法的会议和文号，例如“区人大常委会主任会议 2026年1月8日通过”。",
    )

    def __init__(self, *args: Any, version: RuleBookVersion, **kwargs: Any):
        self.version = version
        super().__init__(*args, **kwargs)

    def clean_in_force_from(self):
        on = self.cleaned_data["in_force_from"]
        earlier = self.version.book.versions.filter(
            state=RuleBookVersion.State.PUBLISHED, in_force_from__gte=on
        ).first()
        if earlier:
            raise forms.ValidationError(f"须晚于第{earlier.number}版的施行日期")
        return on


class ItemForm(forms.ModelForm):
    class Meta:
        model = DutyItem
        fields = [
            "name",
            "aspect",
            "unit_word",
            "self_reportable",
            "counts_as_day",
            "hint",
            "is_active",
        ]
        help_texts = {
            "unit_word": "怎样数，例如次、件、篇、半天。",
            "self_reportable": "走访、帮扶等系统记不到的勾选；会议和活动由签到生成，不要勾选。",
            "counts_as_day": "提交一份建议、获得一项表彰不算一天履职，不要勾选。",
            "hint": "代表申报时看到的提示，例如写明时间、地点和人数。",
            "is_active": "停用后不能再记录或申报，已有的记录和规则不受影响。",
        }

    name = WordsField(label="名称", max_length=60)
    aspect = forms.ChoiceField(label="方面", choices=[("", "请选择"), *Aspect.choices])
    unit_word = WordsField(label="计量单位", max_length=10)
    hint = WordsField(label="申报说明", max_length=200, required=False)

    def clean_name(self):
        name = self.cleaned_data["name"]
        if DutyItem.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"已有名为“{name}”的事项")
        return name


class TrialForm(forms.Form):
    """Whom or what to try a book on: a deputy in a span of days, or typed figures."""

    q = WordsField(label="代表姓名", max_length=40, required=False)
    starts_on = DayField(label="从", required=False)
    ends_on = DayField(label="到", required=False)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "结束日期早于开始日期")
        return data
