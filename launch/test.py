"""bin/test: from a bare machine to every test, with a database that is gone afterwards.

    bin/test                    lint, import contracts, migrations, then all tests
    bin/test tests/deputies -x  only these, with pytest's own arguments

SHOTS=folder keeps the pictures the browser tests take.
"""

import os
import subprocess

from . import ROOT, packages, settings, venv
from .keys import make
from .postgres import Cluster
from .redis import Redis
from .scratch import scratch
from .words import Refusal, command, say

CHECKS = [
    ("代码规范", ["ruff", "check", "--quiet", "."]),
    ("模块依赖", ["lint-imports", "--no-cache"]),
    ("数据迁移", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
]


def main(arguments: list[str]) -> int:
    with scratch("test") as folder:
        packages.ensure(for_tests=True)
        venv.ensure(for_tests=True)
        keys = make()
        (folder / "static").mkdir()
        with (
            Cluster(folder / "postgres", keys, durable=False, many_databases=True) as cluster,
            Redis(folder / "redis", keys["redis"]) as redis,
        ):
            given = settings.without_ours(os.environ)
            environ = given | settings.for_product(folder, keys) | cluster.urls
            environ |= {
                "REDIS_URL": redis.url,
                "PATH": settings.path_of(os.environ, venv.BIN),
                "TMPDIR": str(folder),
                "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis"),
                # Compiled once for all processes of the run, and nothing stays in the tree.
                "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            }
            if not arguments:
                check(environ)
            return pytest(arguments, environ, folder)


def check(environ: dict[str, str]) -> None:
    """Lint, import contracts and migrations; the first that fails ends it."""
    for name, step in CHECKS:
        say(f"检查{name}")
        done = subprocess.run(
            [venv.BIN / step[0], *step[1:]],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            say(done.stdout)
            raise Refusal(f"检查{name}未通过。", f"This check failed: {' '.join(step)}")


def pytest(arguments: list[str], environ: dict[str, str], folder) -> int:
    """Run pytest on two processes; its closing line is the last thing printed."""
    alone = any(a == "-n" or a.startswith(("-n", "--pdb")) for a in arguments)
    # Whoever is done first takes over from the other: the slow tests lie close together.
    parallel = [] if alone else ["-n", "2", "--dist", "worksteal"]
    line = [
        str(venv.BIN / "python"),
        *("-m", "pytest", "-o", f"cache_dir={folder / 'cache'}", f"--basetemp={folder / 'tmp'}"),
        *parallel,
        *arguments,
    ]
    return subprocess.run(line, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    command(main)
