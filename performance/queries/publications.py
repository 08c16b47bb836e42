"""What a publication will show, whether it may be confirmed, and whether it is still whole."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from congress.tenancy import current_congress
from congress.words import plain_number
from deputies.models import Deputy, GroupSeat, MandateEvent

from ..models import (
    Aspect,
    Correction,
    DutyItem,
    Objection,
    Publication,
    PublicationRow,
    RuleBookVersion,
    TallyTotal,
)
from ..rules import Rule, band_of
from ..rules.describe import describe
from ..rules.publications import Result, figures, held_grade, places, seal
from .counts import place
from .recount import recount
from .tallies import changes_since, latest_tally
from .trees import rule_tree, scale_of

ZERO = Decimal(0)
EXACT = Decimal("0.0001")
NOBODYS = "未编入"
Column, Partition = Publication.Column, Publication.Partition


@dataclass
class Snapshot:
    """Everything an edition says: rows in order, figures, how it was counted."""

    rows: list[Result]
    figures: dict[str, Any]
    explanation: dict[str, Any]

    def part(self, name: str) -> list[Result]:
        return [row for row in self.rows if row.part == name]


@dataclass
class Check:
    """One thing looked at before two people confirm."""

    title: str
    ok: bool
    says: str
    rows: list[str] = field(default_factory=list)  # the names behind, at most SHOWN
    must: bool = True  # the publication waits for it


SHOWN = 20


def ranking_is_on() -> bool:
    """Whether this congress has decided to rank its deputies (off by default)."""
    return bool(current_congress().settings.get("ranking"))


# -- What it shows ------------------------------------------------------------------------------


def snapshot(publication: Publication) -> Snapshot:
    """The rows of an edition from its tally and the corrections after the lock, in words and
    figures as they stand now. A constant number of queries."""
    version = publication.tally.version
    root, (bands, gates) = rule_tree(version), scale_of(version)
    leaves = [rule for rule in root.walk() if rule.is_leaf]
    totals = list(
        TallyTotal.objects.filter(tally=publication.tally).select_related(
            "deputy", "mandate__delegation", "mandate__constituency", "mandate__deputy"
        )
    )
    changes = corrections_of(publication)
    notes, groups = _notes(publication, totals), _groups(publication)
    unplaced: list[tuple[tuple, dict]] = []
    for row in totals:
        total, aspects = row.total, {k: Decimal(v) for k, v in row.aspects.items()}
        items = {leaf.key: Decimal(row.lines.get(leaf.key, ["0"])[0]) for leaf in leaves}
        days, grade = row.days, row.band
        for change in changes.get(row.deputy_id, ()):
            key, points = change.node.key, change.points
            total, days = total + points, max(0, days + change.days)
            items[key] = items.get(key, ZERO) + points
            aspect = next((leaf.aspect for leaf in leaves if leaf.key == key), "")
            aspects[aspect] = aspects.get(aspect, ZERO) + points
        if row.deputy_id in changes and bands:
            grade = held_grade(band_of(total, bands), row.gates, bands, gates)
        seat = row.mandate
        part, part_place = _part(publication, seat, groups.get(row.deputy_id))
        unplaced.append(
            (
                (part_place, part, place(seat)),
                {
                    "deputy_id": row.deputy_id,
                    "part": part,
                    "name": row.deputy.name,
                    "delegation": seat.delegation.name if seat.delegation else "",
                    "group": groups[row.deputy_id].name if row.deputy_id in groups else "",
                    "constituency": seat.constituency.name if seat.constituency else "",
                    "note": notes.get(row.deputy_id, ""),
                    "total": total,
                    "aspects": {k: _text(v) for k, v in aspects.items()},
                    "items": {k: _text(v) for k, v in items.items() if v},
                    "days": days,
                    "in_office_days": row.in_office_days,
                    "grade": grade,
                },
            )
        )
    rows = _in_order(publication, unplaced)
    parts = list(dict.fromkeys(row.part for row in rows))
    grades, decimals = [b.name for b in bands], max(1, version.decimals)
    return Snapshot(
        rows,
        {
            "all": figures(rows, grades, decimals),
            "parts": [
                [name, figures([r for r in rows if r.part == name], grades, decimals)]
                for name in parts
            ],
        },
        _explanation(publication, root, bands, gates),
    )


def _text(value: Decimal) -> str:
    return str(value.quantize(EXACT))


def _in_order(publication: Publication, unplaced: list[tuple[tuple, dict]]) -> list[Result]:
    by_score = publication.order == Publication.Order.SCORE
    unplaced.sort(key=lambda u: (u[0][0], u[0][1], -u[1]["total"] if by_score else 0, u[0][2]))
    ranks: dict[str, dict[Decimal, int]] = {}
    if Column.RANK in publication.columns:
        scores: dict[str, list[Decimal]] = {}
        for _, row in unplaced:
            scores.setdefault(row["part"], []).append(row["total"])
        ranks = {part: places(found) for part, found in scores.items()}
    numbers = {part: n for n, part in enumerate(dict.fromkeys(r["part"] for _, r in unplaced))}
    return [
        Result(
            **row,
            position=n,
            part_position=numbers[row["part"]] + 1,
            rank=ranks[row["part"]][row["total"]] if ranks else None,
        )
        for n, (_, row) in enumerate(unplaced, start=1)
    ]


def _part(publication: Publication, seat, group) -> tuple[str, tuple]:
    if publication.partition == Partition.DELEGATION:
        where = seat.delegation
    elif publication.partition == Partition.GROUP:
        where = group
    else:
        return f"全体{seat.get_level_display()}", (0, 0)
    if where is None:
        words = "代表团" if publication.partition == Partition.DELEGATION else "代表小组"
        return NOBODYS + words, (2**31, 0)
    return where.name, (where.position, where.pk)


def _groups(publication: Publication) -> dict:
    """The street group each deputy belonged to at the end of the period."""
    period = publication.period
    seats = GroupSeat.objects.filter(starts_on__lte=period.ends_on, group__kind="street").filter(
        Q(ends_on=None) | Q(ends_on__gte=period.starts_on)
    )
    return {
        seat.deputy_id: seat.group for seat in seats.select_related("group").order_by("starts_on")
    }


def _notes(publication: Publication, totals: Iterable[TallyTotal]) -> dict[int, str]:
    """Why somebody was not in office the whole period, in words."""
    period, found = publication.period, {}
    stopped = set(
        MandateEvent.objects.filter(
            kind=MandateEvent.Kind.SUSPENDED, on__lte=period.ends_on
        ).values_list("mandate_id", flat=True)
    )
    whole = (period.ends_on - period.starts_on).days + 1
    for row in totals:
        seat = row.mandate
        if row.in_office_days == whole:
            continue
        said = []
        if seat.starts_on > period.starts_on:
            said.append(f"{_day(seat.starts_on)}起任职")
        if seat.ends_on and seat.ends_on < period.ends_on:
            said.append(f"任职至{_day(seat.ends_on)}")
        if seat.pk in stopped:
            said.append("其间暂停执行代表职务")
        found[row.deputy_id] = "，".join(said) or f"在任{row.in_office_days}天"
    return found


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def corrections_of(publication: Publication) -> dict[int, list[Correction]]:
    """Entries after the lock that hold for this edition: its own and those published before."""
    published = Q(publication__state=Publication.State.PUBLISHED)
    rows = Correction.objects.filter(publication__period=publication.period_id).filter(
        published | Q(publication=publication)
    )
    found: dict[int, list[Correction]] = {}
    for row in rows.select_related("node", "deputy").order_by("pk"):
        found.setdefault(row.deputy_id, []).append(row)
    return found


def _explanation(publication: Publication, root: Rule, bands, gates) -> dict[str, Any]:
    """How it was counted, in words: frozen with the rows."""
    version, period = publication.tally.version, publication.period
    names = dict(DutyItem.objects.values_list("code", "name"))
    names |= {rule.key: rule.name for rule in root.walk()}
    aspects: dict[str, list] = {}
    for rule in root.children:
        for part in rule.walk():
            if part.is_leaf or part.cap is not None or part.floor is not None:
                entry = [part.key, part.public_name or part.name, describe(part, names)]
                aspects.setdefault(rule.aspect, []).append(entry)
    labels = dict(Aspect.choices)
    leaves = [r for r in root.walk() if r.is_leaf]
    return {
        "period": period.name,
        "from": period.starts_on.isoformat(),
        "to": period.ends_on.isoformat(),
        "book": version.book.name,
        "version": version.number,
        "basis": version.basis_document,
        "in_force": version.in_force_from.isoformat() if version.in_force_from else "",
        "decimals": version.decimals,
        "facts": publication.tally.facts,
        "aspects": [[key, labels.get(key, key or "其他"), rows] for key, rows in aspects.items()],
        "items": [[r.key, r.public_name or r.name] for r in leaves],
        "bands": [[b.name, _span(b), b.colour] for b in bands],
        "gates": [[g.name, g.said()] for g in gates],
        "corrections": [
            [c.deputy.name, c.node.name, _text(c.points), c.days, c.reason]
            for rows in corrections_of(publication).values()
            for c in rows
        ],
    }


def _span(band) -> str:
    if band.low is None and band.high is None:
        return "不论得分"
    if band.low is None:
        return f"不到{plain_number(band.high)}分"
    if band.high is None:
        return f"{plain_number(band.low)}分及以上"
    return f"{plain_number(band.low)}分至不到{plain_number(band.high)}分"


# -- What is looked at before it is confirmed ---------------------------------------------------


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
        says = f"异议期到{_day(until)}{'为止，已经结束' if over else '，还没有结束'}"
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


# -- Whether it is still whole ------------------------------------------------------------------


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
        "rows": [{**asdict(row), "total": _text(row.total)} for row in rows],
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
