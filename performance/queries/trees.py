"""The tree of a rule-book, its grades and gates, as the rules count them."""

from ..models import Outcome, RuleBookVersion
from ..rules import Band, Gate, Rule, build_tree, parse_bands, parse_gates


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


def scale_of(version: RuleBookVersion) -> tuple[list[Band], list[Gate]]:
    """The grades of a version, the highest first, and its gates. One query; raises Faulty."""
    outcomes = list(version.outcomes.order_by("position", "pk"))
    bands = [{**o.params, "name": o.name} for o in outcomes if o.kind == Outcome.Kind.BAND]
    gates = [{**o.params, "name": o.name} for o in outcomes if o.kind == Outcome.Kind.GATE]
    return parse_bands(bands), parse_gates(gates)
