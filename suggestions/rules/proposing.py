"""Which unit a suggestion is likely to belong to: what speaks for each, weighed and said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

JOINT = "joint"
ANSWERING = "lead"
# How much each kind of evidence counts at most; a likeness counts as it is.
WISH = 0.35
LIKELY = 0.6
HISTORY = 0.5
MOST_JOINT = 2


@dataclass(frozen=True)
class Voice:
    """One thing that speaks for a unit: where it comes from, how much it counts, in words."""

    unit: int
    source: str
    weight: float
    reason: str
    role: str = ANSWERING


@dataclass(frozen=True)
class Ranked:
    """A unit with all that speaks for it; `source` is what counts most."""

    unit: int
    role: str
    source: str
    weight: float
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        return "；".join(self.reasons)


def rank(voices: Iterable[Voice]) -> list[Ranked]:
    """Units by the sum of what speaks for them, the likeliest first. A unit that was only ever
    known as a joint one stays a joint one."""
    by_unit: dict[int, list[Voice]] = {}
    for voice in voices:
        by_unit.setdefault(voice.unit, []).append(voice)
    found = []
    for unit, said in by_unit.items():
        said = sorted(said, key=lambda v: -v.weight)
        role = JOINT if all(v.role == JOINT for v in said) else ANSWERING
        reasons = tuple(dict.fromkeys(v.reason for v in said))
        total = sum(v.weight for v in said)
        found.append(Ranked(unit, role, said[0].source, total, reasons))
    return sorted(found, key=lambda r: (-r.weight, r.unit))


def division(ranked: Sequence[Ranked]) -> list[tuple[Ranked, str]]:
    """A first proposal: the likeliest unit answers, alone, or with those that were joint units in
    a similar suggestion. Nothing where nothing speaks for any unit."""
    best = next((r for r in ranked if r.role == ANSWERING), None)
    if best is None:
        return []
    joint = [r for r in ranked if r.role == JOINT][:MOST_JOINT]
    return [(best, "lead" if joint else "sole"), *[(r, "joint") for r in joint]]
