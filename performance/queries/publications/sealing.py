"""Whether a frozen edition is still as it was sealed."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from congress.tenancy import current_congress

from ...models import Publication, PublicationRow
from ...rules.publications import Result, seal
from .points import exact


def content(publication: Publication, rows: Iterable[Result]) -> dict[str, Any]:
    """All that the seal is over: what the edition is, and every row exactly."""
    return {
        "congress": current_congress().name,
        "title": publication.title,
        "edition": publication.edition,
        "corrects": publication.corrects.manifest if publication.corrects else "",
        "reason": publication.reason,
        "audience": publication.audience,
        "columns": list(publication.columns),
        "partition": publication.partition,
        "order": publication.order,
        "tally": publication.tally.number,
        "confirmed": [publication.first_by.name, publication.second_by.name],
        "published_at": int(publication.published_at.timestamp()),
        "figures": publication.figures,
        "explanation": publication.explanation,
        "rows": [{**asdict(row), "total": exact(row.total)} for row in rows],
    }


def stored_rows(publication: Publication) -> list[Result]:
    """The frozen rows of an edition, in order. One query."""
    return [as_result(row) for row in PublicationRow.objects.filter(publication=publication)]


_NAMES = [f for f in Result.__dataclass_fields__]


def as_result(row: PublicationRow) -> Result:
    return Result(**{name: getattr(row, name) for name in _NAMES})


def verify(publication: Publication) -> list[str]:
    """What is wrong with a frozen edition, in sentences; empty when it is as it was sealed."""
    rows = stored_rows(publication)
    faults = []
    if seal(content(publication, rows)) != publication.manifest:
        faults.append(f"《{publication}》的内容与公布时的校验码不符")
    if len(rows) != publication.figures["all"]["deputies"]:
        faults.append(f"《{publication}》的人数与公布时不符")
    return faults


def verify_all() -> list[str]:
    """The same for every published edition of the open congress."""
    published = Publication.objects.filter(state=Publication.State.PUBLISHED)
    return [
        fault for publication in published.select_related(*LINKS) for fault in verify(publication)
    ]


LINKS = (
    "period",
    "tally__version__book",
    "tally__period",
    "corrects",
    "made_by",
    "proposed_by",
    "first_by",
    "second_by",
    "booklet",
    "large_print",
    "sheet",
)


def newer_edition(publication: Publication) -> Publication | None:
    """The latest published edition after this one."""
    return (
        Publication.objects.filter(
            period=publication.period_id,
            audience=publication.audience,
            edition__gt=publication.edition,
            state=Publication.State.PUBLISHED,
        )
        .order_by("-edition")
        .first()
    )
