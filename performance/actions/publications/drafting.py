"""A publication is chosen: title, audience, columns, order."""

from typing import Any

from django.db import transaction

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership

from ...models import Period, Publication, Tally
from ...queries.publications import ranking_is_on
from ...queries.tallies import latest_tally
from .frame import Column, State, Step, locked, may_keep, take

CHOICES = ("title", "audience", "columns", "partition", "order")


def check_choices(publication: Publication) -> None:
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
    may_keep(by)
    period = Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    there = period.publications.filter(audience=audience).exclude(state=State.DROPPED).first()
    if there:
        words = there.get_audience_display()
        raise NotAllowed(f"“{period.name}”面向“{words}”的公布已有一份，请在那一份上办理")
    publication = Publication(
        period=period,
        tally=tally_of(period),
        title=title,
        audience=audience,
        columns=columns,
        partition=partition,
        order=order,
        made_by=by,
    )
    check_choices(publication)
    publication.save()
    audit.record(by, "performance.draft_publication", publication, after=_said(publication))
    return publication


def tally_of(period: Period) -> Tally:
    tally = latest_tally(period)
    if tally is None:
        raise NotAllowed(f"“{period.name}”还没有汇总，请先汇总积分")
    return tally


def _said(publication: Publication) -> dict[str, Any]:
    return {name: getattr(publication, name) for name in CHOICES}


@transaction.atomic
def change_publication(publication: Publication, *, by: Membership, **choices: Any) -> Publication:
    """Other choices for what is still a draft or was returned; the newest tally is taken."""
    may_keep(by)
    publication = locked(publication)
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
    check_choices(publication)
    publication.tally = tally_of(publication.period)
    publication.save()
    audit.record(
        by,
        "performance.change_publication",
        publication,
        before=before,
        after=_said(publication),
    )
    return publication


@transaction.atomic
def drop_publication(publication: Publication, *, by: Membership) -> Publication:
    """A draft that is not wanted any more."""
    publication = take(publication, Step.DROP, by)
    publication.save()
    audit.record(by, "performance.drop_publication", publication)
    return publication
