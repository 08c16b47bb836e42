"""A database per test process, made by the owner's login and used by the application's."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client, TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from psycopg.conninfo import make_conninfo

from congress.models import Membership, Role
from congress.tenancy import in_congress

from . import cast
from .databases import drop

# A busy machine is no fault of what is tested.
hypothesis.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("house")

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
ROOT = Path(__file__).resolve().parent.parent


def _migrations_hash() -> str:
    """Of all that shapes the schema, so that an unchanged template serves again."""
    digest = hashlib.sha256()
    paths = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("*/models/*.py"),
        *ROOT.glob("*/models.py"),
        ROOT / "congress/tenancy.py",
    ]
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _point_to(name: str) -> None:
    for alias in settings.DATABASES:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, tmp_path_factory):
    suffix = os.environ.get("TEST_DB_SUFFIX", "t")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    template, name = f"tpl_{suffix}_{_migrations_hash()}", f"test_{suffix}_{worker}_{os.getpid()}"
    address = _address("owner", settings.DATABASES["owner"]["NAME"])
    with psycopg.connect(address, autocommit=True) as admin, django_db_blocker.unblock():
        admin.execute("SELECT pg_advisory_lock(4242)")
        known = [
            r[0]
            for r in admin.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"tpl\\_{suffix}\\_%"]
            )
        ]
        if template not in known:
            for old in known:
                admin.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            admin.execute(f'DROP DATABASE IF EXISTS "making_{suffix}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "making_{suffix}"')
            _point_to(f"making_{suffix}")
            call_command("migrate", verbosity=0)
            _point_to(f"making_{suffix}")
            admin.execute(f'ALTER DATABASE "making_{suffix}" RENAME TO "{template}"')
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        admin.execute("SELECT pg_advisory_unlock(4242)")
        _point_to(name)
        yield
        _point_to(name)
        drop(admin, name, [_address(alias, name) for alias in settings.DATABASES])


def _address(alias: str, name: str) -> str:
    login = settings.DATABASES[alias]
    return make_conninfo(
        host=login["HOST"],
        port=login["PORT"],
        user=login["USER"],
        password=login["PASSWORD"],
        dbname=name,
    )


def take_statistics() -> None:
    """After much was committed: without them every table looks small to PostgreSQL, and it reads
    a congress's whole table for one row."""
    address = _address("owner", settings.DATABASES["owner"]["NAME"])
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("ANALYZE")


def empty_all_tables(aliases: Iterable[str]) -> None:
    """After what was committed: the application may not truncate, the owner may."""
    for alias in aliases:
        connections[alias].close()
    with psycopg.connect(_address("owner", settings.DATABASES["owner"]["NAME"])) as owner:
        tables = [
            r[0]
            for r in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if r[0] not in KEPT
        ]
        owner.execute(
            "TRUNCATE {} RESTART IDENTITY CASCADE".format(", ".join(f'"{t}"' for t in tables))
        )


TransactionTestCase._fixture_teardown = lambda case: empty_all_tables(case.databases or ())


QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker, tmp_path_factory):
    """For a stage that many tests of a file read: what a fixture of the whole file makes with
    this is there for all of them and gone after the last.

    Each test runs in a savepoint of this transaction, so what it changes is undone as ever. Rows
    are shared, objects are not: give each test its own (fetched again, or a deep copy). Tests
    that commit must not stand in such a file, and files of the stage are not kept.
    """
    folder = tmp_path_factory.mktemp("kept")
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK, MEDIA_ROOT=folder):
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _quick_and_apart(settings, tmp_path):
    settings.PASSWORD_HASHERS = QUICK
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STAFF_TOTP = "optional"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def binhai(db):
    """滨海区: the congress a test is about. Its people: see tests/cast.py."""
    return cast.make_congress("binhai", "滨海区")


@pytest.fixture
def shanyang(db):
    """山阳县: the neighbour, with the same people in the same roles."""
    return cast.make_congress("shanyang", "山阳县")


@pytest.fixture
def in_binhai(binhai):
    """Binhai stands open for the whole test."""
    with in_congress(binhai):
        yield binhai


@pytest.fixture
def client_of():
    """A browser signed in as a member, at the host of the member's congress."""

    def sign_in(member: Membership) -> Client:
        client = Client(headers={"host": f"{member.congress.key}.localhost"})
        client.force_login(member.user)
        session = client.session
        session["member"] = member.pk
        session["session_version"] = member.user.session_version
        session.save()
        return client

    return sign_in


@pytest.fixture
def stranger_at():
    """A browser of somebody not signed in, at a congress's host."""
    return lambda congress: Client(headers={"host": f"{congress.key}.localhost"})


@pytest.fixture
def visitor(client_of, stranger_at):
    """`visitor("deputy", congress)`: a browser of a role, or of a stranger."""

    def open_as(who, congress):
        if who == "stranger":
            return stranger_at(congress)
        return client_of(cast.member(congress, Role(who)))

    return open_as


@pytest.fixture
def run_jobs(monkeypatch):
    """Carry out what waits in the outbox, as relay and worker would.

    Progress goes through the platform's login, which cannot see a test's open transaction.
    """
    from congress import outbox

    monkeypatch.setattr(outbox.JobRun, "report", lambda self, percent, message="": None)

    def run_all(congress) -> int:
        from congress.models import Job

        with in_congress(congress):
            waiting = list(
                Job.objects.filter(done_at=None, failed_at=None)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
        return sum(outbox.run(congress.pk, pk) for pk in waiting)

    return run_all
