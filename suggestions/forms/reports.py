"""What a yearly report says besides its figures."""

from django import forms

from congress.forms import WordsField
from congress.models import Sitting


class ReportForm(forms.Form):
    """The year, the title, and the words only people can write; the figures come by themselves."""

    sitting = forms.ModelChoiceField(
        label="会次年度", queryset=Sitting.objects.none(), empty_label=None,
        help_text="会议期间提出的，和交办时属于这一年度的闭会建议，都计入。",
    )  # fmt: skip
    title = WordsField(label="标题", max_length=110)
    opening = WordsField(
        label="主要做法", rows=5, max_length=4000, required=False,
        help_text="印在“办理工作情况”的开头。每段一行。",
    )  # fmt: skip
    problems = WordsField(label="存在的问题", rows=4, max_length=4000, required=False)
    next_steps = WordsField(label="下一步工作", rows=4, max_length=4000, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Sitting.objects.select_related("term").order_by("-opens_on")
        self.fields["sitting"].queryset = rows
        self.fields["sitting"].label_from_instance = lambda s: f"{s.term.name}{s.name}"
