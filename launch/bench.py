"""bin/bench: measure the product, on a database of its own that is gone afterwards.

bin/bench                  all measurements, in a table each
bin/bench --write          all, each written to docs/BENCHMARKS.md when it is done
bin/bench tally booklet    only these; --write writes their parts
"""

import os
import subprocess

from . import ROOT, packages, settings, venv
from .keys import make
from .postgres import Cluster
from .redis import Redis
from .scratch import scratch
from .words import command


def main(arguments: list[str]) -> int:
    with scratch("bench") as folder:
        packages.ensure(for_tests=True)
        venv.ensure(for_tests=True)
        keys = make()
        with (
            Cluster(folder / "postgres", keys, many_databases=True) as cluster,
            Redis(folder / "redis", keys["redis"]) as redis,
        ):
            environ = settings.without_ours(os.environ) | settings.for_product(folder, keys)
            environ |= cluster.urls | {
                "REDIS_URL": redis.url,
                "PATH": settings.path_of(os.environ, venv.BIN),
                "TMPDIR": str(folder),
            }
            measure = [str(venv.BIN / "python"), "-m", "tests.bench", *arguments]
            return subprocess.run(measure, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    command(main)
