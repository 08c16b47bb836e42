"""Duty facts and what counts as one, for programs."""

import django_filters
from rest_framework import serializers

from .. import access
from ..models import DutyItem, DutyRecord
from .lists import List


class ItemOut(serializers.ModelSerializer):
    aspect_name = serializers.CharField(source="get_aspect_display")

    class Meta:
        model = DutyItem
        fields = ["code", "name", "aspect", "aspect_name", "unit_word", "self_reportable", "hint"]


class Items(List):
    """What counts as duty; `self_reportable` is what a deputy may report."""

    serializer_class = ItemOut
    filterset_fields = ["aspect", "self_reportable"]

    def visible(self, member):
        return DutyItem.objects.filter(is_active=True)


class FactOut(serializers.ModelSerializer):
    name = serializers.CharField(source="deputy.name")
    item = serializers.CharField(source="item.code")
    item_name = serializers.CharField(source="item.name")

    class Meta:
        model = DutyRecord
        fields = [
            "id",
            "deputy",
            "name",
            "item",
            "item_name",
            "on",
            "title",
            "quantity",
            "outcome",
            "role",
            "level",
            "on_behalf",
            "withdrawn_at",
            "withdrawn_reason",
        ]


class FactFilter(django_filters.FilterSet):
    item = django_filters.CharFilter(field_name="item__code")
    deputy = django_filters.NumberFilter(field_name="deputy_id")
    since = django_filters.DateFilter(field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="on", lookup_expr="lte")
    withdrawn = django_filters.BooleanFilter(
        field_name="withdrawn_at", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = DutyRecord
        fields = []


class Facts(List):
    """履职记录, the latest first; those taken back are among them, with the reason."""

    serializer_class = FactOut
    filterset_class = FactFilter

    def visible(self, member):
        return access.records_visible_to(member)
