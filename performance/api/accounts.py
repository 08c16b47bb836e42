"""Periods, totals and the account of a deputy, for programs."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from congress.models import Role
from deputies import access as registry

from .. import access, queries
from ..models import Period, TallyTotal
from .lists import READERS, List


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
    counted_until = serializers.DateTimeField(
        source="tally.facts_until", default=None, allow_null=True
    )
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
