"""Charts as SVG, drawn on the server: no script, no style in the page, clean in print.

Every function takes plain values and gives a `<figure>`: title, drawing with a title and a
description for screen readers, and the same numbers as a table. Widths are per cent and heights
em, so that letters keep their size on a phone, in the 长辈版 and on paper. A row with an address
links to exactly the rows behind it.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .words import plain_number

Number = int | float | Decimal

# Told apart by lightness as well as by hue; each at least 3:1 against white.
MAIN, SECOND, THIRD, BEHIND, GRID = "#2b5a8a", "#767f88", "#8a5a00", "#8c1d18", "#d8dce0"
DASHES = ("none", "6 4", "2 3")
LONG = 14  # characters of a label beside a value
FEW = 6  # more labels than these are thinned out on a phone


class Bar(NamedTuple):
    """One row or column: label, value, the address of the rows behind it."""

    label: str
    value: Number
    url: str = ""


class Progress(NamedTuple):
    """What is done and what should be done by now, in per cent."""

    label: str
    done: Number
    planned: Number
    url: str = ""


class Bin(NamedTuple):
    """How many values are from `low` up to, not including, `high`."""

    low: Number
    high: Number
    count: int
    url: str = ""


def bars(
    title: str,
    rows: Iterable[Bar | tuple],
    unit: str = "",
    note: str = "",
    whole: Number | None = None,
) -> SafeString:
    """Categories as horizontal bars in the order given, label above, value at the end.

    The longest bar is the greatest value, or `whole` where given (100 for per cent).
    """
    rows = [Bar(*row) for row in rows]
    top = whole or _top(row.value for row in rows)
    drawn = []
    for i, row in enumerate(rows):
        y = i * 3
        drawn.append(
            _linked(
                row.url,
                y,
                3,
                _join(
                    _text(0, y + 1.15, _short(row.label)),
                    _text(100, y + 1.15, _with_unit(row.value, unit), anchor="end", weight=600),
                    _rect(0, y + 1.6, 100, 0.75, GRID, opacity=0.5),
                    _rect(0, y + 1.6, _share(row.value, top), 0.75, MAIN),
                ),
            )
        )
    return _figure(
        title,
        drawn,
        len(rows) * 3,
        _say((r.label, r.value) for r in rows),
        unit,
        note,
        ("项目", unit or "数量"),
        [(r.label, [plain_number(r.value)], r.url) for r in rows],
    )


def columns(title: str, rows: Iterable[Bar | tuple], unit: str = "", note: str = "") -> SafeString:
    """Values over years or months as columns; the last one stands out."""
    rows = [Bar(*row) for row in rows]
    top = _top(row.value for row in rows)
    band = 100 / max(1, len(rows))
    drawn = [_line(0, 10, 100, 10, THIRD if not rows else SECOND)]
    for i, row in enumerate(rows):
        height = 8 * _share(row.value, top) / 100
        middle, dense = (i + 0.5) * band, _dense(i, len(rows))
        fill = MAIN if i == len(rows) - 1 else SECOND
        drawn.append(
            _linked(
                row.url,
                0,
                11.5,
                _join(
                    _rect(middle - band * 0.3, 10 - height, band * 0.6, height, fill),
                    _text(middle, 9.6 - height, plain_number(row.value), "middle", 600, dense),
                    _under(i, len(rows), row.label),
                ),
                x=i * band,
                width=band,
            )
        )
    return _figure(
        title,
        drawn,
        11.8,
        _say((r.label, r.value) for r in rows),
        unit,
        note,
        ("时间", unit or "数量"),
        [(r.label, [plain_number(r.value)], r.url) for r in rows],
    )


def trend(
    title: str,
    labels: Sequence[str],
    series: Iterable[tuple[str, Sequence[Number | None]]],
    unit: str = "",
    note: str = "",
) -> SafeString:
    """Up to three lines over time, told apart by dash and mark as well as by colour.

    `labels` are the moments; each series is its name and one value per moment, None where
    there is none.
    """
    series = [(name, list(values)) for name, values in series]
    if len(series) > len(DASHES):
        raise ValueError("a chart of more than three lines cannot be read")
    top = _top(v for _, values in series for v in values if v is not None)
    band = 100 / max(1, len(labels))
    drawn = [_line(0, 10, 100, 10, SECOND)]
    for i, label in enumerate(labels):
        drawn.append(_under(i, len(labels), label))
    for k, (_, values) in enumerate(series):
        points = [
            (i, (i + 0.5) * band, 10 - 8 * _share(v, top) / 100, v)
            for i, v in enumerate(values)
            if v is not None
        ]
        for (i, x1, y1, _), (j, x2, y2, _) in zip(points, points[1:], strict=False):
            if j == i + 1:
                drawn.append(_line(x1, y1, x2, y2, (MAIN, SECOND, THIRD)[k], 2.5, DASHES[k]))
        for i, x, y, v in points:
            drawn.append(_mark(k, x, y))
            if len(series) == 1:
                drawn.append(
                    _text(x, y - 0.6, plain_number(v), "middle", 600, _dense(i, len(labels)))
                )
    rows = [
        (label, ["" if values[i] is None else plain_number(values[i]) for _, values in series], "")
        for i, label in enumerate(labels)
    ]
    words = "；".join(
        f"{name}："
        + "，".join(
            f"{label} {plain_number(v)}"
            for label, v in zip(labels, values, strict=True)
            if v is not None
        )
        for name, values in series
    )
    legend = _legend([name for name, _ in series]) if len(series) > 1 else SafeString("")
    return _figure(
        title, drawn, 11.8, words, unit, note, ("时间", *(name for name, _ in series)), rows, legend
    )


def schedule(title: str, rows: Iterable[Progress | tuple], note: str = "") -> SafeString:
    """Progress against schedule (序时进度): the bar is what is done, the mark what should be.

    Both in per cent of the whole; what lies behind is said in words and drawn darker red.
    """
    rows = [Progress(*row) for row in rows]
    drawn = []
    for i, row in enumerate(rows):
        y = i * 4.6
        done, planned = _clip(row.done), _clip(row.planned)
        drawn.append(
            _linked(
                row.url,
                y,
                4.6,
                _join(
                    _text(0, y + 1.15, row.label, weight=600),
                    _rect(0, y + 1.85, 100, 0.75, GRID, opacity=0.5),
                    _rect(0, y + 1.85, done, 0.75, MAIN if row.done >= row.planned else BEHIND),
                    _line(planned, y + 1.6, planned, y + 2.85, "currentColor", 2.5),
                    _text(0, y + 3.8, _behind(row)),
                ),
            )
        )
    words = "；".join(
        f"{r.label}完成 {plain_number(r.done)}%，序时 {plain_number(r.planned)}%，{_behind(r)}"
        for r in rows
    )
    return _figure(
        title,
        drawn,
        len(rows) * 4.6,
        words,
        "",
        note or "竖线是按时间应当达到的进度。",
        ("项目", "完成", "序时"),
        [
            (r.label, [f"{plain_number(r.done)}%", f"{plain_number(r.planned)}%"], r.url)
            for r in rows
        ],
    )


def histogram(
    title: str,
    bins: Iterable[Bin | tuple],
    unit: str = "",
    marks: Iterable[tuple] = (),
    note: str = "",
) -> SafeString:
    """How values are distributed over neighbouring ranges.

    `marks` are (words, value), such as ("平均", 586): a line with words above the columns.
    """
    bins = [Bin(*b) for b in bins]
    if not bins:
        return _figure(title, [], 0, "没有数据", unit, note, ("范围", "数量"), [])
    top = _top(b.count for b in bins)
    low, high = float(bins[0].low), float(bins[-1].high)
    span = (high - low) or 1
    at = [(float(b.low) - low) / span * 100 for b in bins] + [100.0]
    drawn = [_line(0, 11.5, 100, 11.5, SECOND)]
    for i, b in enumerate(bins):
        height = 8 * _share(b.count, top) / 100
        middle, width = (at[i] + at[i + 1]) / 2, at[i + 1] - at[i]
        drawn.append(
            _linked(
                b.url,
                0,
                11.5,
                _join(
                    _rect(at[i] + 0.2, 11.5 - height, max(0.2, width - 0.4), height, MAIN),
                    _text(
                        middle,
                        11.1 - height,
                        plain_number(b.count),
                        "middle",
                        600,
                        _dense(i, len(bins)),
                    )
                    if b.count
                    else "",
                ),
                x=at[i],
                width=width,
            )
        )
        drawn.append(
            _text(
                at[i],
                12.8,
                plain_number(b.low),
                "start" if i == 0 else "middle",
                400,
                _dense(i, len(bins) + 1),
            )
        )
    drawn.append(_text(100, 12.8, plain_number(bins[-1].high), "end"))
    for words, value in marks:
        x = max(0.0, min(100.0, (float(value) - low) / span * 100))
        drawn.append(_line(x, 1.5, x, 11.5, "currentColor", 1.5, "5 3"))
        anchor = "end" if x > 75 else "start" if x < 25 else "middle"
        drawn.append(_text(x, 1.1, f"{words} {plain_number(value)}", anchor))
    rows = [
        (f"{plain_number(b.low)}–{plain_number(b.high)}", [plain_number(b.count)], b.url)
        for b in bins
    ]
    return _figure(
        title,
        drawn,
        13.2,
        _say((label, values[0]) for label, values, _ in rows),
        unit,
        note,
        ("范围", unit or "数量"),
        rows,
    )


def into_bins(values: Iterable[Number], width: int) -> list[Bin]:
    """Values counted into ranges of one width, from the lowest to the highest, none left out."""
    counts: dict[int, int] = {}
    for value in values:
        start = int(value // width) * width
        counts[start] = counts.get(start, 0) + 1
    if not counts:
        return []
    return [
        Bin(low, low + width, counts.get(low, 0))
        for low in range(min(counts), max(counts) + width, width)
    ]


def on_paper(figure: SafeString, points: float, family: str) -> SafeString:
    """The same chart for a PDF: letters of `points` in `family`, without the table to unfold.

    WeasyPrint hands the page's letters on to no drawing, so the drawing is told.
    """
    letters = format_html('<svg font-size="{}px" font-family="{}" ', _n(points * 4 / 3), family)
    plain = re.sub(r"<details>.*?</details>", "", str(figure), flags=re.S)
    return SafeString(plain.replace("<svg ", letters))


# -- Parts -------------------------------------------------------------------------------------


def _figure(title, drawn, height, words, unit, note, heads, rows, legend="") -> SafeString:
    linked = any(url for _, _, url in rows)
    key = sha256(f"{title}|{words}".encode()).hexdigest()[:8]
    caption = f"{title}（{unit}）" if unit else title
    # A drawing with links inside is a group of links; without, it is one picture.
    svg = (
        format_html(
            '<svg width="100%" height="{h}em" role="{role}" aria-labelledby="c{k}t c{k}d" '
            'fill="currentColor"><title id="c{k}t">{t}</title><desc id="c{k}d">{d}</desc>'
            "{body}</svg>",
            h=_n(height),
            role="group" if linked else "img",
            k=key,
            t=caption,
            d=words,
            body=_join(*drawn),
        )
        if rows
        else SafeString("<p>还没有数据。</p>")
    )
    return format_html(
        '<figure class="diagram"><figcaption>{}</figcaption>{}{}{}{}</figure>',
        caption,
        legend,
        svg,
        format_html('<p class="diagram-note">{}</p>', note) if note else "",
        _table(caption, heads, rows) if rows else "",
    )


def _table(caption, heads, rows) -> SafeString:
    head = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((SafeString(' class="number"') if i else "", words) for i, words in enumerate(heads)),
    )
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                format_html('<a href="{}">{}</a>', url, label) if url else label,
                format_html_join("", '<td class="number">{}</td>', ((v,) for v in values)),
            )
            for label, values, url in rows
        ),
    )
    return format_html(
        '<details><summary>看数据表</summary><div class="table-wrap" tabindex="0" role="region" '
        'aria-label="{c}的数据"><table class="table"><caption class="visually-hidden">{c}</caption>'
        "<thead><tr>{h}</tr></thead><tbody>{b}</tbody></table></div></details>",
        c=caption,
        h=head,
        b=body,
    )


def _legend(names: Sequence[str]) -> SafeString:
    items = [
        format_html(
            '<li><svg width="2.5em" height="1em" aria-hidden="true">{}{}</svg> {}</li>',
            _line(0, 0.5, 100, 0.5, (MAIN, SECOND, THIRD)[k], 2.5, DASHES[k]),
            _mark(k, 50, 0.5),
            name,
        )
        for k, name in enumerate(names)
    ]
    return format_html('<ul class="diagram-legend">{}</ul>', _join(*items))


def _linked(url, y, height, inner, x=0, width=100) -> SafeString:
    if not url:
        return inner
    target = format_html(
        '<rect x="{}%" y="{}em" width="{}%" height="{}em" fill="transparent"/>',
        _n(x),
        _n(y),
        _n(width),
        _n(height),
    )
    return format_html('<a href="{}">{}{}</a>', url, inner, target)


def _rect(x, y, width, height, fill, opacity=1) -> SafeString:
    return format_html(
        '<rect x="{}%" y="{}em" width="{}%" height="{}em" fill="{}"{}/>',
        _n(x),
        _n(y),
        _n(width),
        _n(height),
        fill,
        SafeString(f' fill-opacity="{opacity}"') if opacity != 1 else "",
    )


def _line(x1, y1, x2, y2, stroke, width=1, dash="none") -> SafeString:
    return format_html(
        '<line x1="{}%" y1="{}em" x2="{}%" y2="{}em" stroke="{}" stroke-width="{}"{}/>',
        _n(x1),
        _n(y1),
        _n(x2),
        _n(y2),
        stroke,
        width,
        format_html(' stroke-dasharray="{}"', dash) if dash != "none" else "",
    )


def _text(x, y, words, anchor="start", weight=400, dense=False) -> SafeString:
    return format_html(
        '<text x="{}%" y="{}em"{}{}{}>{}</text>',
        _n(x),
        _n(y),
        format_html(' text-anchor="{}"', anchor) if anchor != "start" else "",
        format_html(' font-weight="{}"', weight) if weight != 400 else "",
        SafeString(' class="dense"') if dense else "",
        words,
    )


def _under(i: int, count: int, label: str) -> SafeString:
    """The label below the i-th of `count` columns; the last of many stays inside the drawing."""
    if count > FEW and i == count - 1:
        return _text(100, 11.3, label, "end")
    return _text((i + 0.5) * 100 / count, 11.3, label, "middle", 400, _dense(i, count))


def _mark(k, x, y) -> SafeString:
    """A filled disc, a ring, a smaller dark disc: one mark per line."""
    fill, radius = ((MAIN, 0.3), ("#fff", 0.3), (THIRD, 0.2))[k]
    return format_html(
        '<circle cx="{}%" cy="{}em" r="{}em" fill="{}" stroke="{}" stroke-width="2"/>',
        _n(x),
        _n(y),
        radius,
        fill,
        (MAIN, SECOND, THIRD)[k],
    )


def _behind(row: Progress) -> str:
    gap = Decimal(str(row.planned)) - Decimal(str(row.done))
    if gap > 0:
        return f"{plain_number(row.done)}%，滞后 {plain_number(gap)} 个百分点"
    return f"{plain_number(row.done)}%，" + ("已完成" if row.done >= 100 else "符合序时进度")


def _short(label: str) -> str:
    """A label that leaves room for the value on a phone; the table has it whole."""
    return label if len(label) <= LONG else label[: LONG - 1] + "…"


def _say(pairs) -> str:
    return "，".join(f"{label} {plain_number(value)}" for label, value in pairs) or "没有数据"


def _with_unit(value: Number, unit: str) -> str:
    return f"{plain_number(value)}{' ' + unit if unit else ''}"


def _top(values: Iterable[Number]) -> float:
    return max((float(v) for v in values), default=0) or 1


def _share(value: Number, top: float) -> float:
    return max(0.0, min(100.0, float(value) / top * 100))


def _clip(value: Number) -> float:
    return max(0.0, min(100.0, float(value)))


def _dense(i: int, count: int) -> bool:
    """Labels that give way on a narrow screen: every second one, never the last."""
    return count > FEW and (count - 1 - i) % 2 == 1


def _join(*parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts if part))


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
