"""A set of rules as people fill it in: one part at a time, the law's ceiling beside the number."""

import json
from typing import Any

from django import forms
from django.db import models

from congress.forms import DayField
from congress.models import Unit
from congress.uploads import EvidenceField
from performance.models import DutyItem

from ..models import Category, ResultClass, RuleSet
from ..queries import assignable_units
from ..rules.bounds import BOUNDS, bound_faults
from ..rules.numbering import EXAMPLES, NAMES, WIDTHS, examples, number_format_fault, shown, stored
from ..rules.templates import TEMPLATES
from ..rules.wording import APPROVERS, DUTIES, PRE_REVIEW, Part
from .assigning import unit_choices

ABOUT_TEMPLATES = {
    "plain": "退办 7 个工作日，会办 1 个月，评价态度和结果，街道初审。",
    "strict": "退办 10 个工作日，会办 30 个工作日，首次沟通 20 个工作日，政府办预审答复。",
    "township": "主席团交办，退办 5 日，领衔代表评价，甲乙丙三类。",
}
HINTS = {
    "number_format": "大括号里写：届、会次、系列（会议期间空着，闭会为“闭”，议案转来的为“案”）、"
    "序号（或者三位序号、四位序号）、年份；大括号外的字照印。",
    "sign_days": "不作要求的空着。",
    "first_contact_days": "不作要求的空着。",
    "urgent_days": "代表注明加急的建议，自交办之日起。不另作要求的空着。",
    "extension_max_days": "从原来的期限算起。不另作限制的空着；法律上限仍然有效。",
    "extension_max_times": "不另作限制的空着。",
    "signer_min_rank": "职务不够的，不能签发。",
    "feedback_collector": "代表在手机上评价；不方便的填纸质表，由这里选的机构录入，另一人核对。"
    "承办单位任何时候都不能代收。",
    "pre_review_steps": "提交以后、代工委复审之前，由谁先看。都不选就直接复审。",
    "extension_approvers": "都不选就无须批准，由单位向代表说明即可。",
    "dimensions": "每行一个方面，例如：态度、结果。写“总体”的，以它为准。",
    "hides_names_until_closed": "本轮评价结束前，承办单位看不到谁评价了什么。",
    "has_pre_assign_round": "交办会之前先问单位是否属其职责。",
    "signs_apart": "单位有两名以上经办人的，拟稿人不能自己签发。",
    "needs_second_check_of_no": "答复为须写明原因的类别的，送达前由代工委或者预审机构复核。",
    "allows_late_return": "不选的，过了期限就继续办理。",
    "joint_limit": "“答复期限之前”的，主办单位延期时会办期限跟着延。",
    "closed_means": "印在报表上的口径，各地不同。",
}
SCALE = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
CLASS_ROWS = 8


def number_field(label: str, hint: str, value: str) -> forms.CharField:
    """The format in words; static/js/staff.js shows what numbers it gives while it is typed."""
    now = "" if number_format_fault(value) else "、".join(
        f"{when} {number}" for when, number in examples(value)
    )  # fmt: skip
    attrs = {
        "data-number-names": json.dumps(NAMES | {name: f"n:{n}" for name, n in WIDTHS.items()}),
        "data-number-examples": json.dumps(EXAMPLES),
    }
    return forms.CharField(
        label=label, max_length=60, initial=shown(value), widget=forms.TextInput(attrs=attrs),
        help_text=f"{hint}{f'现在的编号：{now}。' if now else ''}",
    )  # fmt: skip


class NewRuleSetForm(forms.Form):
    """From which of the three templates, under what name."""

    template = forms.ChoiceField(
        label="从哪里开始",
        widget=forms.RadioSelect,
        choices=[(key, f"{t['name']}：{ABOUT_TEMPLATES[key]}") for key, t in TEMPLATES.items()],
        help_text="模板只是起点，每一项都可以改，发布前不起作用。",
        error_messages={"required": "请选择一个模板。"},
    )
    name = forms.CharField(
        label="名称",
        max_length=80,
        required=False,
        help_text="例如：滨海区代表建议办理规则。不填就用模板的名称。",
    )


