"""A deputy who heads or works in the unit that handles (the word of such a deputy is marked):
read from what the registry says of the deputy's work, 工作单位及职务."""

import re
from collections.abc import Iterable

# What follows the unit's name and makes it another house: a school of the bureau's, a village of
# the street's.
OTHER_HOUSE = re.compile(
    r"社区|居委|居民|村|学校|学院|中学|小学|幼儿园|医院|公司|集团|企业|工厂|商会|协会|合作社|银行"
)
PLACE = re.compile(r"^(\S{1,8}?(?:自治县|区|县|市|旗))(?=\S{2})")
OWN_PLACE = re.compile(r"([^省市]{0,8}(?:自治县|区|县|旗))$")
BREAKS = re.compile(r"[，、；,;。\s]+")


def bare(name: str) -> str:
    """A unit's full name without the place in front: 滨海区住房和城乡建设局 → 住房和城乡建设局."""
    return PLACE.sub("", name)


def works_in(occupation: str, names: Iterable[str]) -> bool:
    """Whether an occupation names one of a unit's names (the full one first) as the place of work.

    A bureau of the same name of the city's or of another district is another unit; so is a school,
    a village, a company that bears the unit's name.
    """
    known = [n for n in names if n]
    place = PLACE.match(known[0]) if known else None
    wanted = {n for name in known for n in (name, bare(name)) if len(n) >= 2}
    return any(
        _names(part, name, place[1] if place else "")
        for part in BREAKS.split(occupation or "")
        for name in wanted
    )


def _names(part: str, name: str, place: str) -> bool:
    before, found, after = part.partition(name)
    if not found or OTHER_HOUSE.search(after):
        return False
    near = OWN_PLACE.search(before)
    if near:
        return len(near[1]) <= 2 or not place or place in near[1] or near[1] in place
    above = re.search(r"[省市]", before)
    return above is None or (bool(place) and before.endswith(place))
