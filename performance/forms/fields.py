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
