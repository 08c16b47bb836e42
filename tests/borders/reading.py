"""What a browser makes of a page: parts it would run, addresses it would load, words it shows."""

import re
from html.parser import HTMLParser

UNSEEN = {"code", "icon", "script", "style", "template", "svg"}  # code: login names, hosts
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
SPOKEN = ("alt", "title", "placeholder", "aria-label")
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "object": "data"}
WORD = re.compile(r"[A-Za-z]{3,}")


class Page(HTMLParser):
    """`Page(html)`: `.tags`, `.inline` (what a strict policy forbids), `.loads`, `.words`."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.loads: list[str] = []
        self.actions: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        if tag not in VOID:
            icon = "material-symbols" in (values.get("class") or "")
            self._open.append("icon" if icon else tag)
        if tag == "style" or tag == "script" and "src" not in values:
            if values.get("type") != "application/json":
                self.inline.append(tag)
        for name, value in attributes:
            if name.startswith("on") or name == "style":
                self.inline.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and re.match(
                r"\s*(javascript|vbscript|data:text)", value or "", re.I
            ):
                self.inline.append(f"{tag} {name}={value}")
            if name in SPOKEN and value:
                self.texts.append(value)
        if tag == "link" and "stylesheet" not in values.get("rel", "icon"):
            return
        if values.get(LOADED.get(tag, "")):
            self.loads.append(values[LOADED[tag]])

    def handle_endtag(self, tag):
        while self._open and self._open.pop() not in (tag, "icon"):
            pass

    def handle_data(self, data):
        if not UNSEEN & set(self._open):
            self.texts.append(data)

    @property
    def words(self) -> set[str]:
        """Words in Latin letters that a person reads."""
        return set(WORD.findall(" ".join(self.texts)))
