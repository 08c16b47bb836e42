"""Pages: queries, answer times and weights of what people open most."""

from tests import cast

from .harness import Row, at_most
from .web import Visitor, answer_times, p50_p95, serving, weight

NAME = "Pages: answer times with 4 clients, and weights"
CLIENTS, EACH = 4, 50
BUDGET = {"html": 40, "css": 30, "js": 60, "all": 250}


def measure() -> list[Row]:
    congress = cast.make_congress("binhai", "滨海区")
    pages = {"sign-in": (Visitor(congress), "/accounts/login/")}
    rows = []
    with serving() as port:
        for name, (visitor, path) in pages.items():
            p50, p95 = p50_p95(answer_times(port, visitor, path, CLIENTS, EACH))
            rows += [Row(f"{name}: p50", p50, "ms"), Row(f"{name}: p95", p95, "ms")]
            sizes = weight(port, visitor, path)
            rows += [at_most(f"{name}: {k}", sizes[k], "KB", most) for k, most in BUDGET.items()]
            rows.append(at_most(f"{name}: requests", sizes["requests"], "", 15))
    return rows
