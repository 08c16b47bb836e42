"""What everybody may see of a year's suggestions: the figures of published reports, as frozen."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet

from congress.charts import Bar, bars, columns, trend
from suggestions import access
from suggestions.models import YearlyReport
from suggestions.rules.figures.withholding import JUDGED, LEAST, WHY

MAIN = ("F06", "F30", "F32", "F50", "F53", "F62", "F61", "F70")
OUTCOMES = ("F53", "F51", "F54", "F62", "F61")
OVER_YEARS = ("F32", "F53", "F61")
TABLES = ("category", "classes", "judgements", "delegation", "committee", "units0", "units1")
YEARS = 5


def reports() -> QuerySet[YearlyReport]:
    """The published reports, the latest in front."""
    rows = access.reports_visible_to(None).select_related("sitting__term")
    return rows.order_by("-sitting__opens_on", "-edition")


def published(wanted: str = "") -> dict[str, Any]:
    """One report's figures with charts (the latest by default), the others to choose, and the
    last years beside each other."""
    rows = list(reports())
    if not rows:
        return {"report": None, "reports": []}
    row = next((r for r in rows if str(r.public_id) == wanted), rows[0])
    figures = _figures(row.content)
    known = {t["key"]: t for t in _tables(row.content)}
    return {
        "report": row,
        "reports": rows,
        "figures": [{**figures[id], "id": id, "parts": _parts(figures[id])} for id in MAIN],
        "charts": [c for c in (_categories(known), _outcomes(figures), *_years(rows)) if c],
        "tables": [_with_heads(known[key]) for key in TABLES if key in known],
        "said": [(id, f) for id, f in figures.items()],
    }


def _tables(content: dict) -> list[dict]:
    """The tables everybody may read. A report frozen before they were kept apart tells none of
    its tables on what deputies said, and no column of it."""
    if "public_tables" in content:
        return content["public_tables"]
    found = []
    for table in content["tables"]:
        kept = [n for n, head in enumerate(table["heads"]) if "满意" not in head]
        lines = [[line[n] for n in kept if n < len(line)] for line in table["lines"]]
        heads = [table["heads"][n] for n in kept]
        if table["key"] not in ("judgements", "dimensions"):
            found.append(table | {"heads": heads, "lines": lines})
    return found


def _with_heads(table: dict) -> dict:
    """Each value with its head, which stands beside it on a phone."""
    return table | {"rows": [list(zip(table["heads"], x, strict=False)) for x in table["lines"]]}


def _figures(content: dict) -> dict[str, dict]:
    """The figures by id, without the numbers of those that rest on too few judgements."""
    figures = content["figures"]
    withheld = content.get("withheld")
    if withheld is None:  # frozen before that was kept
        withheld = [id for id in JUDGED & figures.keys() if 0 < len(figures[id]["of"]) < LEAST]
    nothing = {"words": "不公开", "top": [], "of": [], "is_rate": False, "unit": "", "says": WHY}
    return {id: f | nothing if id in withheld else f for id, f in figures.items()}


def _parts(figure: dict) -> str:
    unit = figure["unit"]
    return f"{len(figure['top'])}/{len(figure['of'])}{unit}" if figure["is_rate"] else ""


def _number(words: str) -> Decimal | None:
    try:
        return Decimal(words.rstrip("%"))
    except InvalidOperation:
        return None


def _categories(known: dict) -> str:
    lines = known.get("category", {}).get("lines", [])
    rows = [Bar(line[0], _number(line[1]) or 0) for line in lines if line[0] != "合计"]
    return bars("各类建议件数", rows, "件") if rows else ""


def _outcomes(figures: dict) -> str:
    rows = [(figures[id]["name"], _number(figures[id]["words"])) for id in OUTCOMES]
    return bars("办成率和满意率", [Bar(n, v) for n, v in rows if v is not None], "%", whole=100)


def _years(rows: list[YearlyReport]) -> list[str]:
    """The last edition of each year, the oldest first."""
    latest: dict[int, YearlyReport] = {}
    for row in rows:
        latest.setdefault(row.sitting_id, row)
    chosen = sorted(latest.values(), key=lambda r: r.sitting.opens_on)[-YEARS:]
    if len(chosen) < 2:
        return []
    names = [f"{r.sitting.opens_on.year}年" for r in chosen]
    figures = [_figures(r.content) for r in chosen]
    counts = [Bar(n, _number(f["F06"]["words"]) or 0) for n, f in zip(names, figures, strict=True)]
    lines = [
        (figures[-1][id]["name"], [_number(f[id]["words"]) for f in figures]) for id in OVER_YEARS
    ]
    return [columns("历年登记件数", counts, "件"), trend("历年变化", names, lines, "%")]
