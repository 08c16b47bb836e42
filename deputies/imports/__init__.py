"""Rosters from spreadsheets: read, repaired in sight of the reader, compared with the registry."""

import datetime as dt
from collections.abc import Callable

from congress import xlsx
from congress.models import Term

from ..access import own_level
from ..models import RosterBatch
from .columns import COLUMNS, OWN, TITLES
from .matching import KIND_WORDS, Checked, Row, compare
from .reading import read_roster
from .registry import Registry

__all__ = ["COLUMNS", "KIND_WORDS", "OWN", "TITLES", "Checked", "Row", "check"]


def check(
    batch: RosterBatch,
    content: bytes,
    today: dt.date,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> Checked:
    """What an uploaded roster would do to the registry as it is now. Writes nothing; the number
    of queries does not grow with the file. Raises Unreadable for a file that cannot be read."""
    sheets = xlsx.read(content, batch.file.name)
    report(25, "正在逐行核对")
    roster = read_roster(sheets, today)
    if not roster.lines:
        words = "；".join(roster.remarks) or "表格是空的"
        raise xlsx.Unreadable(f"没有读到人员：{words}。请对照模板检查表头后再上传")
    report(45, "正在与已登记的代表比对")
    return compare(
        roster,
        Registry(),
        starts_on=batch.starts_on,
        default_level=batch.default_level,
        decisions=batch.decisions,
        terms=list(Term.objects.order_by("-number")),
        own_level=own_level(),
    )
