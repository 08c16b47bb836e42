"""Booklets and sheet of a frozen edition."""

from collections.abc import Callable

from django.db import transaction

from congress import audit, files, xlsx
from congress.flow import NotAllowed
from congress.models import Job, Membership
from congress.outbox import enqueue
from notices.actions import send

from ... import exports
from ...models import Publication
from ...queries.publications import stored_rows
from .frame import locked, may_keep

FILES = "performance.publication_files"


def make_files_again(publication: Publication, *, by: Membership) -> Job:
    """Begin the documents of a frozen edition again, when they were not finished."""
    may_keep(by)
    if not publication.is_frozen:
        raise NotAllowed("公布以后才生成通报和表格")
    running = Job.objects.filter(
        task=FILES, args__publication=publication.pk, done_at=None, failed_at=None
    ).first()
    return running or enqueue(
        FILES,
        by=by,
        title=f"生成“{publication}”的通报和表格",
        link=f"/admin/performance/publication/{publication.pk}/change/",
        publication=publication.pk,
    )


@transaction.atomic
def make_files(
    publication: Publication,
    *,
    by: Membership | None,
    report: Callable[[int, str], None] = lambda percent, words: None,
) -> Publication:
    """Booklet, large-print booklet and sheet of a frozen edition, from the frozen rows alone.

    Files that are there already are kept, so running twice does not matter.
    """
    publication = locked(publication)
    if not publication.is_frozen:
        raise NotAllowed("公布以后才生成通报和表格")
    rows = stored_rows(publication)

    def keep(name: str, content: bytes, kind: str):
        return files.store(name, content, purpose=exports.PURPOSE, content_type=kind, by=by)

    if publication.sheet is None:
        report(5, "正在生成表格")
        publication.sheet = keep(
            f"{publication}.xlsx", exports.sheet(publication, rows), xlsx.CONTENT_TYPE
        )
    if publication.booklet is None:
        report(20, f"正在排版{len(rows)}位代表的通报")
        publication.booklet = keep(
            f"{publication}.pdf", exports.booklet(publication, rows), "application/pdf"
        )
    if publication.large_print is None:
        report(60, "正在排版大字版通报")
        publication.large_print = keep(
            f"{publication}（大字版）.pdf",
            exports.booklet(publication, rows, large=True),
            "application/pdf",
        )
    publication.save(update_fields=["sheet", "booklet", "large_print"])
    audit.record(
        by,
        "performance.publication_files",
        publication,
        after={
            "通报": publication.booklet.sha256,
            "大字版": publication.large_print.sha256,
            "表格": publication.sheet.sha256,
        },
    )
    send(
        "performance/publication_files",
        to=[by],
        publication=publication,
        link=f"/admin/performance/publication/{publication.pk}/change/",
    )
    return publication
