"""The parts people play: who keeps the suggestions (代工委), who answers them."""

from congress.models import Membership, Role

KEEPERS = frozenset({Role.DEPUTY_AFFAIRS})
UNIT_ROLES = frozenset({Role.HANDLING_UNIT, Role.GOVERNMENT_OFFICE})
# Organs of the congress itself and streets (towns) may be handed a suggestion too.
HANDLERS = UNIT_ROLES | {Role.COMMITTEE, Role.STREET}


def may_keep(member: Membership) -> bool:
    """Whether a member keeps intake, 交办 and supervision (代工委)."""
    return member.role in KEEPERS
