"""bin/manage: manage.py with the settings of the running demo.

bin/manage verify_audit
bin/manage shell
"""

import json
import os

from . import ROOT, settings, venv
from .demo import RUNNING
from .words import Refusal, command


def main(arguments: list[str]) -> int:
    try:
        environ = json.loads(RUNNING.read_text())["environ"]
    except FileNotFoundError:
        raise Refusal(
            "演示没有运行，请先在另一个窗口执行 bin/demo。",
            "The demo is not running; start bin/demo in another window first.",
        ) from None
    environ = os.environ | environ | {"PATH": settings.path_of(os.environ, venv.BIN)}
    python = str(venv.BIN / "python")
    os.execve(python, [python, str(ROOT / "manage.py"), *arguments], environ)


if __name__ == "__main__":
    command(main)
