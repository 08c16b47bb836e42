"""The year-end publication: chosen, checked, confirmed by two people, frozen; later editions."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from congress import audit, files, xlsx
from congress.flow import NotAllowed
from congress.models import Job, Membership, Role
from congress.outbox import enqueue
from congress.tenancy import current_congress
from deputies.models import Deputy
from notices.actions import send

from .. import access, exports
from ..models import Correction, Period, Publication, PublicationRow, RuleNode, Tally
from ..queries.publications import (
    LINKS,
    Snapshot,
    checks,
    content,
    ranking_is_on,
    snapshot,
    stored_rows,
)
from ..queries.tallies import latest_tally
from ..rules import PUBLICATION_FLOW
from ..rules.publications import seal
from .periods import lock_period

FILES = "performance.publication_files"
Column, State, Step = Publication.Column, Publication.State, Publication.Step
CHOICES = ("title", "audience", "columns", "partition", "order")


def _may_keep(by: Membership) -> None:
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以拟订和确认履职公布")


def _check_choices(publication: Publication) -> None:
    publication.title = publication.title.strip()
    columns = [c for c in Column.values if c in publication.columns]
    if not publication.title:
        raise NotAllowed("请写明公布的标题")
    if publication.audience not in Publication.Audience.values:
        raise NotAllowed("请选择公布范围")
    if not columns or set(publication.columns) - set(columns):
        raise NotAllowed("请至少选择一项公布内容")
    ranked = Column.RANK in columns or publication.order == Publication.Order.SCORE
    if ranked and not ranking_is_on():
        raise NotAllowed(
            "本级人大没有开启排名，只能按名册顺序公布。如经主任会议决定排名，请先在设置中开启"
        )
    publication.columns = columns


@transaction.atomic
def draft_publication(
    period: Period,
    *,
    by: Membership,
    title: str,
    audience: str,
    columns: list[str],
    partition: str = Publication.Partition.DELEGATION,
    order: str = Publication.Order.ROSTER,
) -> Publication:
    """A first edition from the period's latest tally; one per period and audience."""
    _may_keep(by)
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    there = period.publications.filter(audience=audience).exclude(state=State.DROPPED).first()
    if there:
        words = there.get_audience_display()
        raise NotAllowed(f"“{period.name}”面向“{words}”的公布已有一份，请在那一份上办理")
    publication = Publication(
        period=period,
        tally=_tally_of(period),
        title=title,
        audience=audience,
        columns=columns,
        partition=partition,
        order=order,
        made_by=by,
    )
    _check_choices(publication)
    publication.save()
    audit.record(by, "performance.draft_publication", publication, after=_said(publication))
    return publication


def _tally_of(period: Period) -> Tally:
    tally = latest_tally(period)
    if tally is None:
        raise NotAllowed(f"“{period.name}”还没有汇总，请先汇总积分")
    return tally


def _said(publication: Publication) -> dict[str, Any]:
    return {name: getattr(publication, name) for name in CHOICES}


@transaction.atomic
def change_publication(publication: Publication, *, by: Membership, **choices: Any) -> Publication:
    """Other choices for what is still a draft or was returned; the newest tally is taken."""
    _may_keep(by)
    publication = _locked(publication)
    if publication.state not in (State.DRAFT, State.RETURNED):
        raise NotAllowed(f"“{publication.get_state_display()}”的公布方案不能修改，请先退回")
    if "audience" in choices and choices["audience"] != publication.audience:
        if publication.edition > 1:
            raise NotAllowed("更正版的公布范围与原版相同，不能修改")
        others = publication.period.publications.filter(audience=choices["audience"])
        if others.exclude(state=State.DROPPED).exists():
            raise NotAllowed("这一公布范围已有一份公布")
    before = _said(publication)
    for name in set(choices) & set(CHOICES):
        setattr(publication, name, choices[name])
    _check_choices(publication)
    publication.tally = _tally_of(publication.period)
    publication.save()
    audit.record(
        by,
        "performance.change_publication",
        publication,
        before=before,
        after=_said(publication),
    )
    return publication


def _locked(publication: Publication) -> Publication:
    return (
        Publication.objects.select_for_update(of=("self",))
        .select_related(*LINKS)
        .get(pk=publication.pk)
    )


def _take(publication: Publication, step: Publication.Step, by: Membership) -> Publication:
    """Lock, the right moment, the right person."""
    publication = _locked(publication)
    state = PUBLICATION_FLOW.after(publication.state, step)
    _may_keep(by)
    if step not in access.publication_steps(by, publication):
        raise NotAllowed("两次确认不能由同一人办理，请另一位同志确认")
    publication.state = state
    return publication


