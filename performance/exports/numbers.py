"""Numbers for cells of a workbook."""

from decimal import Decimal

from congress.words import plain_number


def exact(value: Decimal | str) -> Decimal:
    """The number without trailing zeros, still a number."""
    return Decimal(plain_number(Decimal(value)))
