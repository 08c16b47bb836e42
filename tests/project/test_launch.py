"""What runs before anything is installed: the launcher's own parts, without starting anything."""

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import tomllib

import pytest

from launch import ROOT, keys, packages, postgres, processes, settings, venv
from launch.scratch import alone
from launch.words import Refusal

COMMANDS = ["demo", "test", "bench", "lock", "manage", "configure", "build-css"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_executable(name):
    assert (ROOT / "bin" / name).stat().st_mode & 0o111


@pytest.mark.parametrize("name", ["demo", "test", "bench", "lock", "manage", "configure"])
def test_every_command_explains_itself_with_the_standard_library_alone(name):
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r});"
         f"import launch.{name} as m; assert m.__doc__ and m.main; "
         "assert 'django' not in sys.modules"],
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_ci_runs_all_tests():
    assert "exec bin/test\n" in (ROOT / ".ci/run").read_text()


def test_shell_scripts_are_well_formed():
    for script in [*ROOT.glob("bin/*"), ROOT / ".ci/run", packages.SCRIPT]:
        assert subprocess.run(["sh", "-n", str(script)]).returncode == 0, script


# -- Keys -------------------------------------------------------------------------------------


def test_keys_are_made_once_and_read_by_their_owner_alone(tmp_path):
    path = tmp_path / "keys.json"
    made = keys.kept_in(path)
    assert keys.kept_in(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.make()["SECRET_KEY"] != made["SECRET_KEY"]
    assert len(made["SECRET_KEY"]) >= 50


def test_made_keys_are_accepted_by_the_settings():
    from congress.settings import field_keys

    assert list(field_keys(keys.make()["FIELD_KEYS"])) == ["k1"]


# -- Settings ---------------------------------------------------------------------------------


def test_a_database_is_given_whole_or_not_at_all():
    whole = {name: "postgres://x@y/z" for name in settings.DATABASES}
    assert settings.database_is_given(whole)
    assert not settings.database_is_given({})
    with pytest.raises(Refusal, match="DATABASE_OWNER_URL"):
        settings.database_is_given(whole | {"DATABASE_OWNER_URL": ""})


def test_tests_never_meet_a_given_database():
    given = {"DATABASE_URL": "postgres://somebody/else", "SECRET_KEY": "x", "HOME": "/home/x"}
    assert settings.without_ours(given) == {"HOME": "/home/x"}


# -- PostgreSQL -------------------------------------------------------------------------------


def test_the_newest_postgresql_that_is_new_enough_is_taken(tmp_path):
    for major in ("13", "15", "18", "common"):
        (tmp_path / major / "bin").mkdir(parents=True)
        (tmp_path / major / "bin" / "initdb").touch()
    assert sorted(postgres.versions(tmp_path)) == [15, 18]
    assert postgres.newest_binaries(tmp_path) == tmp_path / "18" / "bin"
    shutil.rmtree(tmp_path / "15")
    shutil.rmtree(tmp_path / "18")
    assert postgres.newest_binaries(tmp_path) is None


def test_data_of_a_version_that_is_gone_is_named(tmp_path):
    cluster = postgres.Cluster(tmp_path, keys.make())
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Refusal, match="PostgreSQL 9"):
        cluster._programs(cluster.data)


# -- Lock files -------------------------------------------------------------------------------


def test_every_locked_package_has_a_hash_and_no_address():
    for lock in (venv.RUN_LOCK, venv.DEV_LOCK):
        text = lock.read_text()
        assert "://" not in text and "--index" not in text
        entries = [line for line in text.splitlines() if line[:1].isalnum()]
        assert entries and all(line.endswith("\\") for line in entries)


def test_both_locks_agree_and_hold_what_the_project_asks_for():
    def pins(lock):
        lines = [line.split(" ")[0] for line in lock.read_text().splitlines() if line[:1].isalnum()]
        return dict(line.split("==") for line in lines)

    run, dev = pins(venv.RUN_LOCK), pins(venv.DEV_LOCK)
    assert run.items() <= dev.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for asked in project["dependencies"]:
        name, version = asked.split("==")
        assert run[name.split("[")[0]] == version
    for asked in project["optional-dependencies"]["dev"]:
        name, version = asked.split("==")
        assert dev[name] == version


def test_every_dependency_is_named_with_its_reason():
    """docs/DEPENDENCIES.md names what pyproject.toml pins, and every system package."""
    text = (ROOT / "docs/DEPENDENCIES.md").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = [*(re.split(r"[\[=]", line)[0] for line in asked), *packages.RUN, *packages.TEST]
    missing = [n for n in names if not re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", text)]
    assert missing == []


def test_one_package_is_taken_out_of_a_lock_with_its_hashes():
    lock = "a==1 \\\n    --hash=sha256:1\n    # via x\nuv==2 \\\n    --hash=sha256:2\nz==3 \\\n"
    assert venv.entry("uv", lock) == "uv==2 \\\n    --hash=sha256:2\n"
    assert "--hash" in venv.entry("uv", venv.DEV_LOCK.read_text())


# -- Refusals in one sentence -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("log", "cause"),
    [
        ("E: Unable to locate package postgresql", "软件源里没有"),
        ("E: Failed to fetch http://x Could not resolve 'x'", "连不上软件源"),
        ("OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("E: Could not get lock /var/lib/dpkg/lock-frontend", "另一个软件包管理程序"),
        ("something nobody has seen", "原因见日志"),
    ],
)
def test_a_failed_step_names_its_cause(tmp_path, log, cause):
    path = tmp_path / "log"
    path.write_text(log)
    refusal = str(processes.failed(("安装", "Installing"), path))
    assert cause in refusal and str(path) in refusal


def test_without_the_right_to_install_the_administrator_is_told_what_to_run(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Refusal, match="apt-get install redis-server"):
        packages._as_root(["redis-server"])


def test_a_full_disk_is_said_before_anything_begins(tmp_path):
    with pytest.raises(Refusal, match="磁盘空间不足"):
        processes.need_room(tmp_path, 10**9)


def test_a_taken_port_is_known():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert not processes.is_free(other.getsockname()[1])
    assert processes.is_free(processes.free_port())


def test_a_lock_is_held_once(tmp_path):
    with alone(tmp_path / "lock") as first, alone(tmp_path / "lock") as second:
        assert (first, second) == (True, False)
    with alone(tmp_path / "lock") as again:
        assert again


# -- Children ---------------------------------------------------------------------------------


def test_a_stopped_child_is_gone(tmp_path):
    child = processes.start(["sleep", "600"], log=tmp_path / "log")
    processes.stop(child)
    assert child.poll() is not None