def _refuse_unchecked(publication: Publication) -> None:
    faults = [check.says for check in checks(publication) if check.must and not check.ok]
    if faults:
        raise NotAllowed("核对没有通过：" + "；".join(faults))


@transaction.atomic
def propose_publication(publication: Publication, *, by: Membership) -> Publication:
    """The draft goes to two people for confirmation; refused while a check fails."""
    publication = _take(publication, Step.PROPOSE, by)
    _check_choices(publication)
    publication.tally = _tally_of(publication.period)
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
    publication = _take(publication, Step.CONFIRM, by)
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
    publication = _take(publication, Step.FREEZE, by)
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
    publication = _take(publication, Step.RETURN, by)
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


@transaction.atomic
def drop_publication(publication: Publication, *, by: Membership) -> Publication:
    """A draft that is not wanted any more."""
    publication = _take(publication, Step.DROP, by)
    publication.save()
    audit.record(by, "performance.drop_publication", publication)
    return publication


# -- Later editions -----------------------------------------------------------------------------


@transaction.atomic
def correct_publication(publication: Publication, *, by: Membership, reason: str) -> Publication:
    """A draft of the next edition, with its reason; the edition before stays readable.

    Only the latest edition is corrected, and only one correction is under way at a time.
    """
    _may_keep(by)
    publication = _locked(publication)
    if not publication.is_frozen:
        raise NotAllowed("还没有公布，直接修改即可，不需要更正版")
    if not reason.strip():
        raise NotAllowed("请写明更正的原因")
    same = publication.period.publications.filter(audience=publication.audience)
    later = same.filter(edition__gt=publication.edition).exclude(state=State.DROPPED).first()
    if later:
        words = "已有更新的版次" if later.is_frozen else "更正版正在办理"
        raise NotAllowed(f"{words}（第{later.edition}版），请在那一版上办理")
    last = same.exclude(state=State.DROPPED).aggregate(n=Max("edition"))["n"]
    following = Publication.objects.create(
        period=publication.period,
        tally=publication.tally,
        title=publication.title,
        audience=publication.audience,
        columns=publication.columns,
        partition=publication.partition,
        order=publication.order,
        edition=last + 1,
        corrects=publication,
        reason=reason.strip(),
        made_by=by,
    )
    audit.record(by, "performance.correct_publication", following, note=reason.strip())
    return following


@transaction.atomic
def enter_correction(
    publication: Publication,
    *,
    by: Membership,
    deputy: Deputy,
    node: RuleNode,
    points: Decimal,
    reason: str,
    days: int = 0,
) -> Correction:
    """An entry after the lock: points more or less (and days of duty) for one rule of one
    deputy, in a later edition that is still a draft."""
    _may_keep(by)
    publication = _locked(publication)
    if publication.edition == 1:
        raise NotAllowed("更正只登记在更正版上；首次公布之前请改履职记录后重新汇总")
    if publication.state not in (State.DRAFT, State.RETURNED):
        raise NotAllowed(f"“{publication.get_state_display()}”的公布方案不能修改，请先退回")
    if node.version_id != publication.tally.version_id or node.kind == RuleNode.Kind.NODE:
        raise NotAllowed("请选择这一年积分办法中的一条计分规则")
    if not publication.tally.totals.filter(deputy=deputy).exists():
        raise NotAllowed(f"{deputy.name}不在这次公布的代表中")
    if not points and not days:
        raise NotAllowed("请填写分值或履职天数的增减")
    if not reason.strip():
        raise NotAllowed("请写明更正的理由")
    row = Correction.objects.create(
        publication=publication,
        deputy=deputy,
        node=node,
        points=points,
        days=days,
        reason=reason.strip(),
        by=by,
    )
    audit.record(
        by,
        "performance.enter_correction",
        row,
        after={"规则": node.name, "分值": str(points), "天数": days},
        note=reason.strip(),
    )
    return row


@transaction.atomic
def remove_correction(row: Correction, *, by: Membership) -> None:
    """An entry of a draft is taken out again."""
    _may_keep(by)
    publication = _locked(row.publication)
    if publication.state not in (State.DRAFT, State.RETURNED):
        raise NotAllowed(f"“{publication.get_state_display()}”的公布方案不能修改，请先退回")
    audit.record(by, "performance.remove_correction", row, before={"分值": str(row.points)})
    row.delete()


# -- Documents ----------------------------------------------------------------------------------


def make_files_again(publication: Publication, *, by: Membership) -> Job:
    """Begin the documents of a frozen edition again, when they were not finished."""
    _may_keep(by)
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
    publication = _locked(publication)
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
