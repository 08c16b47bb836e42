"""Lists as at a day, a deputy's file, what happens to a seat."""

import datetime as dt
import re
import unicodedata

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from congress.models import Term, Unit
from congress.models.units import STREET_KINDS

from .. import queries
from ..models import (
    CommitteeSeat,
    Constituency,
    Delegation,
    Deputy,
    DeputyGroup,
    GroupSeat,
    Mandate,
)
from ..models.places import COMMITTEE_KINDS

DAY = {"type": "date"}
BORN = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


class DayField(forms.DateField):
    """A day; full-width digits, 2026.3.16 and 2026年3月16日 are read too."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs=DAY))
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(
            error_messages={"invalid": "请写成 2026-03-16 的样子。", "required": "请填写日期。"},
            **kwargs,
        )

    def to_python(self, value):
        if isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip().rstrip("日")
            parts = re.split(r"[-./年月]", text)
            if len(parts) == 3 and all(p.isdigit() for p in parts):
                value = f"{parts[0]}-{int(parts[1]):02}-{int(parts[2]):02}"
        return super().to_python(value)


def streets() -> QuerySet[Unit]:
    """Streets and towns, in order."""
    return Unit.objects.filter(kind__in=STREET_KINDS).order_by("position", "pk")


def committees() -> QuerySet[Unit]:
    """Units a deputy may have a seat in, in order."""
    return Unit.objects.filter(kind__in=COMMITTEE_KINDS).order_by("position", "pk")


class SeatFilter(forms.Form):
    """Which seats: what all lists of deputies ask."""

    q = forms.CharField(label="姓名", max_length=40, required=False)
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False, empty_label="全部"
    )
    street = forms.ModelChoiceField(
        label="街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )

    CHOICES = ("level", "delegation", "street", "constituency")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = {
            "delegation": Delegation.objects.all(),
            "street": streets(),
            "constituency": Constituency.objects.all(),
            "group": DeputyGroup.objects.all(),
            "committee": committees(),
        }
        for name, found in rows.items():
            if name in self.fields:
                self.fields[name].queryset = found

    def apply(self, seats: QuerySet[Mandate], on: dt.date | None = None) -> QuerySet[Mandate]:
        """The seats this filter leaves; groups and committees as on a day (today)."""
        on, asked = on or timezone.localdate(), self.cleaned_data
        for name in self.CHOICES:
            if asked.get(name):
                seats = seats.filter(**{name: asked[name]})
        if asked.get("group"):
            held = queries.seats_on(GroupSeat, on).filter(group=asked["group"])
            seats = seats.filter(deputy__in=held.order_by().values("deputy"))
        if asked.get("committee"):
            held = queries.seats_on(CommitteeSeat, on).filter(unit=asked["committee"])
            seats = seats.filter(deputy__in=held.order_by().values("deputy"))
        if words := (asked.get("q") or "").strip():
            seats = seats.filter(
                deputy__in=queries.search(Deputy.objects.all(), words).order_by().values("pk")
            )
        return seats


class PublicFilter(SeatFilter):
    """What everybody asks."""


class ColleagueFilter(SeatFilter):
    """What a deputy asks of the others."""

    group = forms.ModelChoiceField(
        label="代表小组", queryset=DeputyGroup.objects.none(), required=False, empty_label="全部"
    )


class DeputyFilter(SeatFilter):
    """What the staff ask, as at which day."""

    q = forms.CharField(label="姓名、首字母或证号", max_length=40, required=False)
    level = forms.ChoiceField(
        label="层级", required=False, choices=[("", "全部"), *Mandate.Level.choices]
    )
    constituency = forms.ModelChoiceField(
        label="选区（选举单位）", queryset=Constituency.objects.none(), required=False,
        empty_label="全部",
    )  # fmt: skip
    group = forms.ModelChoiceField(
        label="代表小组", queryset=DeputyGroup.objects.none(), required=False, empty_label="全部"
    )
    committee = forms.ModelChoiceField(
        label="委员会", queryset=Unit.objects.none(), required=False, empty_label="全部"
    )
    on = DayField(label="截至日期", required=False)
    left = forms.BooleanField(label="只看已离任", required=False)

    field_order = ["q", "level", "delegation", "street", "group", "constituency", "committee", "on",
                   "left"]  # fmt: skip

    @property
    def day(self) -> dt.date:
        """The day asked for, today when none."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return asked.get("on") or timezone.localdate()


