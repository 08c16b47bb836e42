"""Fields shared by the forms of duty performance."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms


class NumberField(forms.DecimalField):
    """A decimal as people type it: full-width digits, a typographic minus, blanks around."""

    default_error_messages = {"invalid": "请填写数字"}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input-short"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace("−", "-").replace(",", "").strip()
        return super().to_python(value)


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar."""

    default_error_messages = {"invalid": "请选择日期"}

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)


class WordsField(forms.CharField):
    """A line of text; control signs and blanks around are taken off."""

    def __init__(self, *, rows: int = 0, **kwargs: Any):
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C").strip()
