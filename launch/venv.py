"""The virtual environment: exactly what the lock file says, every file checked by its hash."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import ROOT, VAR
from .processes import need_room, run
from .words import say

VENV = ROOT / ".venv"
BIN = VENV / "bin"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
INSTALLED = VENV / "installed"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def ensure(for_tests: bool = False) -> None:
    """Make the environment, or bring it to the lock; nothing happens when it is there already.

    The tests' lock holds all of the other one, so with it nothing is missing to run. An
    environment that is a link to another place is somebody else's and used as it is.
    """
    if VENV.is_symlink():
        return
    lock = DEV_LOCK if for_tests else RUN_LOCK
    enough = {fingerprint(lock), fingerprint(DEV_LOCK)}
    if _works() and INSTALLED.exists() and INSTALLED.read_text() in enough:
        return
    need_room(ROOT, 1000)
    log = VAR / "log" / "venv.log"
    log.unlink(missing_ok=True)
    if not _works():
        say("建立 Python 环境")
        shutil.rmtree(VENV, ignore_errors=True)
        run(
            [sys.executable, "-m", "venv", str(VENV)],
            log=log,
            what=("建立 Python 环境", "Making the Python environment"),
        )
    say("安装 Python 软件包")
    INSTALLED.unlink(missing_ok=True)
    what = ("安装 Python 软件包", "Installing Python packages")
    first = VAR / "uv.lock"
    first.write_text(entry("uv", DEV_LOCK.read_text()))
    pip = [str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(first)], log=log, what=what)
    first.unlink()
    sync = [str(BIN / "uv"), "pip", "sync", "--require-hashes", "--quiet", str(lock)]
    run(sync, log=log, what=what, env=uv_environment(), cwd=ROOT)
    INSTALLED.write_text(fingerprint(lock))


def uv_environment() -> dict[str, str]:
    """For uv: this environment, copies across disks, the system's certificates if it has any."""
    ours = {"VIRTUAL_ENV": str(VENV), "UV_LINK_MODE": "copy", "UV_PYTHON_DOWNLOADS": "never"}
    if CERTIFICATES.exists():
        ours["UV_SYSTEM_CERTS"] = "true"
    return os.environ | ours


def fingerprint(lock: Path) -> str:
    """What the environment was made from: the lock and the Python."""
    version = ".".join(map(str, sys.version_info[:2]))
    return hashlib.sha256(lock.read_bytes() + version.encode()).hexdigest()


def entry(package: str, lock: str) -> str:
    """One package's lines of a lock file, its hashes included."""
    found = re.search(rf"^{re.escape(package)}==.*\n(?:[ \t]+.*\n)*", lock, re.M)
    return found[0] if found else ""


def _works() -> bool:
    try:
        asked = subprocess.run([BIN / "python", "-c", "import pip"], capture_output=True)
    except OSError:
        return False
    return asked.returncode == 0
