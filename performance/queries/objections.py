"""What an objection to points is about: the line of the latest tally and the facts behind it."""

from dataclasses import dataclass

from congress.models import Membership

from .. import access
from ..models import DutyRecord, Objection
from ..rules import Faulty
from .previews import facts_behind
from .tallies import LineView, latest_tally, lines_of
from .trees import rule_tree

MOST_FACTS = 50  # facts listed below the line they were counted in


@dataclass(frozen=True)
class LineObjected:
    """A deputy's line in the latest tally (None before the first), with the facts it counts."""

    line: LineView | None
    facts: list[DutyRecord]


def line_objected(objection: Objection, member: Membership) -> LineObjected | None:
    """The line an objection points at, as it was counted last; None where it points at none."""
    if objection.node is None:
        return None
    period = objection.period
    try:
        root = rule_tree(objection.node.version)
    except Faulty:
        return LineObjected(None, [])
    rule = next((r for r in root.walk() if r.key == objection.node.key), None)
    tally = latest_tally(period)
    total = tally and tally.totals.filter(deputy=objection.deputy).first()
    views = lines_of(total, root, zeros=True) if total else []
    facts = []
    if rule is not None and rule.is_leaf:
        rows = access.records_visible_to(member).filter(
            deputy=objection.deputy, on__range=(period.starts_on, period.ends_on)
        )
        facts = list(facts_behind(rule, rows)[:MOST_FACTS])
    line = next((v for v in views if v.rule.key == objection.node.key), None)
    return LineObjected(line, facts)
