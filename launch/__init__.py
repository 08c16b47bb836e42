"""From a bare Debian to the running product: what bin/demo, bin/test and bin/bench do.

Plain Python of the standard library, for it runs before anything is installed:

    packages     Debian's packages, only the missing ones, without starting any service
    venv         the virtual environment, from the lock file with hashes
    postgres     a private PostgreSQL cluster with its three logins
    redis        a private Redis
    keys         passwords and keys, made once
    settings     the environment the product runs in
    processes    children that never outlive us
    scratch      a folder that is gone afterwards, a lock
    words        what is said, and refusals in one sentence
    demo, test, bench, pictures, lock, manage, configure    the commands
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (this is what tells it)
    sys.exit("需要 Python 3.11 或更高版本。\nPython 3.11 or newer is needed.")

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
