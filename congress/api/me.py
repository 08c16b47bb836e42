"""Whose token it is."""

import datetime as dt

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from ..models import Membership, Role


class MeOut(serializers.ModelSerializer):
    """Whose token this is: one membership of this congress, and until when it is good."""

    role_name = serializers.CharField(source="get_role_display")
    unit_name = serializers.CharField(source="unit.name", default=None, allow_null=True)
    congress = serializers.CharField(source="congress.key")
    congress_name = serializers.CharField(source="congress.name")
    token = serializers.SerializerMethodField()
    token_expires_at = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = [
            "id", "name", "role", "role_name", "unit", "unit_name", "valid_from", "valid_to",
            "congress", "congress_name", "token", "token_expires_at",
        ]  # fmt: skip

    def get_token(self, member: Membership) -> str:
        """What the token is for, as it was labelled."""
        return self.context["token"].label

    def get_token_expires_at(self, member: Membership) -> dt.datetime:
        """Afterwards every call answers 401."""
        return self.context["token"].expires_at


class Me(APIView):
    """Whose token this is."""

    roles = frozenset(Role)

    @extend_schema(responses=MeOut)
    def get(self, request):
        return Response(MeOut(request._request.member, context={"token": request.auth}).data)


urlpatterns = [path("me/", Me.as_view(), name="api_me")]
