"""代表建议 for everybody: the list, one page each, the feed, the open data.

Nothing is read here but what was checked and published (access.public): titles and texts are those
of the decision, masked, never those of the suggestion itself.
"""

import csv
import json
from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import content_disposition_header

from congress.access import everybody

from . import access
from .exports import OPEN_DATA, open_data
from .forms.public import PublicSuggestions
from .models import PublicationDecision
from .queries.published import (
    Published,
    public_course,
    public_promises,
    published,
    served_on,
    with_replies,
)

EACH_PAGE, IN_FEED = 20, 40


def _narrowed(request: HttpRequest) -> tuple[PublicSuggestions, object, bool]:
    rows, live = access.public_texts(), access.public()
    form = PublicSuggestions(request.GET or None, rows=rows, live=live)
    found, is_near = form.apply(rows)
    return form, with_replies(found, live), is_near


def _shown(rows: Iterable[PublicationDecision]) -> list[Published]:
    return [published(row) for row in rows]


@everybody
def suggestions(request: HttpRequest) -> HttpResponse:
    """The published suggestions, the newest in front."""
    form, rows, is_near = _narrowed(request)
    page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "filter_form": form,
        "page": page,
        "items": _shown(page),
        "is_near": is_near,
        "is_filtered": any(request.GET.get(n) for n in form.fields),
        "asked": asked.urlencode(),
    }
    return render(request, "suggestions/public/list.html", context)


@everybody
def suggestion(request: HttpRequest, paper: str) -> HttpResponse:
    """One suggestion: what was raised, what was done, what was answered and promised."""
    row = access.find_public(paper)
    item = published(with_replies(access.public_texts().filter(pk=row.pk), access.public()).get())
    context = {
        "item": item,
        "decision": item.row,
        "suggestion": item.row.suggestion,
        "events": public_course(item),
        "replies": [(d, served_on(d)) for d in item.replies],
        "promises": public_promises(item.row.suggestion, access.promising()),
        "address": request.build_absolute_uri(),
    }
    return render(request, "suggestions/public/suggestion.html", context)


@everybody
def feed(request: HttpRequest) -> HttpResponse:
    """The latest published suggestions for feed readers (Atom)."""
    home = request.build_absolute_uri(reverse("public_suggestions"))
    found = Atom1Feed(
        title=f"{request.congress.short_name}人大代表建议公开",
        link=home,
        description="",
        language="zh-CN",
        feed_url=request.build_absolute_uri(),
    )
    rows = with_replies(access.public_texts(), access.public())[:IN_FEED]
    for item in _shown(rows):
        latest = max([item.row.published_at, *(d.published_at for d in item.replies)])
        found.add_item(
            title=item.row.title,
            link=request.build_absolute_uri(
                reverse("public_suggestion", args=[item.row.public_id])
            ),
            description=f"{item.by}提出，{item.units}承办。办理结果：{item.stands}。",
            unique_id=f"urn:suggestion:{item.row.public_id}",
            pubdate=item.row.published_at,
            updateddate=latest,
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    found.write(response, "utf-8")
    return response


@everybody
def data_page(request: HttpRequest) -> HttpResponse:
    """开放数据: what the files hold, column by column."""
    rows = access.public_texts()
    form = PublicSuggestions(request.GET or None, rows=rows, live=access.public())
    context = {
        "columns": OPEN_DATA,
        "count": form.apply(rows)[0].count(),
        "asked": request.GET.urlencode(),
        "is_filtered": any(request.GET.get(n) for n in form.fields),
    }
    return render(request, "suggestions/public/data.html", context)


@everybody
def data_csv(request: HttpRequest) -> HttpResponse:
    """The published suggestions as a table; what looks like a formula is kept as text."""
    _, rows, _ = _narrowed(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, "代表建议.csv")
    table = csv.writer(response)
    table.writerow(OPEN_DATA)
    for values in open_data(_shown(rows)):
        table.writerow("'" + v if v[:1] in tuple("=+-@\t\r＝＋－＠") else v for v in values)
    return response


@everybody
def data_json(request: HttpRequest) -> HttpResponse:
    """The published suggestions as JSON."""
    _, rows, _ = _narrowed(request)
    found = [dict(zip(OPEN_DATA, values, strict=True)) for values in open_data(_shown(rows))]
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


urlpatterns = [
    path("suggestions/", suggestions, name="public_suggestions"),
    path("suggestions/feed/", feed, name="public_suggestions_feed"),
    path("suggestions/data/", data_page, name="public_suggestions_data"),
    path("suggestions/data.csv", data_csv, name="public_suggestions_csv"),
    path("suggestions/data.json", data_json, name="public_suggestions_json"),
    path("suggestions/<slug:paper>/", suggestion, name="public_suggestion"),
]
