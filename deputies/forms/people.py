"""Deputies as people type them: lists of names, numbered or not, one line or many, and the card
number behind a name that several bear."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from congress.names import clean_name

from ..models import Deputy

APART = re.compile(r"[\n\r,，、;；]+")
NUMBERING = re.compile(r"^\s*[(]?\d{1,3}[).:]\s*")  # 1. 张华
WITH_CARD = re.compile(r"(.+?)\s*[(]?\s*([A-Za-z0-9-]*\d[A-Za-z0-9-]*)\s*[)]?")


class Typed(NamedTuple):
    """One entry of a list: the whole of it as a name, and read as a name with a card number."""

    whole: str
    name: str
    number: str


def typed_names(text: str) -> list[Typed]:
    """The entries of a typed list, each once; what is only a number is the number of a line."""
    found: dict[Typed, None] = {}
    for piece in APART.split(unicodedata.normalize("NFKC", text)):
        piece = NUMBERING.sub("", piece).strip()
        if not piece or piece.isdecimal():
            continue
        card = WITH_CARD.fullmatch(piece)
        name, number = (card[1], card[2]) if card else (piece, "")
        found[Typed(clean_name(piece), clean_name(name), number)] = None
    return list(found)


def find_people(
    text: str,
    rows: QuerySet[Deputy],
    missing: Callable[[str], str] = "没有找到“{}”，请核对姓名".format,
) -> tuple[list[Deputy], list[str]]:
    """The deputies of a typed list among these rows, each once, and a sentence for each entry
    that is not clear. A name with digits is a name first; only where nobody bears it are its
    digits a card number, and then the whole number. Two queries."""
    typed = typed_names(text)
    asked = {one.whole for one in typed} | {one.name for one in typed}
    by_name: dict[str, dict[int, Deputy]] = {}
    for deputy in rows.filter(name__in=asked).prefetch_related("mandates"):
        by_name.setdefault(deputy.name, {})[deputy.pk] = deputy
    people: dict[int, Deputy] = {}
    faults = []
    for one in typed:
        fits = list(by_name.get(one.whole, {}).values())
        if not fits:
            of_name = by_name.get(one.name, {}).values()
            fits = [deputy for deputy in of_name if one.number in _cards([deputy])]
        if len(fits) == 1:
            people[fits[0].pk] = fits[0]
        elif fits:
            cards = "、".join(filter(None, _cards(fits))) or "名册里都没有证号"
            faults.append(f"“{one.whole}”有 {len(fits)} 位，请在姓名后写上代表证号：{cards}")
        else:
            faults.append(missing(one.whole))
    return list(people.values()), faults


def _cards(people: Iterable[Deputy]) -> list[str]:
    return [mandate.number for deputy in people for mandate in deputy.mandates.all()]
