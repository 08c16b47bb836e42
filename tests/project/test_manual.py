"""The manual's links lead somewhere, and its pictures can be taken again."""

import re
from pathlib import Path

from tests.pictures.scenes import SCENES

MANUAL = Path(__file__).resolve().parent.parent.parent / "docs" / "manual"
LINK = re.compile(r"\]\(([^)#]+)\)")


def test_every_link_of_the_manual_leads_to_a_file():
    chapters = sorted(MANUAL.glob("*.md"))
    assert len(chapters) > 5
    broken = [
        (chapter.name, link)
        for chapter in chapters
        for link in LINK.findall(chapter.read_text())
        if not (MANUAL / link).exists()
    ]
    assert broken == []


def test_every_picture_has_a_scene_and_every_scene_is_shown():
    shown = {
        Path(link).stem
        for chapter in MANUAL.glob("*.md")
        for link in LINK.findall(chapter.read_text())
        if link.startswith("pictures/")
    }
    named = [scene.name for scene in SCENES]
    assert len(named) == len(set(named))
    assert shown == set(named)