class PartForm(forms.Form):
    """The fields of one part; `values()` is what the action takes."""

    def __init__(self, *args, part: Part, row: RuleSet, **kwargs):
        super().__init__(*args, **kwargs)
        self.part, self.row = part, row
        for name in part.fields:
            self._add(name)

    def _add(self, name: str) -> None:
        column = RuleSet._meta.get_field(name)
        value = getattr(self.row, name)
        label, hint = str(column.verbose_name), HINTS.get(name, "")
        if name == "scale":
            words = {s.get("value"): s.get("word") for s in value}
            for key, plain in SCALE.items():
                self.fields[f"scale_{key}"] = forms.CharField(
                    label=f"档次：{plain}", max_length=20, initial=words.get(key, plain)
                )
        elif name == "duty_items":
            items = [
                (i.code, f"{i.code} {i.name}") for i in DutyItem.objects.filter(is_active=True)
            ]
            # What stands in the rules stays there, also where the list of duties has not got it.
            known = {code for code, _ in items}
            items += [(code, code) for code in sorted(set(value.values()) - known)]
            for key, plain in DUTIES.items():
                self.fields[f"duty_{key}"] = forms.ChoiceField(
                    label=f"{plain}计入", choices=[("", "不计入"), *items], required=False,
                    initial=value.get(key, ""),
                )  # fmt: skip
        elif name in ("pre_review_steps", "extension_approvers"):
            choices = PRE_REVIEW if name == "pre_review_steps" else APPROVERS
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=list(choices.items()), required=False, initial=value,
                widget=forms.CheckboxSelectMultiple, help_text=hint,
            )  # fmt: skip
        elif name == "number_format":
            self.fields[name] = number_field(label, hint, value)
        elif name == "dimensions":
            self.fields[name] = forms.CharField(
                label=label, initial="\n".join(value), help_text=hint, max_length=200,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": "请至少写一个评价方面。"},
            )  # fmt: skip
        elif isinstance(column, models.BooleanField):
            self.fields[name] = forms.BooleanField(
                label=label, required=False, initial=value, help_text=hint
            )
        elif column.choices:
            self.fields[name] = forms.ChoiceField(
                label=label, choices=column.choices, initial=value, help_text=hint
            )
        elif isinstance(column, models.IntegerField):
            bound = BOUNDS[name]
            self.fields[name] = forms.IntegerField(
                label=label, initial=value, required=not column.null,
                help_text=" ".join(w for w in (bound.words, hint) if w),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                error_messages={"required": "请填写数字。", "invalid": "请填写整数。"},
            )  # fmt: skip
        else:
            self.fields[name] = forms.CharField(
                label=label, max_length=column.max_length, initial=value, help_text=hint
            )

    def clean_dimensions(self) -> list[str]:
        lines = self.cleaned_data["dimensions"].replace("、", "\n").split("\n")
        found = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if len(found) > 6:
            raise forms.ValidationError("评价方面最多六个。")
        if any(len(name) > 10 for name in found):
            raise forms.ValidationError("每个评价方面最多十个字。")
        return found

    def clean_number_format(self) -> str:
        text = self.cleaned_data["number_format"].strip()
        text = stored(text.replace("｛", "{").replace("｝", "}"))
        if fault := number_format_fault(text):
            raise forms.ValidationError(f"{fault}。")
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        whole = {f.name: getattr(self.row, f.name) for f in RuleSet._meta.concrete_fields}
        faults = bound_faults(whole | {k: v for k, v in values.items() if k in whole})
        for name, fault in faults.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, f"{fault}。")
        return values

    def values(self) -> dict[str, Any]:
        """Column by column."""
        data = self.cleaned_data
        found = {n: data[n] for n in self.part.fields if n in data}
        if "scale" in self.part.fields:
            found["scale"] = [{"value": k, "word": data[f"scale_{k}"].strip()} for k in SCALE]
        if "duty_items" in self.part.fields:
            found["duty_items"] = {k: data[f"duty_{k}"] for k in DUTIES if data[f"duty_{k}"]}
        return found


