"""How the supervision wall is narrowed, and what is written to units."""

from django import forms

from congress.forms import FilterForm
from congress.models import Unit

from ..models import Assignment, Category
from ..queries.wall import LIGHTS, POINTS


class WallFilter(FilterForm):
    q = forms.CharField(label="编号、标题、内容", required=False, max_length=80)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="承办单位", required=False, empty_label="全部"
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), label="分类", required=False, empty_label="全部"
    )
    role = forms.ChoiceField(
        label="承办方式", required=False, choices=[("", "全部"), *Assignment.Role.choices]
    )
    light = forms.ChoiceField(label="期限", required=False, choices=[("", "全部"), *LIGHTS.items()])
    point = forms.ChoiceField(
        label="卡在哪里", required=False, choices=[("", "全部"), *POINTS.items()]
    )
    key = forms.BooleanField(label="只看重点督办", required=False)
    checking = forms.BooleanField(label="只看待我预审", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(parent=None)
        self.fields["unit"].queryset = Unit.objects.filter(assignments__isnull=False).distinct()


class UrgeForm(forms.Form):
    """催办: the words, and whether a letter goes with them."""

    text = forms.CharField(
        label="催办内容",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        initial="请抓紧办理，按期答复代表，并将办理进展告知我们。",
    )
    with_letter = forms.BooleanField(
        label="同时生成催办函，每个单位一份，列明所催办的建议", required=False, initial=True
    )
