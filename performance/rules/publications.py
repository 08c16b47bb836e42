"""What a publication shows: places, means, the seal over its content. No query, no clock."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .bands import Band
from .gates import Gate

RANKED = ("rank", "score")  # what needs the congress's own decision to rank


@dataclass(frozen=True)
class Result:
    """One deputy as it is published."""

    deputy_id: int
    position: int
    part: str
    part_position: int
    name: str
    delegation: str
    group: str
    constituency: str
    note: str
    total: Decimal
    aspects: Mapping[str, str]
    items: Mapping[str, str]
    days: int
    in_office_days: int
    grade: str
    rank: int | None


def places(scores: Iterable[Decimal]) -> dict[Decimal, int]:
    """The place of each score, the highest first; equal scores share a place (1, 2, 2, 4)."""
    found: dict[Decimal, int] = {}
    for place, score in enumerate(sorted(scores, reverse=True), start=1):
        found.setdefault(score, place)
    return found


def mean(values: Sequence[Decimal | int], decimals: int) -> Decimal:
    """The mean, rounded half up; zero of nobody."""
    whole = sum((Decimal(v) for v in values), Decimal(0)) / (len(values) or 1)
    return whole.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def figures(rows: Sequence[Result], grades: Sequence[str], decimals: int) -> dict[str, Any]:
    """Figures of some deputies for print, decimals as text: how many, means, how many a grade."""
    return {
        "deputies": len(rows),
        "mean": str(mean([r.total for r in rows], decimals)),
        "days": sum(r.days for r in rows),
        "mean_days": str(mean([r.days for r in rows], 1)),
        "grades": [[name, sum(r.grade == name for r in rows)] for name in grades],
    }


def held_grade(
    grade: str, worked: Iterable[str], bands: Sequence[Band], gates: Iterable[Gate]
) -> str:
    """A grade after the gates that worked (by name)."""
    worked, order = set(worked), [b.name for b in bands]
    for gate in gates:
        if gate.name in worked:
            grade = gate.hold(grade, order)
    return grade


def seal(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in its one canonical form: keys in order, no blanks, decimals as
    text."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
