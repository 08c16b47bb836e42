"""Duty performance for programs: facts, reports, objections and the account of a period."""

from decimal import Decimal

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from congress.models import Role
from deputies import access as registry

from . import access, actions, queries
from .models import DutyItem, DutyRecord, Objection, Period, SelfReport, TallyTotal
from .rules.vocabulary import VALUES

READERS = frozenset({*access.READERS, Role.STREET, Role.DEPUTY})
REPORTERS = frozenset({Role.DEPUTY, Role.STREET, Role.DEPUTY_AFFAIRS})


class List(generics.ListAPIView):
    """A list of what this member may see."""

    roles = READERS

    def visible(self, member) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self):
        member = getattr(self.request._request, "member", None)
        if member is None:
            return self.serializer_class.Meta.model.objects.none()
        return self.visible(member)


# -- Facts ------------------------------------------------------------------------------------


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


# -- Reports ----------------------------------------------------------------------------------


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


# -- The account ------------------------------------------------------------------------------


class PeriodOut(serializers.ModelSerializer):
    class Meta:
        model = Period
        fields = ["id", "name", "kind", "starts_on", "ends_on", "level", "state",
                  "objections_until"]  # fmt: skip


class Periods(List):
    """考核期, the latest first."""

    serializer_class = PeriodOut
    filterset_fields = ["kind", "state"]

    def visible(self, member):
        return access.periods_visible_to(member)


class TotalOut(serializers.ModelSerializer):
    name = serializers.CharField(source="deputy.name")
    delegation = serializers.CharField(source="mandate.delegation.name", default="")

    class Meta:
        model = TallyTotal
        fields = ["deputy", "name", "delegation", "total", "days", "in_office_days", "aspects",
                  "band"]  # fmt: skip


class LineOut(serializers.Serializer):
    """One rule: what it measured and gave, and the sentence that explains it."""

    rule = serializers.CharField(source="rule.key")
    name = serializers.CharField(source="rule.name")
    depth = serializers.IntegerField()
    points = serializers.DecimalField(12, 4)
    measured = serializers.DecimalField(12, 4, allow_null=True)
    sentence = serializers.CharField()


class AccountOut(TotalOut):
    """`is_reckoned`: from the facts of today, not from a tally."""

    is_reckoned = serializers.SerializerMethodField()
    counted_until = serializers.DateTimeField(source="tally.facts_until", default=None)
    lines = serializers.SerializerMethodField()

    class Meta(TotalOut.Meta):
        fields = [*TotalOut.Meta.fields, "is_reckoned", "counted_until", "lines"]

    def get_is_reckoned(self, total: TallyTotal) -> bool:
        return total.tally_id is None

    @extend_schema_field(LineOut(many=True))
    def get_lines(self, total: TallyTotal):
        return LineOut(queries.lines_of(total, self.context.get("root")), many=True).data


def latest_totals(member, pk: int) -> QuerySet[TallyTotal]:
    """The totals of a period's latest tally this member may see; 404 for an unknown period."""
    period = access.find(access.periods_visible_to(member), pk)
    rows = access.totals_visible_to(member).filter(tally=queries.latest_tally(period))
    return rows.order_by("mandate__delegation__position", "mandate__position", "pk")


class Totals(List):
    """The totals of a period's latest tally: of all one may see, in roster order."""

    serializer_class = TotalOut
    filter_backends = []

    def visible(self, member):
        return latest_totals(member, self.kwargs["pk"])


class Account(APIView):
    """One deputy's total of a period with every line explained."""

    roles = READERS

    @extend_schema(responses=AccountOut)
    def get(self, request, pk: int, deputy: int):
        total = latest_totals(request._request.member, pk).filter(deputy=deputy).first()
        if total is None:
            raise Http404
        return Response(AccountOut(total).data)


class OwnAccount(APIView):
    """What counts now for the signed-in deputy: while a period is open, the facts of today."""

    roles = frozenset({Role.DEPUTY})

    @extend_schema(responses=AccountOut)
    def get(self, request, pk: int):
        member = request._request.member
        period = access.find(access.periods_visible_to(member), pk)
        total, is_reckoned = queries.counted(registry.own(member), period)
        if total is None:
            raise Http404
        root = queries.rule_tree(period.version) if is_reckoned else None
        return Response(AccountOut(total, context={"root": root}).data)


# -- Objections -------------------------------------------------------------------------------


class ObjectionOut(serializers.ModelSerializer):
    name = serializers.CharField(source="deputy.name")
    item = serializers.CharField(source="item.code", default=None)
    rule = serializers.CharField(source="node.key", default=None)
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


urlpatterns = [
    path("performance/items/", Items.as_view(), name="api_duty_items"),
    path("performance/facts/", Facts.as_view(), name="api_duty_facts"),
    path("performance/reports/", Reports.as_view(), name="api_self_reports"),
    path("performance/reports/<int:pk>/", OneReport.as_view(), name="api_self_report"),
    path("performance/reports/<int:pk>/drop/", DropReport.as_view(), name="api_drop_report"),
    path("performance/periods/", Periods.as_view(), name="api_periods"),
    path("performance/periods/<int:pk>/totals/", Totals.as_view(), name="api_totals"),
    path("performance/periods/<int:pk>/totals/<int:deputy>/", Account.as_view(),
         name="api_account"),
    path("performance/periods/<int:pk>/account/", OwnAccount.as_view(), name="api_own_account"),
    path("performance/objections/", Objections.as_view(), name="api_objections"),
]  # fmt: skip
