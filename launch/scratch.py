"""A folder for one run that is gone afterwards, and the lock of a checkout."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import ROOT, VAR
from .processes import service_account

LONGEST = 60  # programs put sockets below it, whose names the kernel cuts at 107 bytes


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """`with scratch("test") as folder:` a new folder below var/, removed at the end.

    Where the database's user cannot come to var/ (a checkout below /root), or the path is too
    long for sockets, it lies in the system's temporary folder.
    """
    (VAR / "log").mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_parent()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _parent() -> Path:
    return VAR if _services_reach(VAR) and len(str(VAR)) <= LONGEST else Path(tempfile.gettempdir())


def home_of_services(name: str) -> Path:
    """Where a service of the demo keeps its data: below var/; for root whose checkout the
    database's user cannot reach, below /var/lib, told apart by the checkout's path."""
    if _services_reach(VAR):
        return VAR / name
    return Path(f"/var/lib/renda-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}") / name


def _services_reach(folder: Path) -> bool:
    account = service_account()
    return account is None or account.may_enter(folder)


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Hold a lock file; gives False when somebody else holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
