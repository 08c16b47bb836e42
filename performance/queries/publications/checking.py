"""What two people must know before they confirm an edition."""

from dataclasses import dataclass, field

from django.utils import timezone

from congress.words import cn_day
from deputies.models import Deputy

from ...models import Objection, Publication, RuleBookVersion
from ..recount import recount
from ..tallies import changes_since, latest_tally
from .snapshots import Column


@dataclass
class Check:
    """One thing looked at before two people confirm."""

    title: str
    ok: bool
    says: str
    rows: list[str] = field(default_factory=list)  # the names behind, at most SHOWN
    must: bool = True  # the publication waits for it


SHOWN = 20


def checks(publication: Publication) -> list[Check]:
    """What two people must know before they confirm. The facts are counted a second time, one by
    one; the publication waits for every check that `must` hold."""
    tally, period = publication.tally, publication.period
    names = {t.deputy_id: t for t in tally.totals.select_related("deputy")}
    again = recount(tally)
    differ = [
        t.deputy.name
        for pk, t in names.items()
        if pk in again.deputies
        and (t.total, t.days) != (again.deputies[pk].total, len(again.deputies[pk].days))
    ]
    missing = [pk for pk in again.deputies if pk not in names]
    too_many = [t.deputy.name for pk, t in names.items() if pk not in again.deputies]
    found = [
        _newest(publication),
        Check(
            "积分逐条复算",
            not differ and again.counted == tally.facts,
            f"按{again.counted}条履职记录逐条复算，{len(names)}位代表的积分、履职天数全部一致"
            if not differ and again.counted == tally.facts
            else f"{len(differ)}位代表的积分或履职天数与履职记录不一致，请重新汇总",
            differ[:SHOWN],
        ),
        Check(
            "在任代表没有遗漏",
            not missing,
            f"考核期内在任的{len(again.deputies)}位代表都在其中"
            if not missing
            else f"缺少{len(missing)}位在任代表，请重新汇总",
            _names(missing),
        ),
        Check(
            "没有计入不在任的时间",
            not too_many,
            (
                f"不在任期间的{again.out_of_office}条履职记录没有计分"
                if again.out_of_office
                else "没有不在任期间的履职记录"
            )
            if not too_many
            else f"{len(too_many)}位代表在考核期内没有任职，请重新汇总",
            too_many[:SHOWN],
        ),
        *_objections(period),
        _version(tally.version),
        _grades(publication, names),
    ]
    return [check for check in found if check]


def _names(ids: list[int]) -> list[str]:
    return list(Deputy.objects.filter(pk__in=ids[:SHOWN]).values_list("name", flat=True))


def _newest(publication: Publication) -> Check:
    tally, period = publication.tally, publication.period
    latest = latest_tally(period)
    late = changes_since(tally)
    if latest is None or latest.pk != tally.pk:
        return Check("用的是最近一次汇总", False, "这之后又汇总过，请改用最近一次汇总")
    if late:
        return Check(
            "用的是最近一次汇总", False, f"汇总之后又有{late}条记录或酌定分变动，请重新汇总"
        )
    return Check(
        "用的是最近一次汇总", True, f"第{tally.number}次汇总之后，履职记录和酌定分没有变动"
    )


def _objections(period) -> list[Check]:
    waiting = Objection.objects.filter(period=period, state=Objection.State.OPEN)
    rows = [f"{o.deputy.name}：{o.get_kind_display()}" for o in waiting.select_related("deputy")]
    found = [
        Check(
            "异议都已处理",
            not rows,
            "没有待处理的异议" if not rows else f"还有{len(rows)}件异议没有处理",
            rows[:SHOWN],
        )
    ]
    until = period.objections_until
    if until:
        over = timezone.localdate() > until
        says = f"异议期到{cn_day(until)}{'为止，已经结束' if over else '，还没有结束'}"
        found.append(Check("异议期已满", over, says))
    return found


def _version(version: RuleBookVersion) -> Check:
    ok = version.state == RuleBookVersion.State.PUBLISHED
    return Check(
        "积分办法已发布",
        ok,
        f"《{version.book.name}》第{version.number}版，依据{version.basis_document}"
        if ok
        else "所用的积分办法还没有发布",
    )


def _grades(publication: Publication, totals: dict) -> Check | None:
    if Column.GRADE not in publication.columns:
        return None
    without = [t.deputy.name for t in totals.values() if not t.band]
    says = (
        "每位代表都有等次" if not without else f"{len(without)}位代表没有等次，办法中的等次有空档"
    )
    return Check("等次齐全", not without, says, without[:SHOWN])
