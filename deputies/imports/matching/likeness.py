"""Whether two lines, or a line and somebody known, are one person."""

from typing import Any

from congress.crypto import mask_id_number

from ...models import Deputy
from ..registry import Registry
from .rows import PERSONAL, SEAT_PLACES


def values_of(deputy: Deputy) -> dict[str, str]:
    return {k: getattr(deputy, k) for k in PERSONAL}


def same_birth(one: str, two: str) -> bool:
    """Whether two birth dates of different exactness may be one day."""
    return one.startswith(two) or two.startswith(one)


def different(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two lines of one name are surely two people."""
    for key in ("gender", "born"):
        a, b = one.get(key), two.get(key)
        if a and b and not (same_birth(a, b) if key == "born" else a == b):
            return True
    a, b = one.get("id_number", ""), two.get("id_number", "")
    if a and b:
        return _masked(a) != _masked(b) if "*" in a + b else a != b
    return False


def _masked(number: str) -> str:
    return number if "*" in number else mask_id_number(number)


def alike(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two new lines of one name are surely one person."""
    for key in ("phone", "id_number"):
        if one.get(key) and one.get(key) == two.get(key):
            return True
    a, b = one.get("born", ""), two.get("born", "")
    return len(a) == 10 and a == b


def candidate(registry: Registry, deputy: Deputy, verb: str) -> dict[str, str]:
    said = [deputy.name]
    if deputy.gender:
        said.append(deputy.gender)
    if deputy.born:
        said.append(f"{deputy.born} 生")
    if deputy.id_number:
        said.append(mask_id_number(deputy.id_number))
    if deputy.occupation:
        said.append(deputy.occupation[:30])
    for seat in registry.seats.get(deputy.pk, ())[-1:]:
        places = [registry.name_of(k, getattr(seat, f"{k}_id")) for k in SEAT_PLACES]
        said.append("，".join([seat.get_level_display(), *filter(None, places)]))
    return {"answer": f"same:{deputy.pk}", "words": f"{verb}：{'，'.join(said)}"}
