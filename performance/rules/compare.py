"""What changed between two versions of a rule-book, rule by rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from .describe import describe
from .vocabulary import Rule


@dataclass(frozen=True)
class Change:
    """One rule that differs: `kind` is added, removed, changed or moved."""

    kind: str
    name: str
    before: str = ""
    after: str = ""


def compare(old: Rule, new: Rule, names: Mapping[str, str] | None = None) -> list[Change]:
    """The changes from one tree to the other, in the order of the new one, removals last.

    Rules are the same rule when they have the same key.
    """
    names = names or {}
    before, after = _placed(old), _placed(new)
    found = []
    for key, (rule, place) in after.items():
        if key not in before:
            found.append(Change("added", rule.name, after=describe(rule, names)))
            continue
        was, was_in = before[key]
        said, says = describe(was, names), describe(rule, names)
        if was.name != rule.name:
            said, says = f"{was.name}：{said}", f"{rule.name}：{says}"
        if said != says:
            found.append(Change("changed", rule.name, said, says))
        if place != was_in:
            found.append(Change("moved", rule.name, _name_of(old, was_in), _name_of(new, place)))
    found += [
        Change("removed", rule.name, before=describe(rule, names))
        for key, (rule, _) in before.items()
        if key not in after
    ]
    return found


def _placed(root: Rule) -> dict[str, tuple[Rule, str]]:
    """Each rule below the root with the key of what it stands in."""
    return {child.key: (child, rule.key) for rule in root.walk() for child in rule.children}


def _name_of(root: Rule, key: str) -> str:
    return next((r.name for r in root.walk() if r.key == key and key), "最上一层")