class PersonForm(forms.Form):
    """The personal part of a file. Numbers left empty stay as they are."""

    name = forms.CharField(label="姓名", max_length=40)
    gender = forms.ChoiceField(
        label="性别", required=False, choices=[("", "未填"), *Deputy.Gender.choices]
    )
    ethnicity = forms.CharField(label="民族", max_length=20, required=False)
    born = forms.CharField(
        label="出生日期", max_length=10, required=False, help_text="1975、1975-03 或 1975-03-06。"
    )
    party = forms.CharField(label="党派", max_length=30, required=False)
    education = forms.CharField(label="学历", max_length=30, required=False)
    occupation = forms.CharField(label="工作单位及职务", max_length=120, required=False)
    id_number = forms.CharField(label="身份证号", max_length=18, required=False)
    phone = forms.CharField(label="手机号", max_length=20, required=False)
    notes = forms.CharField(
        label="备注", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, deputy: Deputy | None = None, **kwargs):
        if deputy is not None:
            names = [n for n in self.base_fields if n not in ("id_number", "phone")]
            kwargs.setdefault("initial", {n: getattr(deputy, n) for n in names})
        super().__init__(*args, **kwargs)
        if deputy is not None:
            for name in ("id_number", "phone"):
                self.fields[name].help_text = "不改的不用填；原来的号码不在这里显示。"

    def clean_born(self):
        born = unicodedata.normalize("NFKC", self.cleaned_data["born"]).strip().replace(".", "-")
        if born and not BORN.match(born):
            raise forms.ValidationError("请写成 1975、1975-03 或 1975-03-06。")
        return born

    def clean_id_number(self):
        number = unicodedata.normalize("NFKC", self.cleaned_data["id_number"]).strip().upper()
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        if number:
            if not re.fullmatch(r"\d{17}[\dX]", number):
                raise forms.ValidationError("身份证号是十八位。")
            check = sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11
            if number[17] != "10X98765432"[check]:
                raise forms.ValidationError("身份证号的最后一位不对，请核对。")
        return number

    def clean_phone(self):
        phone = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["phone"]))
        if phone and not re.fullmatch(r"1[3-9]\d{9}", phone):
            raise forms.ValidationError("手机号是十一位。")
        return phone

    @property
    def values(self) -> dict:
        """What is to be written: a number left empty is not."""
        data = {n: self.cleaned_data[n] for n in PersonForm.base_fields}
        return {n: v for n, v in data.items() if v or n not in ("id_number", "phone")}


class SeatForm(forms.Form):
    """A seat: level, places, from which day."""

    level = forms.ChoiceField(label="层级", choices=Mandate.Level.choices)
    start_reason = forms.ChoiceField(label="产生方式", choices=Mandate.Start.choices)
    starts_on = DayField(label="任职起")
    constituency = forms.ModelChoiceField(
        label="选区（选举单位）", queryset=Constituency.objects.none(), required=False,
        empty_label="未填",
    )  # fmt: skip
    delegation = forms.ModelChoiceField(
        label="代表团", queryset=Delegation.objects.none(), required=False, empty_label="未填"
    )
    street = forms.ModelChoiceField(
        label="所在街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="未填"
    )
    number = forms.CharField(label="代表证号", max_length=30, required=False)
    document = forms.CharField(
        label="依据文件", max_length=160, help_text="如：补选结果公告〔2026〕1号。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["constituency"].queryset = Constituency.objects.all()
        self.fields["delegation"].queryset = Delegation.objects.all()
        self.fields["street"].queryset = streets()

    @property
    def seat(self) -> dict:
        names = [n for n in SeatForm.base_fields if n != "document"]
        return {n: self.cleaned_data[n] for n in names} | {"term": Term.objects.first()}


class NewDeputyForm(PersonForm, SeatForm):
    """A deputy who is registered by hand, with one seat."""

    field_order = [*PersonForm.base_fields, *SeatForm.base_fields]


class EventForm(forms.Form):
    """What happens to a seat: the day, the document, a note."""

    on = DayField(label="日期")
    document = forms.CharField(
        label="依据文件", max_length=160, help_text="如：常委会公告〔2026〕3号。"
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class EndForm(EventForm):
    """The seat ends by law."""

    reason = forms.ChoiceField(
        label="原因", choices=[c for c in Mandate.End.choices if c[0] != Mandate.End.RESIGNED]
    )


class MoveForm(EventForm):
    """Another constituency, delegation or street."""

    document = forms.CharField(label="依据文件", max_length=160, required=False)

    def __init__(self, *args, mandate: Mandate, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label, rows in (
            ("constituency", "选区（选举单位）", Constituency.objects.all()),
            ("delegation", "代表团", Delegation.objects.all()),
            ("street", "所在街道（镇）", streets()),
        ):
            self.fields[name] = forms.ModelChoiceField(
                label=label, queryset=rows, required=False, empty_label="未填",
                initial=getattr(mandate, f"{name}_id"),
            )  # fmt: skip


class RevealForm(forms.Form):
    """Why hidden numbers are looked at."""

    reason = forms.CharField(
        label="查看的理由", min_length=4, max_length=200,
        help_text="例如：核对补选登记表。理由和查看人记入日志。",
        error_messages={"min_length": "请写明理由，至少四个字。"},
    )  # fmt: skip