class ClassesForm(forms.Form):
    """结果类别: the marks of this place, each with its canonical meaning."""

    def __init__(self, *args, row: RuleSet, **kwargs):
        super().__init__(*args, **kwargs)
        known = list(row.classes.all())
        canonical = [("", "不用这一行"), *ResultClass.Canonical.choices]
        for n in range(CLASS_ROWS):
            old = known[n] if n < len(known) else None
            made = {
                "mark": forms.CharField(
                    label="类别标识", max_length=10, required=False, initial=old and old.mark
                ),
                "label": forms.CharField(
                    label="含义", max_length=60, required=False, initial=old and old.label
                ),
                "canonical": forms.ChoiceField(
                    label="统一口径", choices=canonical, required=False,
                    initial=old and old.canonical,
                ),
                "promise": forms.BooleanField(
                    label="须有承诺和时限", required=False, initial=bool(old and old.needs_promise)
                ),
                "reason": forms.BooleanField(
                    label="须写明原因", required=False, initial=bool(old and old.needs_reason)
                ),
            }  # fmt: skip
            self.fields |= {f"{part}_{n}": field for part, field in made.items()}

    PARTS = ("mark", "label", "canonical", "promise", "reason")

    @property
    def lines(self) -> list[list]:
        return [[self[f"{part}_{n}"] for part in self.PARTS] for n in range(CLASS_ROWS)]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        seen = set()
        for n in range(CLASS_ROWS):
            mark = (values.get(f"mark_{n}") or "").strip()
            label, canonical = values.get(f"label_{n}"), values.get(f"canonical_{n}")
            if not (mark or label):
                continue
            if not mark:
                self.add_error(f"mark_{n}", "请填写类别标识，例如 A 或者 甲。")
            if not label:
                self.add_error(f"label_{n}", "请写明含义。")
            if not canonical:
                self.add_error(f"canonical_{n}", "请选择统一口径，不同地方的类别靠它才能比较。")
            if mark in seen:
                self.add_error(f"mark_{n}", "这个标识已经用过。")
            seen.add(mark)
        if len(seen - {""}) < 2 and not self.errors:
            raise forms.ValidationError("至少要有两个结果类别。")
        return values

    def values(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            {"mark": data[f"mark_{n}"].strip(), "label": data[f"label_{n}"].strip(),
             "canonical": data[f"canonical_{n}"], "needs_promise": data[f"promise_{n}"],
             "needs_reason": data[f"reason_{n}"]}
            for n in range(CLASS_ROWS) if data[f"mark_{n}"].strip()
        ]  # fmt: skip


class PublishRulesForm(forms.Form):
    """From when, by which document."""

    in_force_from = DayField(label="施行日期")
    basis_document = forms.CharField(
        label="依据文件", max_length=160, help_text="文件名称和文号，例如：常发〔2026〕5号。"
    )


class BasisFileForm(forms.Form):
    """依据文件 itself."""

    file = EvidenceField(label="依据文件", kinds=("pdf", "jpeg", "png", "docx"))


class CategoryForm(forms.Form):
    """One category: its place, the committee that supervises, the units that as a rule handle."""

    UNITS = 4
    name = forms.CharField(label="名称", max_length=40)
    parent = forms.ModelChoiceField(
        label="上级分类",
        queryset=Category.objects.none(),
        required=False,
        empty_label="没有，这是第一级",
    )
    committee = forms.ModelChoiceField(
        label="对口督办委员会",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="没有",
        help_text="这一分类的建议由它跟踪督办。第二级不填的，随第一级。",
    )
    is_active = forms.BooleanField(
        label="启用", required=False, initial=True, help_text="停用后不能再选，已有的建议不变。"
    )

    def __init__(self, *args, row: Category | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        tops = Category.objects.filter(parent=None).order_by("position", "pk")
        if row is not None:
            tops = tops.exclude(pk=row.pk)
        self.fields["parent"].queryset = tops
        kinds = [Unit.Kind.SPECIAL_COMMITTEE, Unit.Kind.WORKING_COMMITTEE]
        self.fields["committee"].queryset = Unit.objects.filter(kind__in=kinds)
        units = assignable_units()
        choices = unit_choices(units)
        for n in range(1, self.UNITS + 1):
            self.fields[f"unit_{n}"] = forms.ModelChoiceField(
                label=f"一般由谁承办{n}", queryset=units, required=False
            )
            self.fields[f"unit_{n}"].choices = choices

    @classmethod
    def initial_of(cls, row: Category) -> dict[str, Any]:
        found = {"name": row.name, "parent": row.parent_id, "committee": row.committee_id,
                 "is_active": row.is_active}  # fmt: skip
        units = row.likely_units.values_list("unit_id", flat=True)
        return found | {f"unit_{n}": pk for n, pk in enumerate(units[: cls.UNITS], start=1)}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        name, parent = (values.get("name") or "").strip(), values.get("parent")
        same = Category.objects.filter(name=name, parent=parent)
        if self.row is not None:
            same = same.exclude(pk=self.row.pk)
            if parent and self.row.children.exists():
                self.add_error("parent", "它下面还有分类，不能再放到别的分类下面。")
        if name and same.exists():
            self.add_error("name", f"已有名为“{name}”的分类。")
        return values

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        units = [data[f"unit_{n}"] for n in range(1, self.UNITS + 1)]
        named = {k: data[k] for k in ("name", "parent", "committee", "is_active")}
        return named | {"units": list(dict.fromkeys(u for u in units if u))}
