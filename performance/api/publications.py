"""履职公布 for programs: published editions, how they were counted, their rows, their seal."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from .. import access
from ..exports import own_values
from ..models import Publication, PublicationRow
from ..queries.publications import newer_edition
from .lists import READERS, List

Column = Publication.Column


class PublicationOut(serializers.ModelSerializer):
    """One edition; `manifest` is the SHA-256 over all of its content."""

    period_name = serializers.CharField(source="period.name")
    audience_name = serializers.CharField(source="get_audience_display")
    corrects = serializers.UUIDField(source="corrects.public_id", default=None, allow_null=True)

    class Meta:
        model = Publication
        fields = ["public_id", "title", "period", "period_name", "audience", "audience_name",
                  "columns", "partition", "order", "edition", "corrects", "reason",
                  "published_at", "manifest"]  # fmt: skip


class RuleOut(serializers.Serializer):
    """One rule of an aspect, in words."""

    key = serializers.CharField()
    name = serializers.CharField()
    says = serializers.CharField()


class WholePublicationOut(PublicationOut):
    """An edition with what stands beside its rows: means, how it was counted, a newer edition,
    what of it is about the signed-in deputy."""

    deputies = serializers.IntegerField(source="figures.all.deputies")
    book = serializers.CharField(source="explanation.book")
    version = serializers.IntegerField(source="explanation.version")
    basis = serializers.CharField(source="explanation.basis")
    decimals = serializers.IntegerField(source="explanation.decimals")
    rules = serializers.SerializerMethodField()
    newer = serializers.SerializerMethodField()
    mine = serializers.SerializerMethodField()

    class Meta(PublicationOut.Meta):
        fields = [*PublicationOut.Meta.fields, "deputies", "book", "version", "basis", "decimals",
                  "rules", "newer", "mine"]  # fmt: skip

    @extend_schema_field(RuleOut(many=True))
    def get_rules(self, row: Publication):
        return [
            {"key": key, "name": name, "says": says}
            for _, _, rules in row.explanation["aspects"]
            for key, name, says in rules
        ]

    def get_newer(self, row: Publication) -> str | None:
        later = newer_edition(row)
        return str(later.public_id) if later else None

    def get_mine(self, row: Publication) -> dict[str, str] | None:
        member = self.context["member"]
        mine = row.rows.filter(deputy__membership=member).first()
        return dict(own_values(row, mine)) if mine else None


class PublicationRowOut(serializers.ModelSerializer):
    """One deputy: only the columns that were published, decimals as text."""

    class Meta:
        model = PublicationRow
        fields = ["position", "part", "name", "delegation", "constituency", "note", "total",
                  "aspects", "items", "days", "grade", "rank"]  # fmt: skip
        extra_kwargs = {name: {"required": False} for name in Column.values}

    def to_representation(self, row: PublicationRow) -> dict:
        shown = super().to_representation(row)
        chosen = set(self.context["columns"])
        return {name: value for name, value in shown.items() if name not in HIDDEN - chosen}


HIDDEN = frozenset(Column.values)  # what a row has only where its edition publishes it


class Publications(List):
    """Published editions one may read, the latest first."""

    serializer_class = PublicationOut
    filterset_fields = ["period", "audience", "edition"]

    def visible(self, member):
        rows = access.publications_visible_to(member)
        return rows.filter(state=Publication.State.PUBLISHED).order_by("-published_at", "-pk")


class OnePublication(APIView):
    """One edition with its figures and how it was counted."""

    roles = READERS

    @extend_schema(responses=WholePublicationOut)
    def get(self, request, public_id):
        member = request._request.member
        row = access.find_publication(member, public_id)
        return Response(WholePublicationOut(row, context={"member": member}).data)


class PublicationRows(List):
    """The rows of an edition in the order they were published."""

    serializer_class = PublicationRowOut
    filterset_fields = ["part"]

    def visible(self, member):
        self.found = access.find_publication(member, self.kwargs["public_id"])
        return PublicationRow.objects.filter(publication=self.found).order_by("position")

    def get_serializer_context(self):
        found = getattr(self, "found", None)
        return super().get_serializer_context() | {"columns": found.columns if found else []}
