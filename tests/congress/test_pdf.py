"""Documents reach nothing but our own static files, and come out as the standard wants them."""

import io
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.template.loader import render_to_string
from pypdf import PdfReader
from weasyprint.urls import URLFetcher

from congress import pdf

MM = 72 / 25.4


@pytest.fixture
def outside():
    """A server that must never be asked; gives its address and what was asked of it."""
    asked = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/css")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def hostile(address, secret):
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><title>试</title>
    <link rel="stylesheet" href="{address}/link.css">
    <link rel="attachment" href="{secret.as_uri()}">
    <style>@import url("{address}/import.css");
      body {{ background: url("{address}/css.png"); }}</style></head><body>
    <img src="{address}/image.png"><object data="{address}/object.svg"></object>
    <svg viewBox="0 0 1 1"><image href="{address}/svg.png" width="1" height="1"/></svg>
    <a rel="attachment" href="{secret.as_uri()}">附件</a>
    <img src="/static/../../pyproject.toml"><img src="{secret.as_uri()}"><p>正文</p>
    </body></html>"""


def attached(content: bytes) -> list[bytes]:
    return [v for parts in PdfReader(io.BytesIO(content)).attachments.values() for v in parts]


def test_a_document_reaches_no_host_and_no_file(outside, tmp_path):
    address, asked = outside
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-7731")
    made = pdf.from_html(hostile(address, secret))
    assert asked == []
    assert attached(made) == []
    assert "正文" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_control_the_librarys_own_fetcher_reaches_both(outside, tmp_path):
    address, asked = outside
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-7731")
    made = pdf._render(hostile(address, secret), URLFetcher())
    assert {"/link.css", "/import.css", "/image.png"} <= set(asked)
    assert b"canary-7731" in attached(made)


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("http://static.invalid/static/img/mark.png", True),
        ("http://static.invalid/static/img/none.png", False),
        ("http://static.invalid/static/../manage.py", False),
        ("http://static.invalid/static/%2e%2e/manage.py", False),
        ("http://static.invalid/static//etc/passwd", False),
        ("http://static.invalid/files/x", False),
        ("http://static.invalid.example.com/static/img/mark.png", False),
        ("https://static.invalid/static/img/mark.png", False),
        ("file:///etc/passwd", False),
        ("data:text/plain,x", False),
    ],
)
def test_only_our_static_files_are_given(url, given):
    assert (pdf.static_file(url) is not None) == given


LETTER = """{% extends "documents/base.html" %}{% block title %}关于试印的通知{% endblock %}
{% block main %}<h1 class="plain">关于试印的通知</h1>
{% for n in lines %}<p>各位代表，按照年度工作安排，现将履职情况通报如下，请认真阅读并妥善保存。</p>
{% endfor %}{% endblock %}"""


def letter(lines=60):
    from django.template import engines

    html = engines["django"].from_string(LETTER).render({"lines": range(lines)})
    return PdfReader(io.BytesIO(pdf.from_html(html)))


def runs(page):
    """Pieces of text with their place in mm from the left and from the bottom."""
    found = []

    def see(text, cm, tm, font, size):
        if text.strip():
            x = (tm[4] * cm[0] + cm[4]) / MM
            y = (tm[5] * cm[3] + cm[5]) / MM
            found.append((text.strip(), round(x, 1), round(y, 1)))

    page.extract_text(visitor_text=see)
    return found


def test_pages_follow_the_standard():
    made = letter()
    first, second = made.pages[0], made.pages[1]
    assert [round(float(v) / MM) for v in first.mediabox[2:]] == [210, 297]
    assert made.trailer["/Root"]["/Lang"] == "zh-CN"
    assert made.metadata.title == "关于试印的通知"
    assert made.trailer["/Root"]["/MarkInfo"]["/Marked"]
    texts = [re.sub(r"\s", "", p.extract_text()) for p in made.pages]
    assert "—1—" in texts[0] and "—2—" in texts[1]
    body = [x for text, x, y in runs(second) if "各位代表" in text]
    assert body and min(body) == pytest.approx(28 + 2 * 15.79 * 25.4 / 72, abs=0.6)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    made = letter()
    number = {n: next(r for r in runs(made.pages[n - 1]) if r[0].startswith("—")) for n in (1, 2)}
    assert number[1][1] > 150 and number[2][1] < 45
    for _, _, y in number.values():  # 7 mm below the type area, which ends 35 mm above the edge
        assert 35 - 7 - 6 < y < 35 - 7


def test_a_full_page_has_twenty_two_lines_of_twenty_eight_characters():
    from django.template import engines

    text = "履职" * 700
    html = engines["django"].from_string(
        '{% extends "documents/base.html" %}{% block main %}<p class="flush">{{ text }}</p>'
        "{% endblock %}"
    )
    made = PdfReader(io.BytesIO(pdf.from_html(html.render({"text": text}))))
    lines = [line for line in made.pages[0].extract_text().splitlines() if "履" in line]
    assert len(lines) == 22
    assert {len(line.strip()) for line in lines} == {28}


def test_the_base_template_renders_empty():
    assert "zh-CN" in render_to_string("documents/base.html")
