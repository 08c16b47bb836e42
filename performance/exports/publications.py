"""A publication as table, booklet and sheet: only the columns chosen, only frozen content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from congress import charts, xlsx
from congress.tenancy import current_congress
from congress.words import local_day, plain_number

from ..models import Publication
from ..rules.publications import Result

PURPOSE = "performance.publication"
Column = Publication.Column
PAPER_FONT = "仿宋_GB2312, FangSong, LXGW WenKai, Noto Serif CJK SC"


@dataclass(frozen=True)
class Head:
    """One column of the table: its words, its kind, the aspect it belongs to."""

    key: str
    words: str
    kind: str  # words, figure
    group: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the table, ready for print."""

    name: str
    rows: list[tuple[Result, list[str]]]
    figures: Mapping[str, Any]
    notes: list[str]
    foot: list[str]


@dataclass(frozen=True)
class Table:
    heads: list[Head]
    parts: list[Part]


def heads(publication: Publication) -> list[Head]:
    """The columns of an edition in print order: number, name, what is told of the whole, then
    the items by aspect."""
    told, chosen = publication.explanation, set(publication.columns)
    found = [Head("position", "序号", "figure"), Head("name", "姓名", "words")]
    if Column.ASPECTS in chosen:
        found += [Head(f"aspect:{key}", words, "figure") for key, words, _ in told["aspects"]]
    simple = (
        (Column.TOTAL, "总分"),
        (Column.DAYS, "履职天数"),
        (Column.GRADE, "等次"),
        (Column.RANK, "名次"),
    )
    found += [
        Head(key, words, "words" if key == Column.GRADE else "figure")
        for key, words in simple
        if key in chosen
    ]
    if Column.ITEMS in chosen:
        aspects = {rule: words for _, words, rules in told["aspects"] for rule, _, _ in rules}
        found += [
            Head(f"item:{key}", words, "figure", aspects.get(key, ""))
            for key, words in told["items"]
        ]
    return found


def points(value: Decimal | str, decimals: int) -> str:
    """Points as printed: the book's own decimals, a real minus sign."""
    return f"{Decimal(value):.{decimals}f}".replace("-", "−")


def cell(row: Result, key: str, decimals: int) -> str:
    """One printed value of a row."""
    kind, _, name = key.partition(":")
    if kind == "aspect":
        return points(row.aspects.get(name, "0"), decimals)
    if kind == "item":
        value = Decimal(row.items.get(name, "0"))
        return points(value, decimals) if value else "—"
    if kind == "total":
        return points(row.total, decimals)
    return str(getattr(row, kind) if getattr(row, kind) not in ("", None) else "—")


def table(
    publication: Publication, rows: Sequence[Result], figures: Mapping | None = None
) -> Table:
    """The whole table, part by part, in words; each part with its means and its notes."""
    found, decimals = heads(publication), publication.explanation["decimals"]
    known = dict((figures or publication.figures)["parts"])
    parts = []
    for name in dict.fromkeys(row.part for row in rows):
        mine = [row for row in rows if row.part == name]
        parts.append(
            Part(
                name,
                [(row, [cell(row, head.key, decimals) for head in found]) for row in mine],
                known[name],
                [f"{row.name}：{row.note}" for row in mine if row.note],
                _foot(found, mine, known[name], decimals),
            )
        )
    return Table(found, parts)


def _foot(found: list[Head], rows: Sequence[Result], figures: Mapping, decimals: int) -> list[str]:
    """The means under a part, where a mean says something."""
    said = []
    for head in found[2:]:
        kind, _, name = head.key.partition(":")
        if head.key == "total":
            said.append(points(figures["mean"], max(1, decimals)))
        elif head.key == "days":
            said.append(figures["mean_days"])
        elif kind in ("aspect", "item"):
            values = [
                Decimal((row.aspects if kind == "aspect" else row.items).get(name, "0"))
                for row in rows
            ]
            said.append(points(sum(values) / (len(values) or 1), max(1, decimals)))
        else:
            said.append("")
    return said


def summary(publication: Publication, figures: Mapping | None = None) -> dict[str, Any]:
    """Figures of the whole and per part, only of the columns chosen."""
    figures, chosen = figures or publication.figures, set(publication.columns)
    return {
        "all": figures["all"],
        "parts": figures["parts"],
        "shows_total": Column.TOTAL in chosen,
        "shows_days": Column.DAYS in chosen,
        "shows_grade": Column.GRADE in chosen,
        "grades": [name for name, _, _ in publication.explanation["bands"]],
    }


def distribution(publication: Publication, rows: Sequence[Result], *, paper: bool = False) -> str:
    """How the totals are spread, drawn only where the totals are published and differ."""
    if Column.TOTAL not in publication.columns:
        return ""
    drawn = histogram([row.total for row in rows], Decimal(publication.figures["all"]["mean"]))
    return charts.on_paper(drawn, 9, PAPER_FONT) if paper and drawn else drawn


