"""Sending a roster in, and answering what it asked."""

from django import forms

from congress.forms import DayField
from congress.xlsx import Unreadable, inspect

from ..models import Mandate


class RosterForm(forms.Form):
    file = forms.FileField(
        label="名册文件",
        help_text="扩展名为 .xlsx，不超过 10 MB。表头的叫法、日期和号码的写法不必改，系统会认。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    default_level = forms.ChoiceField(
        label="代表层级",
        choices=Mandate.Level.choices,
        help_text="表中没有“层级”一列时，用这里选的层级。",
    )
    starts_on = DayField(
        label="任职起始日期",
        help_text="表中没有写任职日期的新代表，从这一天起任职。",
    )
    document = forms.CharField(
        label="依据文件",
        required=False,
        max_length=160,
        help_text="如：选举结果公告〔2022〕1号。",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        content = file.read()
        try:
            inspect(content, file.name)
        except Unreadable as refused:
            raise forms.ValidationError(refused.sentence) from None
        self.content = content
        return file


class AnswersForm:
    """Answers of a dry run: fields `row:<sheet!line>` and `place:<kind:name>`, as posted."""

    LIMIT = 2000

    def __init__(self, data):
        self.rows, self.places = {}, {}
        for name, value in list(data.items())[: self.LIMIT]:
            kind, _, key = name.partition(":")
            if kind == "row" and key and len(value) < 200:
                self.rows[key] = value
            elif kind == "place" and key and len(value) < 200:
                self.places[key] = value

    def is_empty(self) -> bool:
        return not self.rows and not self.places
