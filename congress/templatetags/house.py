"""Tags and filters of our own pages: `{% load house %}`. What each looks like: the gallery in
tests/congress/gallery.html; the templates are in templates/components/.
"""

from datetime import date, datetime
from decimal import Decimal

from django import forms, template
from django.core.paginator import Page
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from .. import once, words

register = template.Library()

# -- Words for dates and numbers ---------------------------------------------------------------


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年3月16日（周一）; nothing for nothing."""
    return words.cn_date(value) if value else ""


@register.filter
def cn_short_date(value: date | datetime | None) -> str:
    """3月16日 within the current year, 2025年3月16日 otherwise; for narrow columns."""
    return words.cn_short_date(value, timezone.localdate()) if value else ""


@register.filter
def balanced(title: str, most: int) -> SafeString:
    """A title on paper, in lines of about equal length of at most `most` characters."""
    lines = words.in_lines(str(title), most)
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2026年3月16日（周一）9:30."""
    return words.cn_datetime(value) if value else ""


@register.filter
def days_left(value: date | datetime | None) -> str:
    """还有 9 天, 今天到期 or 已逾期 2 天, counted from today."""
    return words.days_left(value, timezone.localdate()) if value else ""


@register.filter
def days_left_tone(value: date | datetime | None) -> str:
    """`late`, `soon` (three days or fewer) or nothing: the class suffix beside days_left."""
    return words.days_left_tone(value, timezone.localdate()) if value else ""


@register.filter
def plain_number(value: Decimal | int | float | None) -> str:
    """A number without trailing zeros: 12.50 is 12.5; nothing for nothing."""
    return "" if value in (None, "") else words.plain_number(value)


@register.filter
def signed_number(value: Decimal | int | float | None) -> str:
    """As plain_number, with its sign: +3, −1.5, 0."""
    return "" if value in (None, "") else words.signed_number(value)


@register.simple_tag
def due(value: date | datetime | None, done: bool = False) -> SafeString:
    """A deadline: the date, and how many days are left while it is not `done`."""
    if not value:
        return SafeString("")
    if done:
        return format_html('<span class="due">{}</span>', cn_date(value))
    tone = days_left_tone(value)
    return format_html(
        '<span class="due">{}</span> <span class="due{}">{}</span>',
        cn_date(value),
        f" due-{tone}" if tone else "",
        days_left(value),
    )


# -- Small components --------------------------------------------------------------------------

TONES = {"draft", "active", "waiting", "done", "warn", "late", "off"}


@register.simple_tag
def badge(state: str, tone: str = "off") -> SafeString:
    """A state in words, with colour and shape. Tones: draft, active (in work), waiting (for
    somebody else), done, warn, late, off (closed, cancelled)."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"no badge tone {tone!r}; one of {sorted(TONES)}")
    return format_html('<span class="badge badge-{}">{}</span>', tone, state)


@register.inclusion_tag("components/figure.html")
def figure(label, value, url="", unit="", note="", tone=""):
    """A figure with the link to exactly the rows behind it. Put several into
    `<ul class="tiles">`. `tone` is late or warn where somebody must act."""
    return {"label": label, "value": value, "url": url, "unit": unit, "note": note, "tone": tone}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts):
    """Breadcrumbs from pairs of words and address; the last word alone is this page."""
    if len(parts) % 2 == 0:
        raise template.TemplateSyntaxError("crumbs: pairs of words and address, then this page")
    pairs = list(zip(parts[:-1:2], parts[1:-1:2], strict=True))
    return {"pairs": pairs, "here": parts[-1]}


@register.inclusion_tag("components/empty.html")
def empty(title, how="", url="", label=""):
    """An empty list: what will be here and how it gets here, with a link to begin."""
    return {"title": title, "how": how, "url": url, "label": label}


@register.inclusion_tag("components/steps.html")
def steps(current: int, *labels):
    """Where a form of several pages is; `current` counts from 1."""
    rows = [
        {"label": label, "state": "done" if i < current else "now" if i == current else ""}
        for i, label in enumerate(labels, start=1)
    ]
    return {"rows": rows}


@register.inclusion_tag("components/meter.html")
def meter(label, percent, note=""):
    """How much is done, in words and as a bar; per cent from 0 to 100."""
    return {"label": label, "percent": max(0, min(100, int(percent))), "note": note}


@register.simple_tag
def once_field() -> SafeString:
    """The hidden token that makes a form sent twice one record (see congress.once)."""
    return format_html('<input type="hidden" name="{}" value="{}">', once.FIELD, once.new_token())


# -- Ways through the house --------------------------------------------------------------------


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context, route, label, count=0, exact=False, two_lines=False):
    """One entry of a navigation; nothing where the route does not exist (yet)."""
    try:
        url = reverse(route)
    except NoReverseMatch:
        return {"url": ""}
    request = context.get("request")
    path = request.path if request else ""
    here = path == url or (not exact and path.startswith(url))
    return {"url": url, "words": label, "count": count, "here": here, "two_lines": two_lines}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context, page: Page, name="page", unit="条"):
    """Pagination that keeps the filters of the address."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    links = []
    for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        is_page = isinstance(number, int)
        links.append(
            {
                "number": number if is_page else "",
                "here": number == page.number,
                "url": _with(query, name, number) if is_page else "",
            }
        )
    return {
        "page": page,
        "links": links,
        "unit": unit,
        "previous": _with(query, name, page.number - 1) if page.has_previous() else "",
        "next": _with(query, name, page.number + 1) if page.has_next() else "",
    }


def _with(query: QueryDict, name: str, value: object) -> str:
    query = query.copy()
    query[name] = value
    return "?" + query.urlencode()


# -- Forms -------------------------------------------------------------------------------------

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
SELECTS = (forms.Select, forms.SelectMultiple)


@register.inclusion_tag("components/field.html")
def field(bound, optional_word="（可不填）"):
    """One field: label, hint, error, control, each tied to the other for screen readers."""
    widget = bound.field.widget
    if widget.attrs.get("placeholder") == bound.label:
        del widget.attrs["placeholder"]  # the label says it, and stays
    many = isinstance(widget, CHOICES)
    single = isinstance(widget, forms.CheckboxInput)
    hint_id, error_id = f"{bound.id_for_label or bound.auto_id}_hint", f"{bound.auto_id}_error"
    describes = [i for i, there in ((hint_id, bound.help_text), (error_id, bound.errors)) if there]
    attrs = {"class": _control_class(widget)}
    if describes:
        attrs["aria-describedby"] = " ".join(describes)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "many": many,
        "single": single,
        "hint_id": hint_id,
        "error_id": error_id,
        "describedby": attrs.get("aria-describedby", ""),
        "control": "" if many else bound.as_widget(attrs=attrs),
        "optional_word": "" if bound.field.required or single else optional_word,
        "inline": many and len(list(bound.field.choices)) <= 3,
    }


def _control_class(widget: forms.Widget) -> str:
    own = widget.attrs.get("class", "")
    if isinstance(widget, forms.CheckboxInput):
        return own
    kind = "form-select" if isinstance(widget, SELECTS) else "form-control"
    return f"{kind} {own}".strip()


@register.inclusion_tag("components/error_summary.html")
def error_summary(form):
    """有 2 处需要修改: every error of a form as a link to its field. Nothing without errors."""
    if not form or not getattr(form, "errors", None):
        return {"rows": []}
    rows = [{"words": error, "target": ""} for error in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_0"
        rows += [{"words": f"{bound.label}：{e}", "target": target} for e in bound.errors]
    return {"rows": rows}
