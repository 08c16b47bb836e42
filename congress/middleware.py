"""The congress of a request, and the person's membership in it."""

import re

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import audit
from .access import memberships_in_force
from .flow import NotAllowed
from .models import Congress, LogEntry
from .tenancy import in_congress

CHOICE_COOKIE = "congress"
OUTSIDE = re.compile(r"^/(static|health)(/|$)")
IP_OR_BARE = re.compile(r"^[\d.]+$|^\[|^localhost$")


class CongressMiddleware:
    """Opens the congress named by the host for the whole request, in one transaction.

    A refusal or an error undoes what the request did; the refusal itself is then logged.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.congress = request.member = request.refusal = None
        request.undo = False
        if OUTSIDE.match(request.path_info):
            return self.get_response(request)
        congress = congress_of(request)
        if congress is None:
            return choose_congress(request)
        request.congress = congress
        token = audit.address.set(request.META.get("REMOTE_ADDR", ""))
        try:
            with in_congress(congress):
                response = self.get_response(request)
                if request.undo or response.status_code >= 500:
                    transaction.set_rollback(True)
            if request.refusal:
                self._log_refusal(request)
        finally:
            audit.address.reset(token)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception):
        request.undo = True
        if isinstance(exception, NotAllowed):
            request.refusal = exception.sentence
            return refused(request, exception.sentence)
        if isinstance(exception, PermissionDenied) and request.member:
            request.refusal = "没有权限"
        return None

    def _log_refusal(self, request: HttpRequest) -> None:
        with in_congress(request.congress):
            audit.record(
                request.member or None,
                "congress.refuse",
                outcome=LogEntry.Outcome.REFUSED,
                note=f"{request.method} {request.path[:200]} {request.refusal}",
            )


class MemberMiddleware:
    """`request.member`: what the signed-in person is here, None for strangers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = []
        if request.congress is not None and request.user.is_authenticated:
            request.memberships = memberships_in_force(request.user)
            request.member = chosen(request.memberships, request.session.get("member"))
        return self.get_response(request)


def chosen(memberships: list, member_id: int | None):
    """The membership a person works as: the one picked in this session, or the first."""
    for membership in memberships:
        if membership.pk == member_id:
            return membership
    return memberships[0] if memberships else None


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """The page of a refusal (409): what is wrong, in words."""
    return render(request, "409.html", {"sentence": sentence}, status=409)


def congress_of(request: HttpRequest) -> Congress | None:
    """The congress a request is for: by its host, by the person's choice on an address without
    a name, or the only one there is."""
    host = request.get_host().rsplit(":", 1)[0].lower()
    active = Congress.objects.filter(is_active=True)
    if host.endswith("." + settings.BASE_DOMAIN):
        key = host.removesuffix("." + settings.BASE_DOMAIN)
        found = active.filter(key=key).first()
        if found:
            return found
    found = active.filter(hosts__host=host).first()
    if found or not (IP_OR_BARE.match(host) or host == settings.BASE_DOMAIN):
        return found
    try:
        key = signing.loads(request.COOKIES.get(CHOICE_COOKIE, ""), salt=CHOICE_COOKIE)
    except signing.BadSignature:
        key = None
    if key:
        return active.filter(key=key).first()
    only_one = list(active[:2])
    return only_one[0] if len(only_one) == 1 else None


def choose_congress(request: HttpRequest) -> HttpResponse:
    """The platform's page for a host that names no congress."""
    active = Congress.objects.filter(is_active=True).order_by("pk")
    host = request.get_host().rsplit(":", 1)[0].lower()
    by_choice = bool(IP_OR_BARE.match(host) or host == settings.BASE_DOMAIN)
    if request.method == "POST" and by_choice:
        congress = active.filter(key=request.POST.get("congress", "")).first()
        if congress is None:
            raise Http404
        response = redirect("/")
        response.set_cookie(
            CHOICE_COOKIE,
            signing.dumps(congress.key, salt=CHOICE_COOKIE),
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
        return response
    port = request.get_port()
    suffix = settings.BASE_DOMAIN + ("" if port in ("80", "443") else f":{port}")
    choices = [(c, f"{request.scheme}://{c.key}.{suffix}/") for c in active]
    status = 200 if by_choice else 404
    return render(
        request,
        "congress/chooser.html",
        {"choices": choices, "by_choice": by_choice},
        status=status,
    )
