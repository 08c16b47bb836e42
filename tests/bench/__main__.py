"""Runs the measurements (see bin/bench): each in its own process, on its own database."""

import datetime as dt
import json
import os
import pkgutil
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

from congress.memory import settle

from ..databases import drop
from . import __path__ as here
from .harness import Row

DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs" / "BENCHMARKS.md"
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL")


def main(wanted: list[str]) -> int:
    if wanted[:1] == ["--one"]:
        return one(*wanted[1:])
    write = "--write" in wanted
    wanted = [name for name in wanted if name != "--write"]
    names = measurements()
    if unknown := set(wanted) - set(names):
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
        return 2
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    known, found, broken = list(names.values()), {}, []
    for name in wanted or names:
        print(f"\n{name} …", flush=True)
        on = machine()
        rows = measured(name)
        if rows is None:
            broken.append(name)
        else:
            found[names[name]] = rows
            print(in_columns(rows), flush=True)
            if write:  # at once, for a run of half an hour may be broken off
                new = section(names[name], rows, on)
                DOCUMENT.write_text(document(DOCUMENT.read_text(), new, known))
                print(f"written: {DOCUMENT.name}", flush=True)
    if broken:
        print(f"\nfailed: {', '.join(broken)}")
    missed = [r.what for rows in found.values() for r in rows if r.met is False]
    if missed:
        print(f"\ngoal missed: {'; '.join(missed)}")
    return 1 if broken else 0


def measurements() -> dict[str, str]:
    """The names of the modules that measure, each with its title; told without importing them."""
    found = {}
    for module in pkgutil.iter_modules(here):
        source = (Path(here[0]) / f"{module.name}.py").read_text()
        if "\nNAME = " in source:
            found[module.name] = source.split("\nNAME = ")[1].split("\n")[0].strip("\"'")
    return found


def measured(name: str) -> list[Row] | None:
    """The rows of one measurement; None when it failed."""
    with tempfile.TemporaryDirectory() as folder, own_database(name) as addresses:
        result = Path(folder) / "rows.json"
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench", "--one", name, str(result)],
            env=os.environ
            | addresses
            | {"MEDIA_ROOT": f"{folder}/files", "STAFF_TOTP": "optional"},
            check=False,
        )
        if done.returncode or not result.exists():
            return None
        return [Row(**row) for row in json.loads(result.read_text())]


@contextmanager
def own_database(name: str) -> Iterator[dict[str, str]]:
    """A copy of the migrated database for one measurement; gives its three addresses."""
    database = f"bench_{name}"
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        template = owner.info.dbname
    elsewhere = urlunsplit(urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path="/postgres"))
    with psycopg.connect(elsewhere, autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        addresses = {
            a: urlunsplit(urlsplit(os.environ[a])._replace(path=f"/{database}")) for a in ADDRESSES
        }
        try:
            yield addresses
        finally:
            drop(owner, database, addresses.values())


def one(name: str, result: str) -> int:
    """Carry out one measurement, in this process, which is settled as a worker's is."""
    django.setup()
    measurement = import_module(f"tests.bench.{name}")
    settle()
    rows = measurement.measure()
    Path(result).write_text(json.dumps([asdict(row) for row in rows]))
    return 0


# -- Words ------------------------------------------------------------------------------------

INTRODUCTION = """# What was measured

Written by `bin/bench --write`, each part when it is measured. *Floor* is the same work done
barely in the same run (hand-written SQL, bare WeasyPrint, bare openpyxl); *ratio* is the value
over it."""
HEAD = ("what", "value", "floor", "ratio", "goal", "met")


def cells(row: Row) -> tuple[str, ...]:
    return (
        row.what,
        f"{number(row.value)} {row.unit}".strip(),
        "" if row.floor is None else f"{number(row.floor)} {row.unit}".strip(),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        row.goal,
        {None: "", True: "yes", False: "**no**"}[row.met],
    )


def number(value: float) -> str:
    """Three digits that matter; whole numbers whole."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def in_columns(rows: list[Row]) -> str:
    table = [HEAD, *map(cells, rows)]
    widths = [max(len(line[n]) for line in table) for n in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
        for line in table
    )


def section(title: str, rows: list[Row], machine: str) -> str:
    """One measurement's part of the document."""
    lines = [f"## {title}", "", f"Machine: {machine}.", ""]
    lines += ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines)


def document(before: str, new: str, titles: list[str]) -> str:
    """The document with one part replaced or added; parts stand in the order of these titles, and
    what is measured no more falls out."""
    parts = {part.split("\n", 1)[0]: f"## {part.strip()}" for part in before.split("\n## ")[1:]}
    parts[new.removeprefix("## ").split("\n", 1)[0]] = new
    return "\n\n".join([INTRODUCTION, *(parts[t] for t in titles if t in parts)]) + "\n"


def machine() -> str:
    """Cores, memory, processor, software, day and what else goes on (the load of the last minute),
    and nothing that names a place."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    models = {
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    }
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        server = connection.info.server_version // 10000
    return (
        f"{os.cpu_count()} cores ({', '.join(sorted(models)) or platform.machine()}), "
        f"{memory:.0f} GB of memory, Python {platform.python_version()}, PostgreSQL {server} with "
        f"fsync, {dt.date.today().isoformat()}, load before {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
