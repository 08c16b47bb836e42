"""A real browser at a real server: Debian's Chromium, the pages as each role sees them.

The server runs in this process; a thread carries out the outbox as relay and worker would.
"""

import os
import threading
from pathlib import Path

import pytest
from django.db import connections

from congress import outbox
from congress.models import Membership
from launch import packages
from tests import cast

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 900}
SHOTS = os.environ.get("SHOTS")  # a folder: every `shot` is kept there to be looked at
BARS = "how => document.querySelectorAll('.tabs, .save-bar').forEach(e => e.style.position = how)"
# A page says when it is left, from the click on; a file that comes instead leaves it where it is.
LEAVING = """for (const event of ['submit', 'beforeunload'])
  addEventListener(event, e => { if (!e.defaultPrevented) window.leaving = Date.now() })"""
ARRIVED = """() => document.readyState === 'complete'
  && !(window.leaving > Date.now() - 4000)"""
AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js"

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.journey)
            item.add_marker(
                pytest.mark.django_db(transaction=True, databases=["default", "platform"])
            )


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": packages.browser(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture
def house(live_server, settings, monkeypatch):
    """The running house: `house.url(congress, path)`; jobs are carried out meanwhile."""
    settings.ALLOWED_HOSTS = ["*"]
    over = threading.Event()

    def work():
        while not over.wait(0.15):
            outbox.relay(outbox.run)
        connections.close_all()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    port = live_server.url.rsplit(":", 1)[1]

    class House:
        @staticmethod
        def url(congress, path="/"):
            return f"http://{congress.key}.localhost:{port}{path}"

    yield House
    over.set()
    worker.join(timeout=20)


@pytest.fixture
def at(house, browser, client_of):
    """`at(member, DESK)`: a browser page signed in as this member; `at(None, PHONE, congress)`:
    a stranger's. A member keeps one browser for each size, newly signed in for every page."""
    contexts = {}

    def open_page(member: Membership | None, size: dict = DESK, congress=None):
        congress = congress or member.congress
        whose = (member.pk, size["width"]) if member else len(contexts)
        context = contexts.get(whose) or browser.new_context(
            viewport=size, base_url=house.url(congress, ""), locale="zh-CN"
        )
        contexts[whose] = context
        if member is not None:
            key = client_of(member).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": key, "url": house.url(congress)}])
        page = context.new_page()
        page.set_default_timeout(15000)
        page.add_init_script(LEAVING)
        page.click = _arriving(page, page.click)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on(
            "request",
            lambda r: (
                page.faults.append(r.url)
                if ".localhost:" not in r.url and not r.url.startswith(("data:", "blob:", "about:"))
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts.values():
        for page in context.pages:
            assert page.faults == [], "script errors or requests to another host"
        context.close()


def _arriving(page, click):
    """A click that waits for the page it leads to: a form is sent a moment after its button."""

    def arrive(*args, **kwargs):
        click(*args, **kwargs)
        page.wait_for_function(ARRIVED, polling=20)

    return arrive


@pytest.fixture
def shot(request):
    """Keep a picture of a page when SHOTS names a folder."""

    def take(page, name: str) -> None:
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def accessible():
    """WCAG 2.2 AA by axe: no violation on this page."""

    def check(page, *, but: tuple[str, ...] = ()) -> None:
        page.evaluate(AXE.read_text())
        # What lies under a bar that stays in sight is measured as if the reader had scrolled.
        page.evaluate(BARS, "static")
        found = page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a',"
            "'wcag21aa','wcag22aa']})).violations.map(v => v.id + ': ' + v.nodes.length + ' ' +"
            " v.nodes[0].html.slice(0,160))"
        )
        page.evaluate(BARS, "")
        assert [f for f in found if f.split(":")[0] not in but] == []

    return check


__all__ = ["DESK", "PHONE", "cast"]
