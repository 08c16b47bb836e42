"""Every page, export and answer of every role: no word of the neighbour is in it, nothing a person
typed runs, nothing foreign loads, nothing is heavy and nothing is left in English."""

import copy
import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from tests import cast
from tests.borders import visits
from tests.borders.filled import fill
from tests.borders.reading import Page
from tests.project.test_roles import WHO

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
PK = 41_000_001
HOSTILE = "'\"><x-ran onx="  # short, so that it is whole in the shortest texts
NEIGHBOUR = "山标"
KB = 1024
WIRE = {"html": 40 * KB, "css": 30 * KB, "js": 60 * KB, "all": 250 * KB}
# Names and signs that official papers write in Latin letters too.
LATIN = {
    "ran",
    "onx",
    "PDF",
    "Excel",
    "xlsx",
    "xls",
    "GB",
    "XLSX",
    "JPG",
    "PNG",
    "WPS",
    "Word",
    "docx",
    "doc",
}
# Who sets up a gateway reads its maker's words; who looks a message up reads its address.
TECHNICAL = ("/admin/notices/channels/", "/admin/notices/outbox/")


@pytest.fixture(scope="module")
def filled(kept):
    """Our congress, full of what may be typed, beside a marked neighbour; once for the file."""
    ours = cast.make_congress("binhai", "滨海区")
    fill(cast.make_congress("shanyang", "山阳县"), NEIGHBOUR, PK + 1)
    fill(ours, HOSTILE, PK)
    return ours


@pytest.fixture
def hostile(filled):
    return copy.deepcopy(filled)


def faults(address: str, answer) -> list[str]:
    """What is wrong with one answer, in words."""
    text = visits.text_of(answer)
    found = ["shows the neighbour"] if NEIGHBOUR in text else []
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        found += faults_of_page(address, answer, Page(text))
    return found


def faults_of_page(address: str, answer, page: Page) -> list[str]:
    return [
        *(["what was typed became a part of it"] if "x-ran" in page.tags else []),
        *loose(address, answer.headers),
        *([] if of_staff(address) else (f"inline {what}" for what in page.inline)),
        *(f"loads {url}" for url in page.loads if re.match(r"(\w+:)?//", url)),
        *([] if of_staff(address) or answer.status_code != 200 else heavy(answer.content, page)),
        *(f"says {word}" for word in sorted(said_in(address, page) - LATIN)),
    ]


def said_in(address: str, page: Page) -> set[str]:
    """The words in Latin letters that nobody of this page's readers should meet."""
    return set() if address.startswith(TECHNICAL) else page.words


def of_staff(address: str) -> bool:
    """The admin's theme evaluates its own expressions and has its own weight."""
    return address.startswith("/admin/")


def loose(address: str, headers) -> list[str]:
    """Where the headers allow more than they must."""
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
    )
    staff = of_staff(address)
    script = {"'self'", "'unsafe-eval'"} if staff else {"'self'"}
    style = {"'self'", "'unsafe-inline'"} if staff else {"'self'"}
    found = [
        *([] if set(policy.get("script-src", "*").split()) <= script else ["script policy"]),
        *([] if set(policy.get("style-src", "*").split()) <= style else ["style policy"]),
        *([] if policy.get("default-src") == "'self'" else ["policy for the rest"]),
    ]
    found += [d for d in ("frame-ancestors", "form-action", "object-src") if d not in policy]
    if headers.get("X-Content-Type-Options") != "nosniff":
        found.append("types are guessed")
    return found


def heavy(content: bytes, page: Page) -> list[str]:
    """What is over the budget of ux.md, on the wire."""
    weight = {"html": len(gzip.compress(content)), "css": 0, "js": 0, "other": 0}
    for url in page.loads:
        name = url.split("?")[0].removeprefix("/static/")
        file = None if name.startswith("/") else finders.find(name)
        kind = url.split("?")[0].rsplit(".", 1)[-1]
        size = len(gzip.compress(Path(file).read_bytes())) if file else 0
        weight[kind if kind in weight else "other"] += size
    weight["all"] = sum(weight.values())
    found = [f"{kind} weighs {weight[kind]}" for kind in WIRE if weight[kind] > WIRE[kind]]
    return found + (["too many requests"] if len(page.loads) > 14 else [])


@pytest.mark.parametrize("who", WHO)
def test_every_page_is_our_own_harmless_light_and_chinese(hostile, visitor, who):
    client, found = visitor(who, hostile), {}
    for address in visits.paths(who, PK):
        for fault in faults(address, client.get(address)):
            found.setdefault(fault, address)
    assert found == {}


def test_what_was_typed_is_on_those_pages(hostile, visitor):
    """The control: the hostile words are shown, as words."""
    client = visitor("deputy", hostile)
    pages = map(client.get, visits.paths("deputy", PK))
    texts = (Page(visits.text_of(page)).texts for page in pages)
    assert sum(HOSTILE in "".join(words) for words in texts) >= 15


BAD = [
    ("山标办公室", "shows the neighbour"),
    (f"<p>{HOSTILE}</p>", "what was typed became a part of it"),
    ("<p onclick=x>", "inline p onclick"),
    ("<script>x</script>", "inline script"),
    ("<a href=' javascript:x'>", "inline a href= javascript:x"),
    ("<img src='//elsewhere/x.png'>", "loads //elsewhere/x.png"),
    ("<p>Delete selected</p>", "says Delete"),
    ("<input placeholder='Search'>", "says Search"),
    ("".join(f"<i>{hash(n)}{n * 7919}</i>" for n in range(14000)), "html weighs"),
    ("<img src='/x.png'>" * 15, "too many requests"),
    ("", "script policy"),
]


@pytest.mark.parametrize("html, fault", BAD, ids=[f for _, f in BAD])
def test_a_bad_page_is_found(html, fault):
    """The control of the visits: each fault, put into a page, is named."""
    assert any(said.startswith(fault) for said in faults("/me/", HttpResponse(html)))


def test_a_page_that_forgets_its_congress_is_found(hostile, stranger_at, settings):
    settings.ROOT_URLCONF = "tests.borders.leaking"
    assert "shows the neighbour" in faults("/leaking/", stranger_at(hostile).get("/leaking/"))
