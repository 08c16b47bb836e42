"""The real web server and people in front of it."""

import gzip
import http.client
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client

from congress.models import Congress, Membership
from launch import ROOT
from launch.processes import free_port, start, stop

from .harness import percentile

WARM = 5  # pages before the clock starts: every process has its templates and connections by then
ASSET = re.compile(
    r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/[^"]+\.(css|js|svg|png|ico))"""
)


@contextmanager
def serving() -> Iterator[int]:
    """gunicorn as in production, on this measurement's database; gives its port."""
    port = free_port()
    manage = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(manage, cwd=ROOT, check=True)
    environ = os.environ | {"BIND": f"127.0.0.1:{port}"}
    with tempfile.NamedTemporaryFile() as log:
        command = [str(Path(sys.executable).parent / "gunicorn"), "congress.wsgi"]
        server = start(command, log=Path(log.name), cwd=ROOT, env=environ)
        try:
            _wait(port)
            yield port
        finally:
            stop(server)


def _wait(port: int) -> None:
    until = time.monotonic() + 180  # a busy machine takes its time
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server does not answer")


class Visitor:
    """One browser at the host of a congress, signed in as a member or a stranger."""

    def __init__(self, congress: Congress, member: Membership | None = None):
        self.host = f"{congress.key}.{settings.BASE_DOMAIN}"
        self.client = Client(headers={"host": self.host})  # without the server, to count queries
        self.cookie = ""
        if member is not None:
            self.client.force_login(member.user)
            session = self.client.session
            session["member"] = member.pk
            session["session_version"] = member.user.session_version
            session.save()
            self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def get(self, connection: http.client.HTTPConnection, path: str) -> tuple[bytes, str]:
        """A page's bytes as they came, and how they were packed."""
        # A connection for each page, as the proxy in front makes them (deploy/nginx.conf).
        headers = {
            "Host": self.host,
            "Cookie": self.cookie,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.headers.get('Location', '')}")
        return body, answer.headers.get("Content-Encoding", "")


def answer_times(port: int, visitor: Visitor, path: str, clients: int, each: int) -> list[float]:
    """Milliseconds of every answer, with so many clients asking at the same time."""
    times, faults, together = [], [], threading.Barrier(clients)

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for _ in range(WARM):
                visitor.get(connection, path)
            together.wait(30)
            for _ in range(each):
                began = time.perf_counter()
                visitor.get(connection, path)
                times.append((time.perf_counter() - began) * 1000)
        except Exception as fault:  # noqa: BLE001 (told in the thread that waits)
            faults.append(fault)
            together.abort()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return times


def p50_p95(times: list[float]) -> tuple[float, float]:
    """The middle, by which pages are compared, and what nineteen of twenty do not exceed: that
    alone also tells what else the machine did meanwhile."""
    return percentile(times, 50), percentile(times, 95)


def weight(port: int, visitor: Visitor, path: str) -> dict[str, float]:
    """KB on the wire of a page and what it loads: html, css, js, all; and the requests.

    Pages are packed as the proxy in front does it (deploy/nginx.conf).
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    page, packed = visitor.get(connection, path)
    html = gzip.decompress(page) if packed else page
    sizes = {"html": len(page) if packed else len(gzip.compress(page, 6)), "css": 0, "js": 0}
    total, requests = sizes["html"], 1
    for asset, kind in set(ASSET.findall(html.decode())):
        size = len(visitor.get(connection, asset)[0])
        total, requests = total + size, requests + 1
        if kind in sizes:
            sizes[kind] += size
    return {name: size / 1024 for name, size in {**sizes, "all": total}.items()} | {
        "requests": requests
    }
