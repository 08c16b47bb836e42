"""A deputy's file, and what happens to a seat."""

from django import forms
from django.utils import timezone

from congress.forms import DayField
from congress.models import Term
from congress.names import clean_name
from congress.queries import streets

from ..imports import cells
from ..imports.cells import CellError
from ..models import Constituency, Delegation, Deputy, Mandate
from .fields import street_field


class PersonForm(forms.Form):
    """The personal part of a file. Numbers left empty stay as they are."""

    name = forms.CharField(label="姓名", max_length=40)
    gender = forms.ChoiceField(
        label="性别", required=False, choices=[("", "未填"), *Deputy.Gender.choices]
    )
    ethnicity = forms.CharField(label="民族", max_length=20, required=False)
    born = forms.CharField(
        label="出生日期", max_length=20, required=False, help_text="1975、1975-03 或 1975-03-06。"
    )
    party = forms.CharField(label="党派", max_length=30, required=False)
    education = forms.CharField(label="学历", max_length=30, required=False)
    occupation = forms.CharField(label="工作单位及职务", max_length=120, required=False)
    id_number = forms.CharField(label="身份证号", max_length=30, required=False)
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

    def _read(self, name: str, read) -> str:
        """A value as rosters read it; what a roster repairs aloud is simply right here."""
        raw = self.cleaned_data[name].strip()
        if not raw:
            return ""
        try:
            value, said, *_ = read(raw)
        except CellError as wrong:
            raise forms.ValidationError(f"{wrong}。") from None
        if "*" in value or not value:
            raise forms.ValidationError("请填完整的号码。" if "*" in value else f"{said}。")
        return value

    def clean_name(self):
        try:
            return cells.name(self.cleaned_data["name"])[0]
        except CellError as wrong:
            raise forms.ValidationError(f"{wrong}。") from None

    def clean_born(self):
        today = timezone.localdate()
        return self._read("born", lambda raw: cells.day_or_month(raw, today))

    def clean_id_number(self):
        return self._read("id_number", cells.id_number)

    def clean_phone(self):
        return self._read("phone", cells.phone)

    def clean_ethnicity(self):
        return self._read("ethnicity", cells.ethnicity)

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
    street = street_field()
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

    namesake = forms.BooleanField(label="这是另一位同名代表", required=False)
    field_order = ["name", "namesake", *PersonForm.base_fields, *SeatForm.base_fields]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.is_bound and self._known()):
            del self.fields["namesake"]

    def _known(self) -> list[Deputy]:
        name = clean_name(str(self.data.get("name") or ""))
        return list(Deputy.objects.filter(name=name)[:5]) if name else []

    def clean(self):
        asked = super().clean()
        if "namesake" in self.fields and not asked.get("namesake"):
            said = "；".join(", ".join(filter(None, (d.name, d.occupation))) for d in self._known())
            self.add_error(
                "namesake",
                f"名册里已有同名代表（{said}）。是同一人的，请在该代表名下“增加职务”；是另一位的，请勾选。",
            )
        return asked


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
            ("street", "所在街道（镇）", streets([mandate.street_id] if mandate.street_id else ())),
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
