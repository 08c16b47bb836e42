"""How points are written in an edition."""

from decimal import Decimal

EXACT = Decimal("0.0001")


def exact(value: Decimal) -> str:
    """With all the places the database keeps, so that the seal is over the same letters."""
    return str(value.quantize(EXACT))
