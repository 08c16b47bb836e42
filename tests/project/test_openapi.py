"""The interface for programs is described in docs/openapi.yaml, and keeps to it.

After a change on purpose: `UPDATE_OPENAPI=1 bin/test tests/project/test_openapi.py`, then read the
difference as whoever has programmed against it.
"""

import os
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.renderers import OpenApiYamlRenderer
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from congress.actions import make_token
from congress.api.openapi import Description
from congress.models import Role
from congress.tenancy import in_congress
from congress.wsgi import application
from tests import cast

FILE = Path(__file__).resolve().parent.parent.parent / "docs" / "openapi.yaml"
NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
schema = schemathesis.openapi.from_dict(yaml.safe_load(FILE.read_text()))
schema.app = application
schema.config.phases.coverage.enabled = False  # dozens of requests a route: minutes


def test_the_description_is_the_one_that_is_checked_in():
    written = OpenApiYamlRenderer().render(Description().get_schema(public=True), None, {})
    if os.environ.get("UPDATE_OPENAPI"):
        FILE.write_bytes(written)
    assert FILE.read_bytes() == written


def test_every_route_says_who_it_is():
    described = yaml.safe_load(FILE.read_text())
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["security"] == [{"token": []}], (path, method)
            assert operation.get("description"), (path, method)


@pytest.fixture
def secret(binhai):
    """A token of 代工委; the connection stays open between calls, for the test's rows are on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with in_congress(binhai):
        yield make_token(cast.member(binhai, Role.DEPUTY_AFFAIRS), by=None, label="试")[1]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db(databases=["default", "platform"])
@schema.parametrize()
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_described(case, secret):
    answer = case.call(
        base_url="http://binhai.localhost", headers={"Authorization": f"Bearer {secret}"}
    )
    case.validate_response(answer, checks=[CHECKS.get_one(name) for name in NAMES])
