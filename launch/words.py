"""What the launcher says: one line per step, and a refusal in one sentence of each language."""

import signal
import sys
from collections.abc import Callable


class Refusal(Exception):
    """Why it cannot go on and what to do, in Chinese and in English."""

    def __init__(self, chinese: str, english: str):
        super().__init__(f"{chinese}\n{english}")


def say(text: str = "") -> None:
    print(text, flush=True)


def _end(signum, frame):
    raise SystemExit(128 + signum)


def command(main: Callable[[list[str]], int]) -> None:
    """Run a command: SIGTERM and a closed terminal unwind it like Ctrl-C, so nothing is left."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    try:
        code = main(sys.argv[1:])
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
