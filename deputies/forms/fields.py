"""Fields the registry's forms share."""

from django import forms

from congress.models import Unit


def street_field() -> forms.ModelChoiceField:
    """A street or town; the form's __init__ sets its rows."""
    return forms.ModelChoiceField(
        label="所在街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="未填"
    )
