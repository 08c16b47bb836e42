"""Charts as SVG, drawn on the server: no script, no style in the page, clean in print.

Every function takes plain values and gives a `<figure>`: title, drawing with a title and a
description for screen readers, and the same numbers as a table. Widths are per cent and heights
em, so that letters keep their size on a phone, in the 长辈版 and on paper. A row with an address
links to exactly the rows behind it.
"""

from .figure import on_paper
from .over_time import columns, trend
from .rows import Bar, Progress, bars, schedule
from .spread import Bin, histogram, into_bins

__all__ = [
    "Bar",
    "Bin",
    "Progress",
    "bars",
    "columns",
    "histogram",
    "into_bins",
    "on_paper",
    "schedule",
    "trend",
]
