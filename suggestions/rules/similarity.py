"""How like two suggestions are: pairs of neighbouring characters, what every title has left out.

Chinese without a dictionary: 电梯 is found in 加装电梯 because the pair is the same. No model, no
network; tuned on published titles and near-duplicates (tests/suggestions/test_similarity.py).
"""

import re
import unicodedata
from collections.abc import Collection

# What nearly every title has says nothing of its matter.
_FRAME = re.compile(
    r"^(关于)?(进一步|切实|尽快|继续|全面|着力|大力)*(加强|加快|推进|推动|完善|优化|提升|解决|做好|加大|支持|促进)?"
)
_TAIL = re.compile(r"(工作|问题|力度|建设|水平)*的?(建议|意见|批评|议案|对策|思考)*$")
_NOT_WORD = re.compile(r"[^\w]|[_]")
NEAR = 0.25  # from here on two matters are worth showing to a writer
SAME = 0.6  # from here on a clerk is asked whether it is the same matter


def core(title: str) -> str:
    """A title without its frame: 关于进一步加强老旧小区加装电梯工作的建议 → 老旧小区加装电梯."""
    text = _NOT_WORD.sub("", unicodedata.normalize("NFKC", title or "")).lower()
    inner = _TAIL.sub("", _FRAME.sub("", text))
    return inner if len(inner) >= 2 else text


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters of a text, each once, in order."""
    plain = _NOT_WORD.sub("", unicodedata.normalize("NFKC", text or "")).lower()
    return list(dict.fromkeys(plain[i : i + 2] for i in range(len(plain) - 1)))


def title_pairs(title: str) -> list[str]:
    """The pairs of a title's core, as they are stored."""
    return pairs(core(title))


def likeness(title: Collection[str], other: Collection[str], text: Collection[str] = ()) -> float:
    """From 0 (nothing in common) to 1 (the same title).

    `title` and `other` are pairs of two titles, `text` those of what else the writer has written:
    a title that is wholly contained in a longer text is like it too.
    """
    a, b = set(title), set(other)
    if not b:
        return 0.0
    both = 2 * len(a & b) / (len(a) + len(b)) if a else 0.0
    inside = 0.8 * len(b & (a | set(text))) / len(b) if len(b) >= 4 else 0.0
    return max(both, inside)
