"""How an edition was counted, in words: frozen with its rows."""

from typing import Any

from congress.words import plain_number

from ...models import Aspect, DutyItem, Publication
from ...rules import Rule
from ...rules.describe import describe
from .corrections import corrections_of
from .points import exact


def explanation(publication: Publication, root: Rule, bands, gates) -> dict[str, Any]:
    """How it was counted, in words: frozen with the rows."""
    version, period = publication.tally.version, publication.period
    names = dict(DutyItem.objects.values_list("code", "name"))
    names |= {rule.key: rule.name for rule in root.walk()}
    aspects: dict[str, list] = {}
    for rule in root.children:
        for part in rule.walk():
            if part.is_leaf or part.cap is not None or part.floor is not None:
                entry = [part.key, part.public_name or part.name, describe(part, names)]
                aspects.setdefault(rule.aspect, []).append(entry)
    labels = dict(Aspect.choices)
    leaves = [r for r in root.walk() if r.is_leaf]
    return {
        "period": period.name,
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
        "book": version.book.name,
        "version": version.number,
        "basis": version.basis_document,
        "in_force": version.in_force_from.isoformat() if version.in_force_from else "",
        "decimals": version.decimals,
        "facts": publication.tally.facts,
        "aspects": [[key, labels.get(key, key or "其他"), rows] for key, rows in aspects.items()],
        "items": [[r.key, r.public_name or r.name] for r in leaves],
        "bands": [[b.name, _span(b), b.colour] for b in bands],
        "gates": [[g.name, g.said()] for g in gates],
        "corrections": [
            [c.deputy.name, c.node.name, exact(c.points), c.days, c.reason]
            for rows in corrections_of(publication).values()
            for c in rows
        ],
    }


def _span(band) -> str:
    if band.low is None and band.high is None:
        return "不论得分"
    if band.low is None:
        return f"不到{plain_number(band.high)}分"
    if band.high is None:
        return f"{plain_number(band.low)}分及以上"
    return f"{plain_number(band.low)}分至不到{plain_number(band.high)}分"
