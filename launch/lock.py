"""bin/lock: write the two lock files anew from pyproject.toml, with hashes and no addresses.

bin/lock                 keep what is locked, add what is missing
bin/lock --upgrade       take the newest releases that pyproject.toml allows
"""

import subprocess

from . import ROOT, packages, venv
from .scratch import scratch
from .words import Refusal, command, say

COMPILE = [
    *("uv", "pip", "compile", "--quiet", "--generate-hashes", "--universal"),
    *("--python-version", "3.11", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
]


def main(arguments: list[str]) -> int:
    with scratch("lock"):
        packages.ensure(for_tests=True)
        venv.ensure(for_tests=True)
    run_lock, dev_lock = venv.RUN_LOCK.name, venv.DEV_LOCK.name
    steps = [
        (run_lock, []),
        (dev_lock, ["--extra", "dev", "--constraint", run_lock]),
    ]
    for lock, options in steps:
        line = [*COMPILE, *options, *arguments, "pyproject.toml", "--output-file", lock]
        line[0] = str(venv.BIN / "uv")
        if subprocess.run(line, cwd=ROOT, env=venv.uv_environment(), check=False).returncode:
            raise Refusal("锁定依赖失败，原因见上。", "Locking failed, see above.")
        say(lock)
    return 0


if __name__ == "__main__":
    command(main)
