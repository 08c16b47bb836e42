"""Debian's packages: what is missing is installed, what is there is left alone."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import VAR
from .postgres import newest_binaries
from .processes import failed, need_room
from .words import Refusal, say

RUN = [
    "fontconfig",
    "fonts-lxgw-wenkai",
    "fonts-noto-cjk",
    "libharfbuzz-subset0",
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "tzdata",
]
TEST = ["poppler-utils"]
BROWSERS = ["chromium-headless-shell", "chromium"]  # the first draws no window: a fifth of the work
SCRIPT = Path(__file__).with_name("install_packages.sh")


def wanted(for_tests: bool) -> list[str]:
    """The packages this machine needs, whether or not they are there."""
    names = [*RUN, *(TEST if for_tests else [])]
    if for_tests and browser() is None:
        names.append(BROWSERS[0])
    if newest_binaries() is None:
        names.append("postgresql")
    if shutil.which("redis-server") is None:
        names.append("redis-server")
    if importlib.util.find_spec("ensurepip") is None:
        names.append("python3-venv")
    return names


def browser() -> str | None:
    """The path of the browser that tests drive, the quickest that is there; None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing(names: list[str]) -> list[str]:
    """Those that Debian's package database does not know as installed."""
    if shutil.which("dpkg-query") is None:
        raise Refusal(
            "这里不是 Debian 系统，无法自动安装所需软件。",
            "This is not a Debian system, so the needed packages cannot be installed.",
        )
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = [line.split() for line in asked.stdout.splitlines()]
    there = {row[1] for row in rows if row[0] == "installed"}
    return [name for name in names if name not in there]


def ensure(for_tests: bool = False) -> None:
    """Install what is missing, with sudo unless we are root; then look that it works."""
    names = missing(wanted(for_tests))
    if names:
        as_root = _as_root(names)
        need_room(VAR, 1500)
        say(f"安装系统软件：{' '.join(names)}")
        log = VAR / "log" / "packages.log"
        with open(log, "wb") as output:
            done = subprocess.run(
                [*as_root, "sh", str(SCRIPT), *names],
                stdin=None if sys.stdin and sys.stdin.isatty() else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode or missing(names):
            raise failed(("安装系统软件", "Installing system packages"), log)
    _check()


def _as_root(names: list[str]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and sys.stdin and sys.stdin.isatty():
        # Let it ask for the password now, where it can be seen.
        if subprocess.run(["sudo", "-v"], check=False).returncode == 0:
            return ["sudo"]
    elif shutil.which("sudo"):
        if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
            return ["sudo", "-n"]
    raise Refusal(
        f"缺少系统软件，且没有安装权限。请管理员执行：apt-get install {' '.join(names)}",
        "System packages are missing and there is no right to install them; ask an administrator "
        f"to run: apt-get install {' '.join(names)}",
    )


def _check() -> None:
    """What is installed is also new enough, and really loads."""
    if newest_binaries() is None:
        raise Refusal(
            "需要 PostgreSQL 15 或更高版本，系统软件源只有更早的版本。",
            "PostgreSQL 15 or newer is needed, the system's package source has only older ones.",
        )
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        raise Refusal(
            "系统库 libharfbuzz-subset 装了却不能使用，请重新安装软件包 libharfbuzz-subset0。",
            "The library libharfbuzz-subset does not load; reinstall libharfbuzz-subset0.",
        ) from None
