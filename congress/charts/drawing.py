"""The strokes a chart is made of. Widths in per cent, heights in em."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Number = int | float | Decimal

# Told apart by lightness as well as by hue; each at least 3:1 against white.
MAIN, SECOND, THIRD, BEHIND, GRID = "#2b5a8a", "#767f88", "#8a5a00", "#8c1d18", "#d8dce0"
DASHES = ("none", "6 4", "2 3")
FEW = 6  # more labels than these are thinned out on a phone


def linked(url, y, height, inner, x=0, width=100) -> SafeString:
    if not url:
        return inner
    target = format_html(
        '<rect x="{}%" y="{}em" width="{}%" height="{}em" fill="transparent"/>',
        number(x),
        number(y),
        number(width),
        number(height),
    )
    return format_html('<a href="{}">{}{}</a>', url, inner, target)


def rect(x, y, width, height, fill, opacity=1) -> SafeString:
    return format_html(
        '<rect x="{}%" y="{}em" width="{}%" height="{}em" fill="{}"{}/>',
        number(x),
        number(y),
        number(width),
        number(height),
        fill,
        SafeString(f' fill-opacity="{opacity}"') if opacity != 1 else "",
    )


def line(x1, y1, x2, y2, stroke, width=1, dash="none") -> SafeString:
    return format_html(
        '<line x1="{}%" y1="{}em" x2="{}%" y2="{}em" stroke="{}" stroke-width="{}"{}/>',
        number(x1),
        number(y1),
        number(x2),
        number(y2),
        stroke,
        width,
        format_html(' stroke-dasharray="{}"', dash) if dash != "none" else "",
    )


def text(x, y, words, anchor="start", weight=400, dense=False) -> SafeString:
    return format_html(
        '<text x="{}%" y="{}em"{}{}{}>{}</text>',
        number(x),
        number(y),
        format_html(' text-anchor="{}"', anchor) if anchor != "start" else "",
        format_html(' font-weight="{}"', weight) if weight != 400 else "",
        SafeString(' class="dense"') if dense else "",
        words,
    )


def under(i: int, count: int, label: str) -> SafeString:
    """The label below the i-th of `count` columns; the last of many stays inside the drawing."""
    if count > FEW and i == count - 1:
        return text(100, 11.3, label, "end")
    return text((i + 0.5) * 100 / count, 11.3, label, "middle", 400, gives_way(i, count))


def mark(k, x, y) -> SafeString:
    """A filled disc, a ring, a smaller dark disc: one mark per line."""
    fill, radius = ((MAIN, 0.3), ("#fff", 0.3), (THIRD, 0.2))[k]
    return format_html(
        '<circle cx="{}%" cy="{}em" r="{}em" fill="{}" stroke="{}" stroke-width="2"/>',
        number(x),
        number(y),
        radius,
        fill,
        (MAIN, SECOND, THIRD)[k],
    )


def greatest(values: Iterable[Number]) -> float:
    return max((float(v) for v in values), default=0) or 1


def share(value: Number, top: float) -> float:
    return max(0.0, min(100.0, float(value) / top * 100))


def clip(value: Number) -> float:
    return max(0.0, min(100.0, float(value)))


def gives_way(i: int, count: int) -> bool:
    """Labels that give way on a narrow screen: every second one, never the last."""
    return count > FEW and (count - 1 - i) % 2 == 1


def join(*parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts if part))


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
