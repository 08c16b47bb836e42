"""承诺台账 at the staff's desk."""

from django import forms

from congress.forms import FilterForm, TabField
from congress.models import Term, Unit
from congress.uploads import EvidenceField

from ..queries.promising import PLACES
from .fields import YesNoField


class PromiseFilter(FilterForm):
    place = TabField(PLACES)
    q = forms.CharField(label="编号、标题、承诺", required=False, max_length=80)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="承诺单位", required=False, empty_label="全部"
    )
    term = forms.ModelChoiceField(
        Term.objects.none(), label="提出的届", required=False, empty_label="全部"
    )
    year = forms.TypedChoiceField(
        label="承诺完成年份", required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(promises__isnull=False).distinct()
        self.fields["term"].queryset = Term.objects.order_by("-starts_on")
        self.fields["year"].choices = [("", "全部"), *((y, f"{y}年") for y in years)]


class ClassWordForm(forms.Form):
    """What a deputy said in writing of a change of class, with its scan."""

    agrees = YesNoField(
        label="代表的意见",
        yes="同意调整",
        no="不同意",
        error_messages={"required": "请选择代表的意见。"},
    )
    scan = EvidenceField(label="代表签名的书面意见", kinds=("jpeg", "png", "webp", "pdf"))


class TextForm(forms.Form):
    """Some words on what was found."""

    text = forms.CharField(
        label="核实情况", max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReopenForm(TextForm):
    text = forms.CharField(
        label="重新跟踪的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