def histogram(
    totals: Sequence[Decimal],
    mean: Decimal,
    url: Callable[[int, int], str] = lambda low, high: "",
) -> str:
    """Totals in about ten ranges with their mean, nothing where there are too few; `url` gives
    the address of the deputies from `low` to below `high`."""
    if len(set(totals)) < 5:
        return ""
    span = max(totals) - min(totals)
    width = next((w for w in (1, 2, 5, 10, 20, 50, 100, 200, 500) if span / w <= 12), 1000)
    bins = [
        b._replace(url=url(b.low, b.high) if b.count else "")
        for b in charts.into_bins(totals, width)
    ]
    return charts.histogram("总分分布", bins, "人", marks=[("平均", round(mean, 1))])


def page_context(
    publication: Publication, rows: Sequence[Result], *, part: str = "", words: str = ""
) -> dict[str, Any]:
    """What the page of an edition (or of a draft) needs.

    `part` is the number of a part from 1 or "all"; the first by default. `words` looks for
    names in all parts.
    """
    whole, words = table(publication, rows), words.strip()[:20]
    names = [(n, p.name, len(p.rows)) for n, p in enumerate(whole.parts, start=1)]
    number = int(part) if part.isdigit() and 1 <= int(part) <= len(names) else 1
    chosen = whole.parts if part == "all" or words else whole.parts[number - 1 : number]
    if words:
        chosen = [
            replace(p, rows=hits, foot=[], notes=[])
            for p in chosen
            if (hits := [(row, cells) for row, cells in p.rows if words in row.name])
        ]
    return {
        "publication": publication,
        "told": publication.explanation,
        "summary": summary(publication),
        "chart": distribution(publication, rows),
        "means": _means(publication),
        "heads": whole.heads,
        "names": names,
        "number": number,
        "whole": part == "all",
        "q": words,
        "found": sum(len(p.rows) for p in chosen),
        "parts": [
            (p, [list(zip(whole.heads, cells, strict=True)) for _, cells in p.rows]) for p in chosen
        ],
    }


def _means(publication: Publication) -> str:
    """The mean of every part beside the others."""
    parts = publication.figures["parts"]
    if Column.TOTAL not in publication.columns or len(parts) < 2:
        return ""
    drawn = [
        charts.Bar(name, Decimal(values["mean"]), f"?part={n}#people")
        for n, (name, values) in enumerate(parts, start=1)
    ]
    return charts.bars("各组平均分", drawn, "分")


def own_values(publication: Publication, row: Result) -> list[tuple[str, str]]:
    """What is published of one deputy, as (words, value)."""
    decimals = publication.explanation["decimals"]
    return [
        (head.words, cell(row, head.key, decimals))
        for head in heads(publication)
        if head.key not in ("position", "name") and not head.key.startswith("item:")
    ]


def sheet(publication: Publication, rows: Sequence[Result]) -> bytes:
    """The same as a workbook: all deputies, the figures, how it was counted."""
    found, told = table(publication, rows), publication.explanation
    exact = [head for head in found.heads if head.key not in ("position", "name")]
    listed = [
        [row.position, row.name, row.part, *[_exact(row, h.key) for h in exact], row.note]
        for part in found.parts
        for row, _ in part.rows
    ]
    said = summary(publication)
    shown = [
        ("人数", "deputies", True),
        ("平均总分", "mean", said["shows_total"]),
        ("平均履职天数", "mean_days", said["shows_days"]),
    ]
    keys = [(words, key) for words, key, there in shown if there]
    means = [("合计", said["all"]), *said["parts"]]
    sheets = [
        xlsx.Sheet(
            "代表履职情况",
            ["序号", "姓名", "分组", *[h.words for h in exact], "任职说明"],
            listed,
            caption=str(publication),
            note=f"{current_congress().standing_committee_name}"
            f"　{local_day(publication.published_at):%Y-%m-%d}公布",
            landscape=True,
        ),
        xlsx.Sheet(
            "总体情况",
            ["分组", *[words for words, _ in keys]],
            [[name, *[Decimal(str(values[key])) for _, key in keys]] for name, values in means],
            caption="总体情况",
        ),
        xlsx.Sheet(
            "计分办法",
            ["方面", "事项", "怎样计分"],
            [
                [aspect, name, says]
                for _, aspect, rules in told["aspects"]
                for _, name, says in rules
            ],
            caption=f"《{told['book']}》第{told['version']}版",
            note=f"依据：{told['basis']}",
        ),
    ]
    if told["corrections"]:
        sheets.append(
            xlsx.Sheet(
                "更正说明",
                ["代表", "规则", "分值增减", "天数增减", "理由"],
                [[n, r, Decimal(p), d, why] for n, r, p, d, why in told["corrections"]],
            )
        )
    return xlsx.write(sheets)


def _exact(row: Result, key: str) -> Any:
    kind, _, name = key.partition(":")
    if kind in ("aspect", "item"):
        values = row.aspects if kind == "aspect" else row.items
        return Decimal(plain_number(Decimal(values.get(name, "0"))))
    if kind == "total":
        return Decimal(plain_number(row.total))
    return getattr(row, kind)
