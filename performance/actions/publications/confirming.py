"""A publication is proposed, confirmed by two people, frozen; or returned."""

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, Role
from congress.outbox import enqueue
from congress.tenancy import current_congress
from notices.actions import send

from ...models import Period, Publication, PublicationRow
from ...queries.publications import Snapshot, checks, content, snapshot, stored_rows
from ...rules.publications import seal
from ..periods import lock_period
from .documents import FILES
from .drafting import check_choices, tally_of
from .frame import Step, take


def _refuse_unchecked(publication: Publication) -> None:
    faults = [check.says for check in checks(publication) if check.must and not check.ok]
    if faults:
        raise NotAllowed("核对没有通过：" + "；".join(faults))


@transaction.atomic
def propose_publication(publication: Publication, *, by: Membership) -> Publication:
    """The draft goes to two people for confirmation; refused while a check fails."""
    publication = take(publication, Step.PROPOSE, by)
    check_choices(publication)
    publication.tally = tally_of(publication.period)
    _refuse_unchecked(publication)
    if publication.edition > 1 and not publication.corrections.exists():
        _refuse_unchanged(publication)
    publication.proposed_by, publication.proposed_at = by, timezone.now()
    publication.return_reason = ""
    publication.save()
    others = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS, valid_to=None)
    send(
        "performance/publication_proposed",
        to=others.exclude(pk=by.pk),
        publication=publication,
        link=f"/admin/performance/publication/{publication.pk}/change/",
    )
    audit.record(by, "performance.propose_publication", publication)
    return publication


def _refuse_unchanged(publication: Publication) -> None:
    """A later edition must differ from the one it corrects, in points or in words."""
    if snapshot(publication).rows == stored_rows(publication.corrects):
        raise NotAllowed("更正版与原版没有区别，请先登记更正，或在名册中改正后再提交")


@transaction.atomic
def confirm_publication(publication: Publication, *, by: Membership) -> Publication:
    """The first person confirms, who may be the one who proposed."""
    publication = take(publication, Step.CONFIRM, by)
    _refuse_unchecked(publication)
    publication.first_by, publication.first_at = by, timezone.now()
    publication.save()
    audit.record(by, "performance.confirm_publication", publication)
    return publication


@transaction.atomic
def freeze_publication(publication: Publication, *, by: Membership) -> Publication:
    """The second person, another one, confirms: the period is locked, the rows are frozen under
    a seal, the documents are begun. Nothing of it changes any more.

    The period's row is held first, so that no tally and no award comes between the checks and
    the rows.
    """
    period = Period.objects.select_for_update(of=("self",)).get(pk=publication.period_id)
    publication = take(publication, Step.FREEZE, by)
    _refuse_unchecked(publication)
    if period.state != Period.State.LOCKED:
        publication.period = lock_period(period, by=by)
    found = snapshot(publication)
    publication.second_by, publication.published_at = by, timezone.now()
    publication.figures, publication.explanation = found.figures, found.explanation
    publication.manifest = seal(content(publication, found.rows))
    publication.save()
    _keep_rows(publication, found)
    publication.job = enqueue(
        FILES,
        by=by,
        title=f"生成“{publication}”的通报和表格",
        link=f"/admin/performance/publication/{publication.pk}/change/",
        publication=publication.pk,
    )
    publication.save(update_fields=["job"])
    _tell(publication)
    audit.record(
        by,
        "performance.freeze_publication",
        publication,
        after={"代表": len(found.rows), "校验码": publication.manifest},
    )
    return publication


def _keep_rows(publication: Publication, found: Snapshot) -> None:
    congress = current_congress()
    PublicationRow.objects.bulk_create(
        (
            PublicationRow(congress=congress, publication=publication, **vars(row))
            for row in found.rows
        ),
        batch_size=1000,
    )


def _tell(publication: Publication) -> None:
    if publication.audience == Publication.Audience.INTERNAL:
        return
    deputies = Membership.objects.filter(
        deputy__published_rows__publication=publication, valid_to=None
    )
    send(
        "performance/publication_published",
        to=deputies,
        publication=publication,
        link=f"/performance/{publication.public_id}/",
        dedupe_key=f"publication-{publication.pk}",
    )


@transaction.atomic
def return_publication(publication: Publication, *, by: Membership, reason: str) -> Publication:
    """Back to be mended, with the reason; the first confirmation is void."""
    if not reason.strip():
        raise NotAllowed("请写明退回的原因")
    publication = take(publication, Step.RETURN, by)
    publication.return_reason = reason.strip()
    publication.first_by = publication.first_at = None
    publication.save()
    send(
        "performance/publication_returned",
        to=[publication.made_by, publication.proposed_by],
        publication=publication,
        link=f"/admin/performance/publication/{publication.pk}/change/",
    )
    audit.record(by, "performance.return_publication", publication, note=reason.strip())
    return publication
