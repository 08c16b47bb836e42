"""Fields the forms of all apps share."""

import re
import unicodedata
from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, from the browser's calendar or as people type it: full-width digits, 2026.3.16,
    2026/3/16 and 2026年3月16日 are read too."""

    default_error_messages = {
        "invalid": "请写成 2026-03-16 的样子。",
        "required": "请填写日期。",
    }

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)

    def to_python(self, value: Any):
        if isinstance(value, bool):  # from a program
            value = str(value)
        if isinstance(value, str):
            text = unicodedata.normalize("NFKC", value).strip().rstrip("日")
            parts = re.split(r"[-./年月]", text)
            if len(parts) == 3 and all(p.isdecimal() for p in parts):
                value = f"{parts[0]}-{int(parts[1]):02}-{int(parts[2]):02}"
        return super().to_python(value)


class WordsField(forms.CharField):
    """Text, of `rows` lines where given; control signs and blanks around are taken off."""

    def __init__(self, *, rows: int = 0, **kwargs: Any):
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return "".join(c for c in text if c == "\n" or unicodedata.category(c)[0] != "C").strip()
