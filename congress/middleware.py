"""The congress of a request, and the person's membership in it."""

import ipaddress
import re

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render

from . import audit, sessions
from .access import memberships_in_force
from .flow import NotAllowed
from .models import STAFF_ROLES, Congress, LogEntry
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
        request.META["REMOTE_ADDR"] = client_address(request)
        if OUTSIDE.match(request.path_info):
            return self.get_response(request)
        congress = congress_of(request)
        if congress is None:
            return choose_congress(request)
        request.congress = congress
        token = audit.address.set(request.META["REMOTE_ADDR"])
        try:
            with in_congress(congress):
                response = only_by_button(request, self.get_response(request))
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
    """`request.member`: what the signed-in person is here, None for strangers.

    Ends a session that is over, and leads to what comes first: another password, and for staff
    the second factor. A stranger costs no query.
    """

    # What remains open to a person who must first change the password.
    ALWAYS = re.compile(r"^/(accounts/(logout|password/change|reauthenticate)|elder|privacy)/$")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = []
        request.ended = ""
        if request.congress is None or not request.user.is_authenticated:
            return self.get_response(request)
        request.memberships = memberships_in_force(request.user)
        request.member = chosen(request.memberships, request.session.get("member"))
        request.ended = sessions.is_over(request, request.memberships)
        if request.ended:
            logout(request)
            request.member, request.memberships = None, []
            return self.get_response(request)
        response = self._first(request) or self.get_response(request)
        if request.member is not None:
            own = "private, no-store" if request.member.role in STAFF_ROLES else "private, no-cache"
            response.headers.setdefault("Cache-Control", own)
        return response

    def _first(self, request: HttpRequest) -> HttpResponse | None:
        """What must be done before anything else."""
        if self.ALWAYS.match(request.path_info):
            return None
        if sessions.must_change_password(request.user):
            return redirect("account_change_password")
        if request.path_info.startswith("/admin/") and sessions.must_set_up_second_factor(request):
            return redirect("mfa_activate_totp")
        return None


def chosen(memberships: list, member_id: int | None):
    """The membership a person works as: the one picked in this session, or the first."""
    for membership in memberships:
        if membership.pk == member_id:
            return membership
    return memberships[0] if memberships else None


def only_by_button(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response; in words where a browser opened an address that only a button uses (405)."""
    if response.status_code != 405 or response.content or request.method != "GET":
        return response
    page = render(request, "405.html", status=405)
    page.headers["Allow"] = response.headers["Allow"]
    return page


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """The page of a refusal (409): what is wrong, in words."""
    return render(request, "409.html", {"sentence": sentence}, status=409)


def congress_of(request: HttpRequest) -> Congress | None:
    """The congress a request is for: by its host, by the person's choice on an address without
    a name, or the only one there is."""
    host = host_of(request)
    active = Congress.objects.filter(is_active=True)
    if host.endswith("." + settings.BASE_DOMAIN):
        key = host.removesuffix("." + settings.BASE_DOMAIN)
        found = active.filter(key=key).first()
        if found:
            return found
    found = active.filter(hosts__host=host).first()
    if found or not is_chosen_by_hand(host):
        return found
    try:
        key = signing.loads(request.COOKIES.get(CHOICE_COOKIE, ""), salt=CHOICE_COOKIE)
    except signing.BadSignature:
        key = None
    if key:
        return active.filter(key=key).first()
    only_one = list(active[:2])
    return only_one[0] if len(only_one) == 1 else None


def host_of(request: HttpRequest) -> str:
    """The host without its port, in small letters; an IPv6 address with its brackets."""
    return split_domain_port(request.get_host())[0]


def is_chosen_by_hand(host: str) -> bool:
    """Whether a host names no congress, so that the person chooses."""
    return bool(IP_OR_BARE.match(host)) or host == settings.BASE_DOMAIN


def address_of(request: HttpRequest, congress: Congress) -> str:
    """Where another congress is found, from the host of this request."""
    port = request.get_port()
    suffix = settings.BASE_DOMAIN + ("" if port in ("80", "443") else f":{port}")
    return f"{request.scheme}://{congress.key}.{suffix}/"


def keep_choice(response: HttpResponse, congress: Congress) -> HttpResponse:
    """Remember the congress chosen on an address that names none."""
    response.set_cookie(
        CHOICE_COOKIE,
        signing.dumps(congress.key, salt=CHOICE_COOKIE),
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )
    return response


def client_address(request: HttpRequest) -> str:
    """Where a request comes from; behind our own proxy the address that proxy saw."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        seen = request.headers.get("X-Forwarded-For", seen).rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return ""


def choose_congress(request: HttpRequest) -> HttpResponse:
    """The platform's page for a host that names no congress."""
    active = Congress.objects.filter(is_active=True).order_by("pk")
    by_choice = is_chosen_by_hand(host_of(request))
    if request.method == "POST" and by_choice:
        congress = active.filter(key=request.POST.get("congress", "")).first()
        if congress is None:
            raise Http404
        return keep_choice(redirect("/"), congress)
    choices = [(c, address_of(request, c)) for c in active]
    status = 200 if by_choice else 404
    return render(
        request,
        "congress/chooser.html",
        {"choices": choices, "by_choice": by_choice},
        status=status,
    )
