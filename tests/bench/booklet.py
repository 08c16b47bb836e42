"""Booklet: the year's publication of 400 deputies with all columns, beside bare WeasyPrint."""

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from congress.models import Congress
from congress.tenancy import in_congress
from performance import actions, exports
from performance.models import Period, Publication
from performance.queries import publications as queries
from tests.performance import year

from . import years
from .harness import Row, at_most, compared, memory_added, seconds

NAME = "Booklet: 400 deputies, all columns"
DEPUTIES, FACTS = 400, 25_000
MOST_SECONDS, MOST_RATIO = 60, 1.1


def measure() -> list[Row]:
    congress, period = years.make("booklet", DEPUTIES, FACTS)
    with in_congress(congress):
        publication = published(congress, period)
        rows = queries.stored_rows(publication)
        assert len(rows) >= DEPUTIES * 0.9, len(rows)
        exports.booklet(publication, rows[:20])  # fonts are looked for once per process
        html = render_to_string(
            "performance/documents/booklet.html", exports.booklet_context(publication, rows)
        )
        taken: list[float] = []
        memory = memory_added(
            lambda: taken.append(seconds(lambda: exports.booklet(publication, rows)))
        )
        value = taken[0]
        sheet = seconds(lambda: exports.sheet(publication, rows))
    floor = seconds(lambda: barely(html))
    return [
        compared("booklet, beside bare WeasyPrint of its page", value, "s", floor, MOST_RATIO),
        at_most("booklet, as a goal in seconds", value, "s", MOST_SECONDS),
        Row("booklet: memory added to the process", memory, "MB"),
        Row("workbook", sheet, "s"),
    ]


def published(congress: Congress, period: Period) -> Publication:
    """The year tallied, agreed upon and frozen, every column in it."""
    congress.settings["ranking"] = True
    congress.save()
    one, other = year.keeper(), year.second_keeper()
    actions.tally(period, by=one)
    publication = actions.draft_publication(
        period, by=one, title="年度代表履职情况通报", audience="public",
        columns=list(Publication.Column.values),
    )  # fmt: skip
    actions.propose_publication(publication, by=one)
    actions.confirm_publication(publication, by=one)
    actions.freeze_publication(publication, by=other)
    return Publication.objects.select_related(*queries.LINKS).get(pk=publication.pk)


def barely(html: str) -> bytes:
    """The same page by WeasyPrint alone."""
    page = HTML(string=html)
    return page.render(font_config=FontConfiguration(), pdf_tags=True).write_pdf(pdf_tags=True)
