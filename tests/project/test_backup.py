"""A backup is taken, restored beside the running database and put in its place, for real."""

import os
import subprocess
import sys

import psycopg
import pytest

from launch import ROOT, keys, postgres, settings
from launch.scratch import scratch


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A cluster of its own with the product's schema: `backup(*arguments)`, `sql(text)`."""
    tmp_path = tmp_path_factory.mktemp("backup")
    made = keys.make()
    with (
        scratch("backup") as folder,
        postgres.Cluster(folder / "postgres", made, durable=False) as cluster,
    ):
        environ = os.environ | settings.for_product(folder, made) | cluster.urls
        environ["REDIS_URL"] = "redis://none"
        manage = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(manage, cwd=ROOT, env=environ, check=True)
        programs = str(postgres.newest_binaries())
        as_superuser = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(cluster.port),
            "PGUSER": "postgres",
            "PGPASSWORD": made["superuser"],
            "BACKUPS": str(tmp_path / "backup"),
            "FILES": str(tmp_path / "files"),
        }

        class Running:
            urls, files, backups = cluster.urls, tmp_path / "files", tmp_path / "backup"

            @staticmethod
            def backup(*arguments, login: dict | None = None) -> subprocess.CompletedProcess:
                return subprocess.run(
                    ["sh", str(ROOT / "deploy/backup.sh"), *arguments],
                    env=as_superuser | (login or {}),
                    capture_output=True,
                    text=True,
                )

            @staticmethod
            def sql(text: str, database: str = "renda"):
                address = f"host=127.0.0.1 port={cluster.port} user=postgres dbname={database}"
                with psycopg.connect(address, password=made["superuser"]) as connection:
                    found = connection.execute(text)
                    return found.fetchall() if found.description else None

            owner = {"PGUSER": "renda_owner", "PGPASSWORD": made["owner"]}

        Running.files.mkdir()
        Running.backups.mkdir()
        yield Running


def test_a_backup_brings_back_rows_files_and_policies(running):
    running.sql("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('before')")
    running.sql("ALTER TABLE kept OWNER TO renda_owner")
    (running.files / "letter").write_text("before")
    taken = running.backup()
    assert taken.returncode == 0, taken.stderr
    moment = taken.stdout.strip()

    running.sql("UPDATE kept SET word = 'after'")
    (running.files / "letter").unlink()
    restored = running.backup("restore", moment)
    assert restored.returncode == 0, restored.stderr
    assert running.sql("SELECT word FROM kept") == [("after",)], "what runs was not touched"
    assert running.sql("SELECT word FROM kept", "renda_restored") == [("before",)]
    assert "there already" in running.backup("restore", moment).stderr

    swapped = running.backup("swap", moment)
    assert swapped.returncode == 0, swapped.stderr
    assert running.sql("SELECT word FROM kept") == [("before",)]
    assert running.sql("SELECT word FROM kept", "renda_replaced") == [("after",)]
    assert (running.files / "letter").read_text() == "before"

    policies = "SELECT count(*) FROM pg_policies"
    assert running.sql(policies) == running.sql(policies, "renda_replaced") != [(0,)]
    with psycopg.connect(running.urls["DATABASE_URL"]) as application:
        assert application.execute("SELECT count(*) FROM congress_membership").fetchone() == (0,)
    assert running.backup("forget").returncode == 0
    assert running.sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'renda%'") == [(1,)]


def test_a_dump_by_another_login_would_miss_rows_and_is_refused(running):
    before = sorted(running.backups.iterdir())
    refused = running.backup(login=running.owner)
    assert refused.returncode != 0 and "row-level security" in refused.stderr
    assert sorted(running.backups.iterdir()) == before, "half a backup is none"
