"""Lists, counts and trees of duty performance."""

from .models import RuleBookVersion
from .rules import Rule, build_tree


def rule_tree(version: RuleBookVersion) -> Rule:
    """The tree of a version, as the rules count it. One query; raises Faulty."""
    nodes = version.nodes.select_related("item").order_by("position", "pk")
    return build_tree(
        {
            "id": n.pk,
            "parent_id": n.parent_id,
            "kind": n.kind,
            "key": n.key,
            "name": n.name,
            "aspect": n.aspect,
            "item": n.item.code if n.item else "",
            "unit": n.item.unit_word if n.item else "",
            "params": n.params,
        }
        for n in nodes
    )
