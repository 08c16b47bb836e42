"""bin/demo: from a bare machine to the running product, with two congresses to look at.

    bin/demo                     start; the first time takes minutes, later ones seconds
    bin/demo --reset             forget everything and start anew
    bin/demo --stage mid-year    which moment of the year the data shows (at the first start)
    bin/demo --port 8080         where it answers

Everything lies in var/. Ctrl-C stops it, the data stays.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from . import ROOT, VAR, keys, packages, processes, settings, venv
from .postgres import Cluster
from .redis import Redis
from .scratch import alone, home_of_services
from .words import Refusal, command, say

STAGES = ("fresh", "mid-year", "year-end")
LOG = VAR / "log"
PREPARED = VAR / "prepared"
RUNNING = VAR / "running.json"
OURS = ("prepared", "running.json", "beat-schedule", "files", "static", "keys.json")


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    LOG.mkdir(parents=True, exist_ok=True)
    with alone(VAR / "demo.lock") as ours:
        if not ours:
            raise Refusal(
                f"演示已在运行{_where()}；先在那个窗口按 Ctrl-C。",
                f"The demo is running already{_where()}; stop it with Ctrl-C in its window.",
            )
        if not processes.is_free(options.port):
            raise Refusal(
                f"端口 {options.port} 已被占用，请用 --port 另选一个。",
                f"Port {options.port} is taken; choose another with --port.",
            )
        processes.need_room(VAR, 500)
        given = settings.database_is_given(os.environ)
        if options.reset:
            reset(given)
        packages.ensure()
        venv.ensure()
        with contextlib.ExitStack() as services:
            environ = environment(options.port, given, services)
            prepare(environ, options.stage, options.port)
            return serve(environ, options.port)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reset", action="store_true", help="forget everything first")
    parser.add_argument("--stage", choices=STAGES, default="year-end")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args(arguments)


def reset(given: bool) -> None:
    """Forget the demo's own data; a database that was given is never emptied."""
    if given:
        raise Refusal(
            "数据库是由 DATABASE_URL 指定的，--reset 不会清空它。",
            "The database is given by DATABASE_URL; --reset does not empty it.",
        )
    say("清空演示数据")
    for name in ("postgres", "redis"):
        shutil.rmtree(home_of_services(name), ignore_errors=True)
    for name in OURS:
        path = VAR / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def environment(port: int, given: bool, services: contextlib.ExitStack) -> dict[str, str]:
    """Start what was not given, and say to the product where it is. What was given wins."""
    kept = keys.kept_in(VAR / "keys.json")
    environ = settings.for_product(VAR, kept, port)
    if not given:
        say("启动数据库")
        cluster = services.enter_context(Cluster(home_of_services("postgres"), kept))
        environ |= cluster.urls
    if not os.environ.get("REDIS_URL"):
        redis = services.enter_context(Redis(home_of_services("redis"), kept["redis"]))
        environ["REDIS_URL"] = redis.url
    wanted = {k: v for k, v in os.environ.items() if v and k != "BIND"}
    return environ | wanted | {"PATH": settings.path_of(os.environ, venv.BIN)}


def prepare(environ: dict[str, str], stage: str, port: int) -> None:
    """Schema, static files and demo data; nothing is done again while nothing has changed."""
    state = fingerprint(environ)
    if PREPARED.exists() and PREPARED.read_text() == state:
        return
    log = LOG / "prepare.log"
    log.unlink(missing_ok=True)
    steps = [
        (("建立数据表", "Migrating the database"), ["migrate", "--no-input"]),
        (("收集样式文件", "Collecting static files"), ["collectstatic", "--no-input", "--clear"]),
        (("载入演示数据", "Loading the demo data"), ["load_demo", "--stage", stage]),
    ]
    for what, arguments in steps:
        say(what[0])
        manage = [str(venv.BIN / "python"), "manage.py", *arguments]
        processes.run(manage, log=log, what=what, cwd=ROOT, env=environ)
    PREPARED.write_text(state)


def fingerprint(environ: dict[str, str]) -> str:
    """Of the database's place, the schema's source and the static files."""
    digest = hashlib.sha256()
    digest.update(environ["MEDIA_ROOT"].encode())
    digest.update(environ["DATABASE_URL"].split("@")[-1].encode() if _given(environ) else b"ours")
    digest.update((VAR / "keys.json").read_bytes())
    for pattern in ("*/migrations/*.py", "*/models/*.py", "*/models.py", "congress/*.py", "*.lock"):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(f"{path}{path.stat().st_size}{path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def _given(environ: dict[str, str]) -> bool:
    return environ["DATABASE_URL"] == os.environ.get("DATABASE_URL")


def serve(environ: dict[str, str], port: int) -> int:
    """Web server, worker and beat under one supervisor, until somebody ends it."""
    log = LOG / "demo.log"
    log.unlink(missing_ok=True)
    say("启动网站、后台任务和定时任务")
    house = processes.start(
        [str(venv.BIN / "honcho"), "--env", os.devnull, "--no-colour", "start"],
        log=log,
        cwd=ROOT,
        env=environ,
    )
    try:
        RUNNING.touch(0o600)
        RUNNING.write_text(json.dumps({"port": port, "environ": _for_manage(environ)}))
        _wait_until_it_answers(house, port, log)
        accounts = subprocess.run(
            [venv.BIN / "python", "manage.py", "demo_accounts", "--port", str(port)],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if accounts.returncode:
            raise Refusal("演示账号未能列出。", "The demo accounts could not be listed.")
        say(f"\n日志在 {log.relative_to(ROOT)}；按 Ctrl-C 停止，数据保留。")
        house.wait()
        raise processes.failed(("运行", "Running"), log)
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        say("\n正在停止")
        processes.stop(house, seconds=30)
        RUNNING.unlink(missing_ok=True)


def _for_manage(environ: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in environ.items() if k in settings.names() and k != "BIND"}


def _wait_until_it_answers(house: subprocess.Popen, port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while house.poll() is None and time.monotonic() < until:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/health/")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            line.close()
    raise processes.failed(("启动", "Starting"), log)


def _where() -> str:
    try:
        return f"（http://localhost:{json.loads(RUNNING.read_text())['port']}/）"
    except (OSError, ValueError):
        return ""


if __name__ == "__main__":
    command(main)
