"""Later editions, and the entries that make them differ."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership
from deputies.models import Deputy

from ...models import Correction, Publication, RuleNode
from .frame import State, locked, may_keep


@transaction.atomic
def correct_publication(publication: Publication, *, by: Membership, reason: str) -> Publication:
    """A draft of the next edition, with its reason; the edition before stays readable.

    Only the latest edition is corrected, and only one correction is under way at a time.
    """
    may_keep(by)
    publication = locked(publication)
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
    may_keep(by)
    publication = locked(publication)
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
    may_keep(by)
    publication = locked(row.publication)
    if publication.state not in (State.DRAFT, State.RETURNED):
        raise NotAllowed(f"“{publication.get_state_display()}”的公布方案不能修改，请先退回")
    audit.record(by, "performance.remove_correction", row, before={"分值": str(row.points)})
    row.delete()
