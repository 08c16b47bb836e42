"""Fields the registry's forms share."""

from django import forms
from django.db.models import QuerySet

from congress.models import Unit
from congress.models.units import STREET_KINDS


def streets() -> QuerySet[Unit]:
    """Streets and towns, in order."""
    return Unit.objects.filter(kind__in=STREET_KINDS).order_by("position", "pk")


def street_field() -> forms.ModelChoiceField:
    """A street or town; the form's __init__ sets its rows."""
    return forms.ModelChoiceField(
        label="所在街道（镇）", queryset=Unit.objects.none(), required=False, empty_label="未填"
    )
