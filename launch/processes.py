"""Children: run to the end, or started, watched and stopped; none outlives the launcher."""

import ctypes
import grp
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .words import Refusal

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Account:
    """The user a service runs as."""

    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether this user can reach a folder through all that lie above it."""
        probe = folder
        while not probe.exists():
            probe = probe.parent
        found = subprocess.run(["test", "-x", str(probe)], **as_user(self), check=False)
        return found.returncode == 0

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def service_account() -> Account | None:
    """Whom services run as: ourselves (None), or for root the unprivileged user `postgres`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise Refusal(
        "系统里没有可用来运行数据库的普通用户，请先建立用户 postgres。",
        "There is no unprivileged user to run the database as; create the user postgres first.",
    )


def as_user(account: Account | None) -> dict:
    """Arguments for subprocess: the user, its own groups alone, and nothing of root's."""
    if account is None:
        return {}
    groups = [g.gr_gid for g in grp.getgrall() if account.name in g.gr_mem]
    return {"user": account.uid, "group": account.gid, "extra_groups": [account.gid, *groups]}


def _die_with_parent(signum: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signum)


def start(
    command: list[str],
    *,
    log: Path | None,
    account: Account | None = None,
    stop_by: int = signal.SIGTERM,
    **kwargs,
) -> subprocess.Popen:
    """Start a child apart from the terminal; should we be killed, the kernel stops it too."""
    output = open(log, "ab") if log else None
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
            preexec_fn=_die_with_parent(stop_by),
            **as_user(account),
            **kwargs,
        )
    finally:
        if output:
            output.close()


def stop(child: subprocess.Popen | None, by: int = signal.SIGTERM, seconds: float = 20) -> None:
    """Ask a child to end; after so many seconds, end it."""
    if child is None or child.poll() is not None:
        return
    child.send_signal(by)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def run(command: list[str], *, log: Path, what: tuple[str, str], **kwargs) -> None:
    """Run a command with its output in a log; a failure is a refusal that names the log's end."""
    with open(log, "ab") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **kwargs,
        )
    if done.returncode:
        raise failed(what, log)


def failed(what: tuple[str, str], log: Path) -> Refusal:
    """The refusal for a step that failed, with the cause as far as its log tells it."""
    text = log.read_text(errors="replace") if log.exists() else ""
    end = "\n".join(f"    {line}" for line in text.strip().splitlines()[-12:])
    cause = cause_of(text)
    chinese = f"{what[0]}失败：{cause[0] if cause else '原因见日志'}（{log}）。"
    english = f"{what[1]} failed: {cause[1] if cause else 'see the log'} ({log})."
    return Refusal(f"{end}\n{chinese}" if end else chinese, english)


CAUSES = [
    (r"no space left on device", "磁盘已满", "the disk is full"),
    (
        r"could not get lock|unable to acquire the dpkg",
        "另一个软件包管理程序正在运行，请稍后再试",
        "another package manager is running, try again later",
    ),
    (
        r"unable to locate package|has no installation candidate",
        "软件源里没有所需的软件包，请检查软件源设置",
        "the package source lacks a needed package, check its settings",
    ),
    (
        r"certificate.verify.failed|invalid peer certificate|self-signed certificate",
        "软件源的证书不被信任，请检查系统证书",
        "the package source's certificate is not trusted, check the system's certificates",
    ),
    (
        r"failed to fetch|could not resolve|temporary failure|connection refused|timed out"
        r"|connection broken|newconnectionerror|error sending request|dns error",
        "连不上软件源，请检查网络和软件源设置",
        "the package source cannot be reached, check the network and its settings",
    ),
    (
        r"hash(es)? (mis|do not )match|do not match the hashes",
        "下载的软件包与锁定的校验值不符",
        "a download does not match its locked hash",
    ),
    (r"permission denied", "没有权限", "a permission is missing"),
]


def cause_of(log: str) -> tuple[str, str] | None:
    """The known cause a log tells of, in both languages; None when it is not known."""
    for signs, chinese, english in CAUSES:
        if re.search(signs, log, re.I):
            return chinese, english
    return None


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def need_room(folder: Path, megabytes: int) -> None:
    """Refuse to begin what the disk has no room for."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Refusal(
            f"磁盘空间不足：{folder} 还剩 {free} MB，至少需要 {megabytes} MB。",
            f"The disk is nearly full: {free} MB left at {folder}, at least {megabytes} MB needed.",
        )
