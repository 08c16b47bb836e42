"""Fields the registry's forms share."""

import re
import unicodedata

from django import forms
from django.db.models import QuerySet

from congress.models import Unit
from congress.models.units import STREET_KINDS

DAY = {"type": "date"}


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


def street_field() -> forms.ModelChoiceField:
    """A street or town; the form's __init__ sets its rows."""
    return forms.ModelChoiceField(
        label="所在街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="未填"
    )
