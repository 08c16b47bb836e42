"""What a publication will show, whether it may be confirmed, and whether it is still whole."""

from .checking import Check, checks
from .corrections import corrections_of
from .sealing import (
    LINKS,
    as_result,
    content,
    newer_edition,
    stored_rows,
    verify,
    verify_all,
)
from .snapshots import Snapshot, ranking_is_on, snapshot

__all__ = [
    "LINKS",
    "Check",
    "Snapshot",
    "as_result",
    "checks",
    "content",
    "corrections_of",
    "newer_edition",
    "ranking_is_on",
    "snapshot",
    "stored_rows",
    "verify",
    "verify_all",
]
