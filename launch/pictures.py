"""bin/pictures: take the manual's pictures from the running demo.

bin/pictures                    all of them, into docs/manual/pictures/
bin/pictures phone-home today   only these
"""

import json
import os
import subprocess

from . import ROOT, packages, settings, venv
from .demo import RUNNING
from .words import Refusal, command


def main(arguments: list[str]) -> int:
    try:
        port = json.loads(RUNNING.read_text())["port"]
    except FileNotFoundError:
        raise Refusal(
            "演示没有运行，请先在另一个窗口执行 bin/demo。",
            "The demo is not running; start bin/demo in another window first.",
        ) from None
    packages.ensure(for_tests=True)
    venv.ensure(for_tests=True)
    environ = os.environ | {"PATH": settings.path_of(os.environ, venv.BIN)}
    take = [str(venv.BIN / "python"), "-m", "tests.pictures", str(port), *arguments]
    return subprocess.run(take, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    command(main)
