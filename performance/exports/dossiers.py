"""履职档案 on paper."""

from typing import Any

from django.utils import timezone

from congress import pdf
from congress.tenancy import current_congress
from congress.words import cn_date

from ..queries.dossiers import Dossier
from .publications import own_values


def dossier_context(file: Dossier) -> dict[str, Any]:
    """What the templates of a dossier need, on the screen and on paper."""
    return {
        "congress": current_congress(),
        "dossier": file,
        "deputy": file.deputy,
        "period": file.period,
        "result": file.result,
        "source": source_of(file),
        "published": [(row, own_values(row.publication, row)) for row in file.published],
        "on": timezone.localdate(),
    }


def source_of(file: Dossier) -> str:
    """Where the figures come from, in a sentence."""
    if file.result is None:
        return ""
    total = file.result.total
    version = total.tally.version
    book = f"《{version.book.name}》第{version.number}版"
    if file.result.is_reckoned:
        return f"按{book}和{cn_date(timezone.localdate())}的履职记录计算，汇总以前还会变化。"
    when = cn_date(total.tally.finished_at)
    return f"按{book}，以{when}第{total.tally.number}次汇总为准，考核期已锁定。"


def dossier_document(file: Dossier) -> bytes:
    """履职档案 as PDF."""
    return pdf.document("performance/documents/dossier.html", dossier_context(file))
