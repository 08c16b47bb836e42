"""Takes the manual's pictures (see bin/pictures): each page as the person of its role sees it."""

import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from launch import packages

from .scenes import SCENES, Scene

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "manual" / "pictures"
PASSWORD = "Renda-2026-demo"
COLOURS = 96  # enough for a page, a quarter of the size


def main(port: str, wanted: list[str]) -> int:
    known = {scene.name for scene in SCENES}
    if unknown := set(wanted) - known:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}")
        return 2
    FOLDER.mkdir(exist_ok=True)
    failed = []
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=packages.browser(),
            args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"],
            env={**os.environ, "LANGUAGE": "zh_CN"},
        )
        pages: dict[tuple, Page] = {}
        for scene in SCENES:
            if wanted and scene.name not in wanted:
                continue
            place = (scene.congress, scene.who, scene.size)
            if place not in pages:
                pages[place] = opened(browser, scene, port)
            try:
                take(pages[place], scene, port)
                print(scene.name, flush=True)
            except Error as fault:
                failed.append(scene.name)
                print(f"{scene.name}: {str(fault).splitlines()[0]}", file=sys.stderr)
        browser.close()
    return 1 if failed else 0


def opened(browser: Browser, scene: Scene, port: str) -> Page:
    """A window of this person, signed in."""
    width, height = scene.size
    window = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = window.new_page()
    page.set_default_timeout(20_000)
    if scene.who:
        page.goto(address(scene, port, "/accounts/login/"))
        page.fill("input[name=login]", f"{scene.congress}-{scene.who}")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit], #content button[type=submit]")
        page.wait_for_load_state("networkidle")
    return page


def address(scene: Scene, port: str, path: str) -> str:
    return f"http://{scene.congress}.localhost:{port}{path}"


# Bars that stay in sight would lie across a picture of several screens.
LOOSE = "document.querySelectorAll('.tabs, .save-bar').forEach(e => e.style.position = 'static')"


def take(page: Page, scene: Scene, port: str) -> None:
    """Go there, follow the steps, keep the picture."""
    page.goto(address(scene, port, scene.path))
    for step in scene.steps:
        page.locator(step).first.click()
        page.wait_for_load_state("networkidle")
    path = FOLDER / f"{scene.name}.png"
    if scene.long:
        page.evaluate(LOOSE)
        size = page.evaluate("document.documentElement.scrollHeight")
        page.screenshot(
            path=path,
            full_page=True,
            clip={
                "x": 0,
                "y": 0,
                "width": scene.size[0],
                "height": min(size, scene.size[1] * scene.long),
            },
        )
    else:
        page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
