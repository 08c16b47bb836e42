"""A private cluster of the system's PostgreSQL: its own folder, port and passwords.

Nothing of a PostgreSQL server that runs on the machine already is used or touched; only the
programs under /usr/lib/postgresql are.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from . import ROOT
from .keys import LOGINS
from .processes import Account, as_user, failed, free_port, run, service_account, start, stop
from .words import Refusal

OLDEST = 15
LONGEST_SOCKET_FOLDER = 90  # the kernel takes 107 bytes for the whole name
PROGRAMS = Path("/usr/lib/postgresql")


def versions(programs: Path = PROGRAMS) -> dict[int, Path]:
    """The installed major versions, new enough, with their folder of programs."""
    found = {}
    for initdb in programs.glob("*/bin/initdb"):
        major = initdb.parent.parent.name
        if major.isdigit() and int(major) >= OLDEST:
            found[int(major)] = initdb.parent
    return found


def newest_binaries(programs: Path = PROGRAMS) -> Path | None:
    """The programs of the newest installed version; None when there is none."""
    found = versions(programs)
    return found[max(found)] if found else None


class Cluster:
    """`with Cluster(folder, keys) as cluster:` runs it; `cluster.urls` are its addresses."""

    def __init__(
        self,
        folder: Path,
        keys: dict[str, str],
        *,
        durable: bool = True,
        many_databases: bool = False,
    ):
        self.account: Account | None = service_account()
        self.folder = folder
        self.keys = keys
        self.durable = durable  # False: nobody will miss it after a crash
        self.many_databases = many_databases  # True: the owner makes databases of its own
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.port = 0
        self.server: subprocess.Popen | None = None

    @property
    def urls(self) -> dict[str, str]:
        """The settings' three addresses."""
        at = f"127.0.0.1:{self.port}/renda"
        names = {
            "owner": "DATABASE_OWNER_URL",
            "app": "DATABASE_URL",
            "platform": "DATABASE_PLATFORM_URL",
        }
        return {n: f"postgres://renda_{w}:{self.keys[w]}@{at}" for w, n in names.items()}

    def __enter__(self) -> "Cluster":
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            self.account.own(self.folder)
        self.folder.chmod(0o700)
        if not self.data.exists():
            self._make()
        self._end_left_over(self.data)
        self._start(self.data)
        return self

    def __exit__(self, *_) -> None:
        # SIGINT is PostgreSQL's fast shutdown: clients are sent away, everything is written.
        stop(self.server, signal.SIGINT, seconds=60)
        self.server = None

    # -- making ---------------------------------------------------------------------------

    def _make(self) -> None:
        """A new cluster; it gets its name only when whole, so a broken attempt begins anew."""
        making = self.folder / "making"
        if making.exists():
            self._end_left_over(making)
            shutil.rmtree(making)
        password = self.folder / "password"
        password.write_text(self.keys["superuser"])
        password.chmod(0o600)
        if self.account:
            self.account.own(password)
        if self.log.exists():
            self.log.unlink()
        self.log.touch(0o600)
        if self.account:
            self.account.own(self.log)
        try:
            run(
                [
                    str(newest_binaries() / "initdb"),
                    *("-D", str(making), "-U", "postgres", f"--pwfile={password}"),
                    *("--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                log=self.log,
                what=("建立数据库", "Making the database"),
                cwd=self.folder,
                env=_plain_environment(),
                **as_user(self.account),
            )
        finally:
            password.unlink()
        self._start(making)
        self._sql((ROOT / "deploy" / "logins.sql").read_text())
        if self.many_databases:
            self._sql("ALTER ROLE renda_owner CREATEDB")
        self.__exit__()
        making.rename(self.data)

    def _sql(self, script: str) -> None:
        """Run a script of psql as superuser; passwords stand in it, not on the command line."""
        passwords = "".join(f"\\set {who}_password '{self.keys[who]}'\n" for who in LOGINS)
        with open(self.log, "ab") as log:
            done = subprocess.run(
                [
                    str(newest_binaries() / "psql"),
                    *("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"),
                    *("-p", str(self.port), "-U", "postgres", "-d", "postgres", "-f", "-"),
                ],
                input=(passwords + script).encode(),
                stdout=log,
                stderr=log,
                env=_plain_environment() | {"PGPASSWORD": self.keys["superuser"]},
                check=False,
            )
        if done.returncode:
            raise failed(("建立数据库登录", "Making the database logins"), self.log)

    # -- running --------------------------------------------------------------------------

    def _programs(self, data: Path) -> Path:
        """The programs of the version that wrote the data."""
        major = int((data / "PG_VERSION").read_text())
        found = versions()
        if major not in found:
            raise Refusal(
                f"数据由 PostgreSQL {major} 写成，机器上没有这个版本；请装回，或用 --reset 重来。",
                f"The data was written by PostgreSQL {major}, which is not installed; "
                "install it again or start anew with --reset.",
            )
        return found[major]

    def _end_left_over(self, data: Path) -> None:
        """Stop our own server of an earlier start that was killed."""
        if not (data / "postmaster.pid").exists() or not (data / "PG_VERSION").exists():
            return
        subprocess.run(
            [str(self._programs(data) / "pg_ctl"), "stop", "-D", str(data), "-m", "fast", "-w"],
            capture_output=True,
            check=False,
            cwd=self.folder,
            env=_plain_environment(),
            **as_user(self.account),
        )

    def _start(self, data: Path) -> None:
        """Start and wait until it answers; a stale pid file after a crash gets two more tries."""
        programs = self._programs(data)
        for _ in range(3):
            self.port = free_port()
            self.server = start(
                [str(programs / "postgres"), "-D", str(data), *self._options()],
                log=self.log,
                account=self.account,
                stop_by=signal.SIGINT,
                cwd=self.folder,
                env=_plain_environment(),
            )
            if self._answers(programs):
                return
            time.sleep(2)
        raise failed(("启动数据库", "Starting the database"), self.log)

    def _options(self) -> list[str]:
        socket = str(self.folder) if len(str(self.folder)) < LONGEST_SOCKET_FOLDER else ""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": socket,
            "max_connections": 100,
            "shared_buffers": "256MB",
            "timezone": "Asia/Shanghai",
            "log_timezone": "Asia/Shanghai",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            # Tables look empty to it between two tests, and plans for empty tables are bad plans.
            options |= {"autovacuum": "off"}
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _answers(self, programs: Path) -> bool:
        ask = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        until = time.monotonic() + 120  # after a crash it first reads its journal
        while self.server.poll() is None and time.monotonic() < until:
            if subprocess.run(ask, env=_plain_environment(), check=False).returncode == 0:
                return True
            time.sleep(0.05)
        stop(self.server, signal.SIGQUIT)
        return False


def _plain_environment() -> dict[str, str]:
    """Without PG* variables, which would lead elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not re.match(r"PG[A-Z]+$", k)}
    return kept | {"LC_ALL": "C.UTF-8"}
