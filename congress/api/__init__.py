"""Programs: the same access and the same actions, by a token of a membership."""

import hashlib

from django import forms
from django.db import transaction
from django.utils import timezone
from rest_framework import (
    authentication,
    exceptions,
    pagination,
    permissions,
    status,
)
from rest_framework.response import Response

from ..access import memberships_in_force
from ..flow import NotAllowed
from ..models import ApiToken, Membership


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`; the token belongs to one membership of this congress."""

    def authenticate(self, request):
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            return None
        digest = hashlib.sha256(secret.strip().encode()).hexdigest()
        token = (
            ApiToken.objects.select_related("membership__user")
            .filter(digest=digest, revoked_at=None, expires_at__gt=timezone.now())
            .first()
        )
        if token is None or not token.membership.user.is_active:
            raise exceptions.AuthenticationFailed("令牌无效或已过期")
        in_force = {m.pk: m for m in memberships_in_force(token.membership.user)}
        member = in_force.get(token.membership_id)
        if member is None:
            raise exceptions.AuthenticationFailed("令牌的成员身份已失效")
        request._request.member = member
        return member.user, token

    def authenticate_header(self, request):
        return "Bearer"


class IsMember(permissions.BasePermission):
    """A membership in force; a view may narrow it by `roles`."""

    def has_permission(self, request, view):
        member = getattr(request._request, "member", None)
        if member is None or request.auth is None:
            return False
        roles = getattr(view, "roles", None)
        return roles is None or member.role in roles


class Pages(pagination.PageNumberPagination):
    page_size_query_param = "size"
    max_page_size = 200


def refuse(exc, context):
    """Refusals answer 409 with a sentence; whatever failed is undone."""
    if isinstance(exc, NotAllowed):
        transaction.set_rollback(True)
        context["request"]._request.refusal = exc.sentence
        return Response({"detail": exc.sentence}, status=status.HTTP_409_CONFLICT)
    from rest_framework.views import exception_handler  # reads this module's classes itself

    response = exception_handler(exc, context)
    if response is not None:
        transaction.set_rollback(True)
    return response


def values_of(data) -> dict[str, str | bool | None]:
    """The values of a JSON object as a form takes them; raises a 400 for anything nested."""
    if not isinstance(data, dict):
        raise exceptions.ValidationError("请发送一个 JSON 对象")
    nested = [name for name, value in data.items() if isinstance(value, dict | list)]
    if nested:
        raise exceptions.ValidationError({name: ["只能是一个值"] for name in nested})
    return {k: v if v is None or isinstance(v, bool) else str(v) for k, v in data.items()}


def valid(form: forms.Form) -> dict:
    """Cleaned values of the form the pages use; its words as a 400 where it does not hold."""
    if not form.is_valid():
        raise exceptions.ValidationError(form.errors)
    return form.cleaned_data


def member_of(view) -> Membership | None:
    """Who asks; nobody while the description of the interface is written."""
    request = getattr(view, "request", None)
    return getattr(getattr(request, "_request", None), "member", None)
