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
from django.test import Client

from congress.models import Role
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


def observe(client_of, stranger_at, congress) -> dict[tuple[str, str], dict[str, str]]:
    doors = {}
    for route, _ in routes():
        for method in METHODS:
            doors[route, method] = {}
    for who in WHO:
        if who == "stranger":
            client: Client = stranger_at(congress)
        else:
            client = client_of(cast.member(congress, Role(who)))
        cookies = {k: v.value for k, v in client.cookies.items()}
        for route, method in doors:
            if "logout" in route and method == "POST":
                doors[route, method][who] = "in"
                continue
            response = client.generic(method, address(route))
            doors[route, method][who] = verdict(response)
            if cookies.get("sessionid") != client.cookies.get("sessionid", None):
                client.cookies.clear()
                client.cookies.load(cookies)
    return doors


def shown(doors) -> list[list[str]]:
    rows = [["route", "method", *WHO]]
    rows += [[r, m, *(doors[r, m][w] for w in WHO)] for r, m in sorted(doors)]
    return rows


@pytest.mark.django_db(databases=["default", "platform"])
def test_every_route_opens_to_exactly_the_roles_of_the_reviewed_table(
    binhai, client_of, stranger_at
):
    rows = shown(observe(client_of, stranger_at, binhai))
    if os.environ.get("UPDATE_ROLES"):
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    with TABLE.open(newline="") as file:
        reviewed = list(csv.reader(file))
    assert rows == reviewed
