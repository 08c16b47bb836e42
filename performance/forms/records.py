"""Duty facts and self-reports: filters, what is reported, for whom, why not."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from congress.forms import DayField, FilterForm, TabField, WordsField
from congress.models import Membership, Unit
from congress.models.units import STREET_KINDS
from congress.queries import streets
from congress.uploads import EvidenceField
from deputies import access as registry
from deputies.forms.people import find_people, typed_names
from deputies.queries import in_office, was_in_office

from .. import access
from ..models import Aspect, DutyItem, DutyRecord, Objection, Period, SelfReport
from ..queries.records import SOURCES, Questions, doubled, records_narrowed
from ..rules.vocabulary import VALUES
from .fields import NumberField

MOST_PEOPLE = 200


class _Filter(FilterForm):
    """Filters that know whose rows are listed: a street is not asked for the street."""

    def __init__(self, *args: Any, member: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.member = member
        if "item" in self.fields:
            self.fields["item"].queryset = DutyItem.objects.order_by("position", "pk")
        if "period" in self.fields:
            self.fields["period"].queryset = Period.objects.order_by("-starts_on")
        if "street" in self.fields:
            if member.unit_id and member.unit.kind in STREET_KINDS:
                del self.fields["street"]
            else:
                seats = in_office(timezone.localdate()).order_by().values("street")
                self.fields["street"].queryset = streets(seats)


def _item() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label="事项", queryset=DutyItem.objects.none(), required=False, empty_label="全部"
    )


def _street() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label="街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )


class RecordFilter(_Filter):
    q = WordsField(label="代表或内容", max_length=40, required=False)
    item = _item()
    aspect = forms.ChoiceField(
        label="方面", required=False, choices=[("", "全部"), *Aspect.choices]
    )
    street = _street()
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)
    outcome = forms.ChoiceField(
        label="出席情况",
        required=False,
        choices=[("", "全部"), *DutyRecord.AttendanceOutcome.choices],
    )
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部"), *SOURCES.items()]
    )
    on_behalf = forms.BooleanField(label="只看代录", required=False)
    withdrawn = forms.BooleanField(label="只看已撤回", required=False)

    def rows(self) -> QuerySet[DutyRecord]:
        """The facts asked for, of those the member sees, the latest in front."""
        seen = access.records_visible_to(self.member)
        return records_narrowed(seen, self.asked(), registry.visible_to(self.member))


class ReportFilter(_Filter):
    state__exact = TabField(SelfReport.State.values)
    q = WordsField(label="代表或内容", max_length=40, required=False)
    item = _item()
    street = _street()
    on_behalf = forms.BooleanField(label="只看代录", required=False)
    mine = forms.BooleanField(label="只看我可以复核的", required=False)


class ObjectionFilter(_Filter):
    state__exact = TabField(Objection.State.values)
    q = WordsField(label="代表或内容", max_length=40, required=False)
    kind = forms.ChoiceField(
        label="种类", required=False, choices=[("", "全部"), *Objection.Kind.choices]
    )
    period = forms.ModelChoiceField(
        label="考核期", queryset=Period.objects.none(), required=False, empty_label="全部"
    )


class ReasonForm(forms.Form):
    reason = WordsField(label="原因", rows=3, max_length=300, help_text="代表会看到这段话。")


class TakeBackForm(forms.Form):
    reason = WordsField(label="原因", rows=3, max_length=200, help_text="代表会看到这段话。")


class DutyForm(forms.Form):
    """One duty: the day, what was done, what the rules tell apart, evidence if there is any."""

    on = DayField(label="日期")
    title = WordsField(label="内容", rows=4, max_length=160)
    quantity = NumberField(label="数量", required=False, min_value=0)
    role = forms.ChoiceField(label="您的作用", widget=forms.RadioSelect)
    level = forms.ChoiceField(label="级别", widget=forms.RadioSelect)
    evidence = EvidenceField(
        label="佐证",
        required=False,
        help_text="照片、PDF、Word、Excel 都可以，每个不超过 20 MB。没有也可以提交。",
    )

    def __init__(self, *args: Any, item: DutyItem, asked: Questions, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["title"].help_text = item.hint or "时间、地点、做了什么，一两句话写清楚。"
        if asked.quantity:
            self.fields["quantity"].label = f"数量（{item.unit_word}）"
            self.fields["quantity"].required = True
            self.initial.setdefault("quantity", 1)
        else:
            del self.fields["quantity"]
        for name, values in (("role", asked.role), ("level", asked.level)):
            if values:
                words = VALUES[name]
                self.fields[name].choices = [(v, words.get(v, v)) for v in values]
            else:
                del self.fields[name]

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("履职日期不能晚于今天")
        return on

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_quantity(self):
        quantity = self.cleaned_data["quantity"]
        if quantity is not None and quantity <= 0:
            raise forms.ValidationError("数量要大于零")
        return quantity

    def values(self) -> dict[str, Any]:
        """What the actions take."""
        about_people = ("names", "is_another")
        found = {k: v for k, v in self.cleaned_data.items() if k not in about_people}
        if found.get("quantity") is None:
            found["quantity"] = 1
        return {"role": "", "level": ""} | found


class OnBehalfForm(DutyForm):
    """代录: one duty of one day for the deputies named, one on each line."""

    field_order = ["names", "on", "title", "quantity", "role", "level", "evidence"]
    is_another = forms.BooleanField(label="不是重复，仍然录入", required=False)
    names = WordsField(
        label="代表姓名",
        rows=4,
        max_length=4000,
        help_text="一行一位，也可以用顿号或逗号隔开。同名的，在姓名后写代表证号，例如“张华 023”。",
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.member = member
        self.asks_again = self.fields["is_another"]
        if "is_another" not in self.data:
            del self.fields["is_another"]  # asked only where something looks entered twice
        if "role" in self.fields:
            self.fields["role"].label = "作用"

    def clean_names(self) -> str:
        names = self.cleaned_data["names"]
        if len(typed_names(names)) > MOST_PEOPLE:
            raise forms.ValidationError(f"一次最多代录 {MOST_PEOPLE} 位代表")
        self.deputies, faults = find_people(names, registry.visible_to(self.member))
        if faults:
            raise forms.ValidationError(faults)
        if not self.deputies:
            raise forms.ValidationError("没有读到姓名，请核对名单的写法")
        return names

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        on = found.get("on")
        if not on or "names" not in found:
            return found
        held = was_in_office([d.pk for d in self.deputies], on)
        if gone := [d.name for d in self.deputies if d.pk not in held]:
            self.add_error("names", f"当天不在任，不能录入：{'、'.join(gone)}")
        elif not found.get("is_another"):
            twice = doubled(self.deputies, self.item, on)
            if twice:
                self.fields["is_another"] = self.asks_again
                names = "、".join(d.name for d in twice)
                self.add_error("is_another", f"当天已有“{self.item}”，可能重复：{names}")
        return found


class ItemChoiceForm(forms.Form):
    item = forms.ModelChoiceField(
        label="履职事项", queryset=DutyItem.objects.none(), empty_label="请选择"
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = DutyItem.objects.filter(is_active=True)


class DecisionForm(forms.Form):
    reason = WordsField(label="理由", rows=4, max_length=300, help_text="代表会看到这段话。")


class EnterMissingForm(DecisionForm):
    """A missing fact is entered with the decision, unless it was entered elsewhere."""

    item = forms.ModelChoiceField(
        label="补记为",
        queryset=DutyItem.objects.none(),
        required=False,
        empty_label="不在这里补记（已经另行记录）",
    )
    on = DayField(label="履职日期", required=False)
    title = WordsField(label="内容", max_length=160, required=False)
    field_order = ["item", "on", "title", "reason"]

    def __init__(self, *args: Any, objection: Objection, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.objection = objection
        self.fields["item"].queryset = DutyItem.objects.filter(is_active=True)

    def clean_on(self):
        on, period = self.cleaned_data["on"], self.objection.period
        if on and not period.starts_on <= on <= period.ends_on:
            raise forms.ValidationError(f"履职日期不在“{period}”内")
        if on and not was_in_office([self.objection.deputy_id], on):
            raise forms.ValidationError("这位代表当天不在任")
        return on

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("item") and not found.get("on"):
            self.add_error("on", "请填写履职日期")
        elif found.get("on") and not found.get("item"):
            self.add_error("item", "请选择补记为哪一项")
        elif found.get("on") and found["on"] > timezone.localdate():
            self.add_error("on", "履职日期不能晚于今天")
        return found
