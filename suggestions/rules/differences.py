"""What changed between two versions of a text, clause by clause."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_CLAUSE = re.compile(r"[^，。；：、！？\n]*[，。；：、！？\n]|[^，。；：、！？\n]+")

Part = tuple[str, str]  # same, gone or new; and the words


def differences(old: str, new: str) -> list[Part]:
    """The parts of both texts in reading order: what stayed, what is gone, what is new.

    Compared by clauses, for single characters that happen to stay make a change unreadable.
    """
    a, b = _CLAUSE.findall(old), _CLAUSE.findall(new)
    parts: list[Part] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(a[a1:a2])))
            continue
        if a1 != a2:
            parts.append(("gone", "".join(a[a1:a2])))
        if b1 != b2:
            parts.append(("new", "".join(b[b1:b2])))
    return parts


def numbered(requests: Sequence[str]) -> str:
    """The requests as one text, each on its own line with its number."""
    return "\n".join(f"{n}. {text}" for n, text in enumerate(requests, start=1))
