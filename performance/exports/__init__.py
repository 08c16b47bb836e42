"""Editions, tallies and facts as tables, booklets and workbooks."""

from .booklets import booklet, booklet_context
from .dossiers import dossier_context, dossier_document
from .publications import (
    PURPOSE,
    histogram,
    own_values,
    page_context,
    sheet,
    table,
)
from .records import record_sheet
from .tallies import difference_sheets, tally_sheets

__all__ = [
    "PURPOSE",
    "booklet",
    "booklet_context",
    "difference_sheets",
    "dossier_context",
    "dossier_document",
    "histogram",
    "own_values",
    "page_context",
    "record_sheet",
    "sheet",
    "table",
    "tally_sheets",
]
