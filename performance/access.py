"""Who may see which facts and figures, and take which step."""

from django.db.models import Q, QuerySet
from django.http import Http404

from congress.models import Membership, Role, StoredFile
from deputies import access as registry

from .models import (
    DutyRecord,
    ManualAward,
    Objection,
    Period,
    Publication,
    RuleBookVersion,
    SelfReport,
    Tally,
    TallyTotal,
)
from .rules import OBJECTION_FLOW, PERIOD_FLOW, PUBLICATION_FLOW, SELF_REPORT_FLOW

EVIDENCE = "performance.evidence"  # the purpose of files that prove a duty
KEEPERS = frozenset({Role.DEPUTY_AFFAIRS})
READERS = frozenset({Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE})
Step = SelfReport.Step


def _of_visible_deputies(rows: QuerySet, member: Membership) -> QuerySet:
    if member.role in READERS:
        return rows
    if member.role in (Role.STREET, Role.DEPUTY):
        return rows.filter(deputy__in=registry.visible_to(member).order_by().values("pk"))
    return rows.none()


def records_visible_to(member: Membership) -> QuerySet[DutyRecord]:
    """Duty facts: the committee all, a street those of its deputies, a deputy the own ones."""
    return _of_visible_deputies(
        DutyRecord.objects.select_related("deputy", "item", "entered_by"), member
    )


def reports_visible_to(member: Membership) -> QuerySet[SelfReport]:
    """Self-reports; what was never sent only its author sees."""
    rows = _of_visible_deputies(
        SelfReport.objects.select_related(
            "deputy", "item", "entered_by", "reviewed_by", "verified_by", "evidence"
        ),
        member,
    )
    if member.role != Role.DEPUTY:
        rows = rows.exclude(submitted_at=None)
    return rows


def objections_visible_to(member: Membership) -> QuerySet[Objection]:
    """Objections, like the facts they are about."""
    return _of_visible_deputies(
        Objection.objects.select_related(
            "deputy", "period", "record__item", "node", "item", "decided_by"
        ),
        member,
    )


def totals_visible_to(member: Membership) -> QuerySet[TallyTotal]:
    """Results of tallies."""
    return _of_visible_deputies(
        TallyTotal.objects.select_related("deputy", "mandate__delegation", "tally__period"), member
    )


def periods_visible_to(member: Membership) -> QuerySet[Period]:
    """Periods are no secret among staff and deputies."""
    rows = Period.objects.select_related("version__book")
    return rows if member.role in READERS | {Role.STREET, Role.DEPUTY} else rows.none()


def tallies_visible_to(member: Membership) -> QuerySet[Tally]:
    """Finished tallies: staff; whose results a member sees in them is `totals_visible_to`."""
    rows = Tally.objects.exclude(finished_at=None).select_related("period", "version__book", "by")
    return rows if member.role in READERS | {Role.STREET} else rows.none()


def awards_visible_to(member: Membership) -> QuerySet[ManualAward]:
    """Points at discretion, like the facts."""
    return _of_visible_deputies(
        ManualAward.objects.select_related("deputy", "node", "period", "by"), member
    )


def versions_visible_to(member: Membership) -> QuerySet[RuleBookVersion]:
    """Rule-books: staff all versions, deputies the published ones."""
    rows = RuleBookVersion.objects.select_related("book")
    if member.role in READERS | {Role.STREET}:
        return rows
    if member.role == Role.DEPUTY:
        return rows.filter(state=RuleBookVersion.State.PUBLISHED)
    return rows.none()


