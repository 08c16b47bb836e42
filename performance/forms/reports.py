"""What a deputy objects to."""

from typing import Any

from django import forms

from congress.forms import WordsField
from congress.uploads import EvidenceField

from ..models import DutyItem, Objection

Kind = Objection.Kind


class ObjectionForm(forms.Form):
    """错、重、漏, in the deputy's own words; `about` is "record", "node" or nothing: what is
    missing points at no record."""

    KINDS = (
        (Kind.WRONG, "记错了"),
        (Kind.DUPLICATE, "记重了"),
        (Kind.MISSING, "漏记了"),
    )
    OF = {
        "record": (Kind.WRONG, Kind.DUPLICATE),
        "node": (Kind.WRONG, Kind.DUPLICATE, Kind.MISSING),
    }

    kind = forms.ChoiceField(
        label="哪里不对",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是哪一种问题"},
    )
    item = forms.ModelChoiceField(
        label="漏记了哪一项",
        queryset=DutyItem.objects.none(),
        required=False,
        empty_label="不确定",
    )
    text = WordsField(
        label="请说明情况",
        rows=5,
        max_length=1000,
        help_text="写明时间、地点和实际情况，便于核实。",
        error_messages={"required": "请说明情况"},
    )
    evidence = EvidenceField(
        label="佐证",
        required=False,
        help_text="照片、PDF、Word、Excel 都可以，每个不超过 20 MB。没有也可以提交。",
    )

    def __init__(self, *args: Any, about: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        if about:
            del self.fields["item"]
            self.fields["kind"].choices = [k for k in self.KINDS if k[0] in self.OF[about]]
        else:
            del self.fields["kind"]
            self.fields["item"].queryset = DutyItem.objects.filter(is_active=True)

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {"kind": Kind.MISSING} | self.cleaned_data
