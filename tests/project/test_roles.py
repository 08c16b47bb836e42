"""Roles × routes × methods equals a reviewed table (roles.csv beside this file).

A route without an entry fails. After a change on purpose: `UPDATE_ROLES=1 bin/test
tests/project/test_roles.py`, then read the difference of roles.csv as a reviewer.
"""

import csv
import os
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings as house
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.test import Client

from congress.middleware import CongressMiddleware
from congress.models import Membership, Role
from congress.tenancy import current_congress, in_congress
from tests import cast

from .test_laws import routes

TABLE = Path(__file__).with_name("roles.csv")
METHODS = ("GET", "POST")
WHO = ["stranger", *Role.values]
FILL = {
    "int": "999999999",
    "uuid": str(uuid.UUID(int=7)),
    "str": "x",
    "slug": "x",
    "path": "999999999",
}


def address(route: str) -> str:
    """A route with ids that belong to nobody: who may come in is then told by 404, who may not
    by 403."""
    if route.startswith("^") or "(?P" in route:
        route = re.sub(r"\(\?P<\w+>[^)]*\)|\(\.\*\)", "x", route.replace("^", "").rstrip("$"))
        route = route.replace("/?", "/").replace("\\.", ".")
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: FILL[m[1] or "str"], route)


def verdict(response) -> str:
    """One word for what a visitor meets at the door."""
    if response.status_code in (301, 302) and "/accounts/login" in response["Location"]:
        return "sign in"
    return {401: "sign in", 403: "no", 405: "-"}.get(response.status_code, "in")


def doors() -> list[tuple[str, str]]:
    """Every route with every method, in the order of the table."""
    return sorted((route, method) for route, _ in routes() for method in METHODS)


class Found(CongressMiddleware):
    """The congress and the member put there at once, instead of looked up twelve hundred times.

    Everything else on the way to a door is the product's own. What a visit does is undone; pages
    stay blank here, for every one of them is read in tests/borders.
    """

    member: Membership | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.congress = current_congress()
        request.member, request.ended, request.refusal, request.undo = self.member, "", None, False
        request.memberships = [self.member] if self.member else []
        with transaction.atomic():
            response = self.get_response(request)
            transaction.set_rollback(True)
        return response


LOOKED_UP = {
    "congress.middleware.CongressMiddleware": [f"{__name__}.Found"],
    "congress.middleware.MemberMiddleware": [],
}


def observe(client: Client) -> dict[tuple[str, str], str]:
    """What one visitor meets at every door."""
    cookies = {k: v.value for k, v in client.cookies.items()}
    met = {}
    for route, method in doors():
        if "logout" in route and method == "POST":
            met[route, method] = "in"
            continue
        met[route, method] = verdict(client.generic(method, address(route)))
        if cookies.get("sessionid") != client.cookies.get("sessionid", None):
            client.cookies.clear()
            client.cookies.load(cookies)
    return met


def reviewed() -> dict[tuple[str, str], dict[str, str]]:
    with TABLE.open(newline="") as file:
        return {(row["route"], row["method"]): row for row in csv.DictReader(file)}


def write(who: str, met: dict[tuple[str, str], str]) -> None:
    """Put one visitor's column into the table, with the routes there are now."""
    known = reviewed()
    with TABLE.open("w", newline="") as file:
        table = csv.DictWriter(file, ["route", "method", *WHO], lineterminator="\n")
        table.writeheader()
        for route, method in doors():
            row = known.get((route, method), {"route": route, "method": method})
            table.writerow(row | {who: met[route, method]})


@pytest.mark.django_db(databases=["default", "platform"])
@pytest.mark.parametrize("who", WHO)
def test_every_route_opens_to_exactly_the_roles_of_the_reviewed_table(
    binhai, visitor, settings, monkeypatch, who
):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    settings.MIDDLEWARE = [m for name in house.MIDDLEWARE for m in LOOKED_UP.get(name, [name])]
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")
    if who != "stranger":
        monkeypatch.setattr(Found, "member", cast.member(binhai, Role(who)))
    with in_congress(binhai):
        met = observe(visitor(who, binhai))
    if os.environ.get("UPDATE_ROLES"):
        write(who, met)
    assert met == {door: row[who] for door, row in reviewed().items()}
