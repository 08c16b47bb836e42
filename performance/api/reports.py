"""Self-reports for programs: what was reported, reporting, taking back."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from congress.models import Role
from deputies import access as registry

from .. import access, actions
from ..models import DutyItem, SelfReport
from ..rules.vocabulary import VALUES
from .lists import READERS, List

REPORTERS = frozenset({Role.DEPUTY, Role.STREET, Role.DEPUTY_AFFAIRS})


class ReportOut(serializers.ModelSerializer):
    name = serializers.CharField(source="deputy.name")
    item = serializers.CharField(source="item.code")
    item_name = serializers.CharField(source="item.name")
    state_name = serializers.CharField(source="get_state_display")

    class Meta:
        model = SelfReport
        fields = [
            "id",
            "deputy",
            "name",
            "item",
            "item_name",
            "on",
            "title",
            "quantity",
            "role",
            "level",
            "on_behalf",
            "state",
            "state_name",
            "return_reason",
            "record",
        ]


class ReportIn(serializers.Serializer):
    """`deputy` only where staff enter for somebody (代录)."""

    deputy = serializers.IntegerField(required=False)
    item = serializers.SlugRelatedField("code", queryset=DutyItem.objects.none())
    on = serializers.DateField()
    title = serializers.CharField(max_length=160)
    quantity = serializers.DecimalField(8, 2, min_value=Decimal("0.01"), default=1)
    role = serializers.ChoiceField(list(VALUES["role"].items()), required=False)
    level = serializers.ChoiceField(list(VALUES["level"].items()), required=False)

    def get_fields(self):
        fields = super().get_fields()
        fields["item"].queryset = DutyItem.objects.all()
        return fields


class Reports(List):
    """履职申报: what was reported and how far it is; reporting one more."""

    serializer_class = ReportOut
    filterset_fields = ["state"]

    def visible(self, member):
        return access.reports_visible_to(member)

    @extend_schema(request=ReportIn, responses={201: ReportOut})
    def post(self, request):
        member = request._request.member
        if member.role not in REPORTERS:
            raise PermissionDenied
        given = ReportIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        deputy = values.pop("deputy", None)
        if member.role == Role.DEPUTY:
            report = actions.report_duty(by=member, deputy=registry.own(member), **values)
        elif deputy is None:
            raise serializers.ValidationError({"deputy": ["请指明代表"]})
        else:
            report = actions.enter_on_behalf(
                by=member, deputy=registry.find(member, deputy), **values
            )
        return Response(ReportOut(report).data, status=status.HTTP_201_CREATED)


class OneReport(APIView):
    """One report."""

    roles = READERS

    @extend_schema(responses=ReportOut)
    def get(self, request, pk: int):
        member = request._request.member
        return Response(ReportOut(access.find(access.reports_visible_to(member), pk)).data)


class DropReport(APIView):
    """撤回 before it counts, by whoever sent it."""

    roles = REPORTERS

    @extend_schema(request=None, responses=ReportOut)
    def post(self, request, pk: int):
        member = request._request.member
        report = access.find(access.reports_visible_to(member), pk)
        return Response(ReportOut(actions.drop(report, by=member)).data)
