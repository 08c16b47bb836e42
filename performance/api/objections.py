"""Objections for programs: those one may see, raising one."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.response import Response

from congress.models import Role
from deputies import access as registry

from .. import access, actions
from ..models import DutyItem, Objection
from .lists import List


class ObjectionOut(serializers.ModelSerializer):
    name = serializers.CharField(source="deputy.name")
    item = serializers.CharField(source="item.code", default=None, allow_null=True)
    rule = serializers.CharField(source="node.key", default=None, allow_null=True)
    state_name = serializers.CharField(source="get_state_display")

    class Meta:
        model = Objection
        fields = ["id", "period", "deputy", "name", "kind", "record", "rule", "item", "text",
                  "state", "state_name", "raised_at", "decided_at", "decision_reason"]  # fmt: skip


class ObjectionIn(serializers.Serializer):
    """`record` for a fact that is wrong or double, `item` for one that is missing."""

    period = serializers.IntegerField()
    kind = serializers.ChoiceField(Objection.Kind.choices)
    text = serializers.CharField(max_length=1000)
    record = serializers.IntegerField(required=False)
    item = serializers.CharField(required=False)


class Objections(List):
    """异议: those one may see; a deputy raises one."""

    serializer_class = ObjectionOut
    filterset_fields = ["state", "kind", "period"]

    def visible(self, member):
        return access.objections_visible_to(member)

    @extend_schema(request=ObjectionIn, responses={201: ObjectionOut})
    def post(self, request):
        member = request._request.member
        if member.role != Role.DEPUTY:
            raise PermissionDenied
        given = ObjectionIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        period = access.find(access.periods_visible_to(member), values.pop("period"))
        if "record" in values:
            values["record"] = access.find(access.records_visible_to(member), values["record"])
        if "item" in values:
            values["item"] = generics.get_object_or_404(DutyItem, code=values["item"])
        row = actions.raise_objection(period, by=member, deputy=registry.own(member), **values)
        return Response(ObjectionOut(row).data, status=status.HTTP_201_CREATED)
