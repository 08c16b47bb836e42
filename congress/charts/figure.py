"""What stands around a drawing: title, words for screen readers, legend, table."""

import re
from collections.abc import Sequence
from hashlib import sha256

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..words import plain_number
from .drawing import DASHES, MAIN, SECOND, THIRD, Number, join, line, mark, number

LONG = 14  # characters of a label beside a value


def on_paper(figure: SafeString, points: float, family: str) -> SafeString:
    """The same chart for a PDF: letters of `points` in `family`, without the table to unfold.

    WeasyPrint hands the page's letters on to no drawing, so the drawing is told; and takes the
    height of its frame by the page's letters, so that is told in points.
    """
    letters = format_html('<svg font-size="{}px" font-family="{}" ', number(points * 4 / 3), family)
    plain = re.sub(r"<details>.*?</details>", "", str(figure), flags=re.S)

    def framed(found: re.Match) -> str:
        return f'{letters}width="100%" height="{number(float(found[1]) * points)}pt"'

    return SafeString(re.sub(r'<svg width="100%" height="([\d.]+)em"', framed, plain))


def figure(title, drawn, height, words, unit, note, heads, rows, legend="") -> SafeString:
    linked = any(url for _, _, url in rows)
    key = sha256(f"{title}|{words}".encode()).hexdigest()[:8]
    caption = f"{title}（{unit}）" if unit else title
    # A drawing with links inside is a group of links; without, it is one picture.
    svg = (
        format_html(
            '<svg width="100%" height="{h}em" role="{role}" aria-labelledby="c{k}t c{k}d" '
            'fill="currentColor"><title id="c{k}t">{t}</title><desc id="c{k}d">{d}</desc>'
            "{body}</svg>",
            h=number(height),
            role="group" if linked else "img",
            k=key,
            t=caption,
            d=words,
            body=join(*drawn),
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


def legend_of(names: Sequence[str]) -> SafeString:
    items = [
        format_html(
            '<li><svg width="2.5em" height="1em" aria-hidden="true">{}{}</svg> {}</li>',
            line(0, 0.5, 100, 0.5, (MAIN, SECOND, THIRD)[k], 2.5, DASHES[k]),
            mark(k, 50, 0.5),
            name,
        )
        for k, name in enumerate(names)
    ]
    return format_html('<ul class="diagram-legend">{}</ul>', join(*items))


def say(pairs) -> str:
    return "，".join(f"{label} {plain_number(value)}" for label, value in pairs) or "没有数据"


def with_unit(value: Number, unit: str) -> str:
    return f"{plain_number(value)}{' ' + unit if unit else ''}"


def short(label: str) -> str:
    """A label that leaves room for the value on a phone; the table has it whole."""
    return label if len(label) <= LONG else label[: LONG - 1] + "…"
