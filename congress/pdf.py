"""Official documents as PDF: the only place that knows WeasyPrint.

`document("performance/documents/booklet.html", context)` gives the bytes. Templates extend
documents/base.html, which carries the page layout of GB/T 9704-2012. Making one takes seconds:
long ones belong into a job.

方正小标宋 and 仿宋_GB2312 are licensed: where the machine has them (any folder fontconfig knows)
they are used, otherwise LXGW WenKai and Noto CJK stand in.
"""

import mimetypes
import threading
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

# Addresses of a page are read against this host, which exists nowhere.
BASE = "http://static.invalid/"
_one_at_a_time = threading.Lock()
_fonts: FontConfiguration | None = None


class Forbidden(Exception):
    """A document asked for something that is not ours; it goes on without it."""


class StaticFilesOnly(URLFetcher):
    """Gives the project's own static files and nothing else: no other host, no other file."""

    def fetch(self, url: str, headers=None) -> URLFetcherResponse:
        path = static_file(url)
        if path is None:
            raise Forbidden(url[:200])
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def static_file(url: str) -> Path | None:
    """The static file an address of a document means; None where it means anything else."""
    parts = urlsplit(url)
    prefix = "/" + settings.STATIC_URL.strip("/") + "/"
    here = (parts.scheme, parts.netloc) == tuple(urlsplit(BASE)[:2])
    if not here or not parts.path.startswith(prefix):
        return None
    name = unquote(parts.path.removeprefix(prefix))
    if ".." in Path(name).parts or name.startswith(("/", "\\")):
        return None
    collected = Path(settings.STATIC_ROOT) / name
    if collected.is_file():
        return collected
    found = finders.find(name)
    return Path(found) if found and Path(found).is_file() else None


def document(template: str, context: dict) -> bytes:
    """A template of documents/ as PDF: tagged, in Chinese, with its title."""
    return from_html(render_to_string(template, context))


def shown(name: str, content: bytes) -> HttpResponse:
    """A document in the page, never a forced download; `name` is that of the file if it is kept."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf")
    return response


def joined(template: str, contexts: Iterable[dict]) -> bytes:
    """Several documents of one template in one file, each with its own page numbers. At least
    one context."""
    made = [
        _laid_out(render_to_string(template, context), StaticFilesOnly()) for context in contexts
    ]
    pages = [page for document in made for page in document.pages]
    with _one_at_a_time:
        return made[0].copy(pages).write_pdf(pdf_tags=True)


def from_html(html: str) -> bytes:
    """HTML with its styles inside as PDF. Whatever it asks for besides our static files stays
    empty."""
    return _render(html, StaticFilesOnly())


def _render(html: str, fetcher: URLFetcher) -> bytes:
    made = _laid_out(html, fetcher)
    with _one_at_a_time:
        return made.write_pdf(pdf_tags=True)


def _laid_out(html: str, fetcher: URLFetcher) -> Document:
    # One font configuration for the whole process: one per document grows without end.
    global _fonts
    with _one_at_a_time:
        _fonts = _fonts or FontConfiguration()
        page = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
        return page.render(font_config=_fonts, pdf_tags=True)
