"""Every component in a real browser: accessible, inside the screen, large enough to press."""

from pathlib import Path

import pytest

from congress.models import Role
from tests import cast

from .conftest import DESK, PHONE

NARROW = {"width": 320, "height": 480}  # a 1280-pixel screen at 400 %
SIZES = {"phone": PHONE, "desk": {"width": 1280, "height": 800}, "narrow": NARROW}
SHELLS = {"portal": "/gallery/portal/", "desk": "/gallery/desk/", "public": "/gallery/public/"}


@pytest.fixture
def gallery(settings):
    settings.ROOT_URLCONF = "tests.congress.gallery"
    engine = {**settings.TEMPLATES[0]}
    folder = Path(__file__).resolve().parent.parent / "congress" / "templates"
    engine["DIRS"] = [*engine["DIRS"], folder]
    settings.TEMPLATES = [engine]


def elder(page, address: str) -> None:
    page.context.add_cookies([{"name": "elder", "value": "1", "url": address}])


TOO_SMALL = """least => [...document.querySelectorAll(
  'button, .btn, .nav a, .tabs a, .page-link, .todo a, .link-button, summary, input, select')]
  .filter(e => e.offsetParent && !['checkbox', 'radio', 'hidden'].includes(e.type))
  .filter(e => e.getBoundingClientRect().height < least - 0.5)
  .map(e => e.outerHTML.slice(0, 80) + ' ' + e.getBoundingClientRect().height)"""
LETTERS = """least => [...document.querySelectorAll('p, li, td, th, a, label, dd, dt, span, text')]
  .filter(e => e.textContent.trim() && e.getClientRects().length)
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < least)
  .map(e => e.outerHTML.slice(0, 80))"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ENHANCED = """async () => (await axe.run(document, {runOnly: ['color-contrast-enhanced'],
  rules: {'color-contrast-enhanced': {enabled: true}}}))
  .violations.flatMap(v => v.nodes.map(n => n.html.slice(0, 120)))"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shell", SHELLS)
def test_every_component_is_accessible_and_fits(gallery, binhai, at, shot, accessible, shell, size):
    page = at(None, SIZES[size], binhai)
    assert page.goto(SHELLS[shell]).status == 200
    shot(page, f"gallery-{shell}-{size}")
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(TOO_SMALL, 44) == []
    assert page.evaluate(LETTERS, 18 if shell == "portal" else 16) == []
    accessible(page)


def test_the_elder_version_is_larger_and_stronger(gallery, binhai, at, house, shot, accessible):
    page = at(None, PHONE, binhai)
    elder(page, house.url(binhai))
    page.goto(SHELLS["portal"])
    shot(page, "gallery-elder-390")
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(TOO_SMALL, 60) == []
    assert page.evaluate(LETTERS, 22) == []
    accessible(page)
    assert page.evaluate(ENHANCED) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_staff_frame_is_accessible_and_fits(gallery, binhai, at, shot, accessible, size):
    page = at(cast.member(binhai, Role.DEPUTY_AFFAIRS), size)
    assert page.goto("/admin/gallery/staff/").status == 200
    shot(page, f"gallery-staff-{size['width']}")
    assert page.evaluate(OVERFLOW) <= 0
    accessible(page)


def test_a_refused_form_begins_at_what_must_be_changed(gallery, binhai, at):
    page = at(None, PHONE, binhai)
    page.goto("/gallery/portal/?errors=1")
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.id") == "id_title"


def test_the_keyboard_reaches_the_text_first(gallery, binhai, at):
    page = at(None, DESK, binhai)
    page.goto(SHELLS["public"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_switch_to_the_elder_version_works_without_script(binhai, browser, house):
    context = browser.new_context(java_script_enabled=False, base_url=house.url(binhai, ""))
    page = context.new_page()
    page.goto("/accounts/login/")
    page.click("text=长辈版")
    assert "elder" in page.get_attribute("html", "class")
    page.click("text=标准版")
    assert "elder" not in page.get_attribute("html", "class")
    context.close()