def find(rows: QuerySet, pk: int):
    """One of the visible rows, otherwise 404."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_keep(member: Membership) -> bool:
    """Whether a member keeps rule-books, periods, tallies and publications."""
    return member.role in KEEPERS


def report_steps(member: Membership, report: SelfReport) -> list[SelfReport.Step]:
    """The steps a member may take on a self-report now.

    First review: street staff for its own deputies, or 代工委. Verification: 代工委, never the
    one who reviewed or entered it (两级审核，不得由同一人).
    """
    possible = SELF_REPORT_FLOW.steps(report.state)
    mine = []
    if report.entered_by_id == member.pk:
        mine += [Step.SUBMIT, Step.DROP]
    elif member.role == Role.DEPUTY and report.deputy.membership_id == member.pk:
        mine += [Step.SUBMIT, Step.DROP]
    if member.role in (Role.STREET, Role.DEPUTY_AFFAIRS) and not _same_person(
        report.entered_by, member
    ):
        if report.state == SelfReport.State.SUBMITTED:
            mine += [Step.REVIEW, Step.RETURN]
        elif report.state == SelfReport.State.REVIEWED and may_keep(member):
            mine.append(Step.RETURN)
            if not _same_person(report.reviewed_by, member):
                mine.append(Step.VERIFY)
    return [step for step in possible if step in mine]


def _same_person(one: Membership | None, other: Membership) -> bool:
    return one is not None and one.user_id == other.user_id


def objection_steps(member: Membership, objection: Objection) -> list[Objection.Step]:
    """代工委 decides; the deputy who raised it may drop it."""
    possible = OBJECTION_FLOW.steps(objection.state)
    if may_keep(member):
        return [s for s in possible if s != Objection.Step.DROP]
    if member.role == Role.DEPUTY and objection.deputy.membership_id == member.pk:
        return [s for s in possible if s == Objection.Step.DROP]
    return []


def evidence_readable(member: Membership | None, file: StoredFile) -> bool:
    """Evidence: its author, and whoever may see a report, record or objection it belongs to."""
    if member is None:
        return False
    if file.by_id == member.pk:
        return True
    return (
        reports_visible_to(member).filter(evidence=file).exists()
        or records_visible_to(member).filter(evidence=file).exists()
        or objections_visible_to(member).filter(evidence=file).exists()
    )


Audience = Publication.Audience
AUDIENCES = {
    Audience.INTERNAL: READERS,
    Audience.DEPUTIES: READERS | {Role.STREET, Role.DEPUTY},
}


def publications_visible_to(member: Membership | None) -> QuerySet[Publication]:
    """Publications: the committee those under way too; the others only what was published for
    them; strangers what was published for everybody."""
    rows = Publication.objects.select_related("period", "tally", "corrects")
    if member is not None and may_keep(member):
        return rows
    mine = [a for a, roles in AUDIENCES.items() if member is not None and member.role in roles]
    return rows.filter(state=Publication.State.PUBLISHED, audience__in=[Audience.PUBLIC, *mine])


def find_publication(member: Membership | None, public_id, *links: str) -> Publication:
    """A published edition this member (None: the public) may read, otherwise 404; `links` are
    fetched with it."""
    rows = publications_visible_to(member).filter(state=Publication.State.PUBLISHED)
    rows = rows.select_related(*links) if links else rows
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def period_steps(member: Membership, period: Period) -> list[Period.Step]:
    """代工委 locks a period."""
    return PERIOD_FLOW.steps(period.state) if may_keep(member) else []


def publication_steps(member: Membership, publication: Publication) -> list[Publication.Step]:
    """代工委; the second confirmation never by the person who gave the first, whatever other
    membership that person may have."""
    if not may_keep(member):
        return []
    steps = PUBLICATION_FLOW.steps(publication.state)
    if publication.first_by and _same_person(publication.first_by, member):
        steps = [s for s in steps if s != Publication.Step.FREEZE]
    return steps


def publication_file_readable(member: Membership | None, file: StoredFile) -> bool:
    """Booklets and sheets: whoever may read the edition they belong to."""
    return (
        publications_visible_to(member)
        .filter(state=Publication.State.PUBLISHED)
        .filter(Q(booklet=file) | Q(large_print=file) | Q(sheet=file))
        .exists()
    )
