"""Every route there is, as an address with the ids of a filled congress."""

import csv
import functools
import itertools
import re
import zipfile
from io import BytesIO

from pypdf import PdfReader

from congress.admin import site
from tests.borders.filled import public_id
from tests.project.test_laws import routes
from tests.project.test_roles import TABLE

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# Parts of an address that are no ids: days and kinds. A new one is to be named here.
PLAIN = {
    "year": ["2026"],
    "month": ["3"],
    "day": ["16"],
    "content_type_id": ["1"],
    "way": ["up", "per_event", "flat"],
    "event": ["suspend", "resign", "move"],
    "kind": ["group", "committee"],
    "word": ["groups", "delegations", "constituencies"],
    "what": ["review", "verify"],
    "key": ["k"],
    "part": ["handling"],
    "paper": ["k"],
}
NO_PAGES = ("admin/^", "admin/(?P", "accounts/")  # the admin's catch-alls; allauth's own
ENDS_THE_VISIT = ("logout", "elder", "privacy/agree", "work-as", "jsi18n", "autocomplete")


@functools.cache
def all_routes() -> list[str]:
    """The routes of our own pages."""
    found = {r for r, _ in routes() if not r.startswith(NO_PAGES)}
    return sorted(r for r in found if not any(word in r for word in ENDS_THE_VISIT))


@functools.cache
def doors(who: str) -> dict[str, list[str]]:
    """The routes of our own pages a role is let into, each with its methods, by the reviewed
    table. A door shut to nobody's id is shut to every id, for the role decides before the row."""
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {route: [] for route in all_routes()}
    for row in rows:
        if row["route"] in found and row[who] == "in":
            found[row["route"]].append(row["method"])
    return {route: methods for route, methods in found.items() if methods}


def names_a_row(route: str) -> bool:
    return any(name not in PLAIN for _, name in PARAMETER.findall(route))


def addresses(route: str, *choices: int) -> list[tuple[str, tuple]]:
    """The route with every combination of these numbers in the places of its ids; each with the
    numbers taken."""
    places = PARAMETER.findall(route)
    options = [values(route, kind, name, choices) for kind, name in places]
    found = []
    for picked in itertools.product(*options):
        address = "/" + route
        for text, _ in picked:
            address = PARAMETER.sub(text, address, count=1)
        found.append((address, tuple(number for _, number in picked if number is not None)))
    return found


def instead(address: str, number: int, other: int) -> str:
    """The same address with another number."""
    return address.replace(str(number), str(other)).replace(
        str(public_id(number)), str(public_id(other))
    )


def values(route: str, kind: str, name: str, choices) -> list[tuple[str, int | None]]:
    if name in PLAIN:
        return [(text, None) for text in PLAIN[name]]
    if name == "step":
        return [(step, None) for step in steps(route)]
    if kind not in ("int", "uuid", "path"):
        raise LookupError(f"say in PLAIN what <{kind}:{name}> of {route} may be")
    if kind == "uuid":
        return [(str(public_id(number)), number) for number in choices]
    return [(str(number), number) for number in choices]


def paths(who: str, *choices: int) -> list[str]:
    """The addresses with these numbers of all pages a role gets."""
    return [
        address
        for route, methods in doors(who).items()
        if "GET" in methods
        for address, _ in addresses(route, *choices)
    ]


def steps(route: str) -> list[str]:
    """The steps of the list whose route this is."""
    for model, admin in site._registry.items():
        if f"admin/{model._meta.app_label}/{model._meta.model_name}/" in route:
            return [page.step.value for page in admin.step_pages][:3]
    return ["x"]


def text_of(response) -> str:
    """What a person can read in an answer: a page, a sheet, a document."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(body)) as sheet:
            return "".join(sheet.read(name).decode(errors="replace") for name in sheet.namelist())
    if "pdf" in kind:
        return "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    return body.decode(errors="replace")
