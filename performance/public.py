"""履职公布 for everybody it was published for: the list, one edition, its booklet, its seal."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from congress.access import everybody
from congress.models import Role

from . import access, exports
from .forms.publications import clean_code
from .models import Publication
from .queries.publications import LINKS, newer_edition, stored_rows, verify

EACH_PAGE = 20
State = Publication.State


def _found(request: HttpRequest, public_id) -> Publication:
    """A published edition this visitor may read, otherwise 404, with its links."""
    return access.find_publication(request.member, public_id, *LINKS)


@everybody
def publications(request: HttpRequest) -> HttpResponse:
    """Editions this visitor may read, the latest in front."""
    rows = access.publications_visible_to(request.member).filter(state=State.PUBLISHED)
    words = request.GET.get("q", "").strip()
    if words:
        rows = rows.filter(title__icontains=words)
    rows = rows.order_by("-published_at", "-pk")
    context = {
        "page": Paginator(rows, EACH_PAGE).get_page(request.GET.get("page")),
        "q": words,
    }
    return render(request, "performance/public/publications.html", context)


@everybody
def publication(request: HttpRequest, public_id) -> HttpResponse:
    """One edition: figures, charts, the table part by part, how it was counted, documents."""
    row = _found(request, public_id)
    rows = stored_rows(row)
    mine = None
    if request.member and request.member.role == Role.DEPUTY:
        own = row.rows.filter(deputy__membership=request.member).values_list("deputy_id").first()
        mine = next((r for r in rows if own and r.deputy_id == own[0]), None)
    others = (
        access.publications_visible_to(request.member)
        .filter(period=row.period_id, audience=row.audience, state=State.PUBLISHED)
        .exclude(pk=row.pk)
        .order_by("edition")
    )
    context = {
        "newer": newer_edition(row),
        "others": list(others),
        "mine": exports.own_values(row, mine) if mine else [],
        **exports.page_context(
            row, rows, part=request.GET.get("part", ""), words=request.GET.get("q", "")
        ),
    }
    return render(request, "performance/public/publication.html", context)


@everybody
def booklet(request: HttpRequest, public_id) -> HttpResponse:
    """The booklet in the page, with a link to copy (WeChat does not save files)."""
    row = _found(request, public_id)
    large = "large" in request.GET
    file = row.large_print if large else row.booklet
    if file is None:
        raise Http404
    address = reverse("file", args=[file.public_id])
    context = {
        "publication": row,
        "file": file,
        "address": address,
        "whole_address": request.build_absolute_uri(address),
        "large": large,
        "other": row.booklet if large else row.large_print,
    }
    return render(request, "performance/public/booklet.html", context)


@everybody
def seal(request: HttpRequest, public_id) -> HttpResponse:
    """校验: whether the edition is as it was confirmed, and whether a printed code is its own."""
    row = _found(request, public_id)
    code = clean_code(request.GET.get("code", ""))
    context = {
        "publication": row,
        "faults": verify(row),
        "asked": "code" in request.GET,
        "code": code,
        "fits": len(code) >= 8 and row.manifest.startswith(code),
    }
    return render(request, "performance/public/seal.html", context)


urlpatterns = [
    path("performance/", publications, name="public_publications"),
    path("performance/<uuid:public_id>/", publication, name="public_publication"),
    path("performance/<uuid:public_id>/booklet/", booklet, name="public_booklet"),
    path("performance/<uuid:public_id>/seal/", seal, name="public_seal"),
]
