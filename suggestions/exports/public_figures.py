"""The tables of figures as everybody may read them (rules.figures.withholding)."""

from collections.abc import Callable, Hashable
from dataclasses import replace

from ..queries.figures import Year
from ..rules.figures.withholding import JUDGED, WHY, Person, few, few_figures, withheld_lines
from .figures import Cell, Table

NOT_TOLD = "不公开"
TOTAL = "合计"


def people_of(year: Year) -> Callable[[str], Person]:
    """Who stands behind a key of a kind: the lead (of a delegation's suggestion the delegation),
    of a judgement the deputy who gave it."""
    known: dict[str, dict[int, Hashable]] = {"item": {}, "task": {}, "word": {}}
    for item in year.items:
        who = item.lead.pk or ("delegation", item.delegation.pk)
        known["item"][item.pk] = who
        for task in item.tasks:
            known["task"][task.pk] = who
            known["word"] |= {w.pk: w.deputy for w in task.words}

    def person_of(kind: str) -> Person:
        return lambda key: known.get(kind, {}).get(key, key)

    return person_of


def for_everybody(table: Table, person_of: Callable[[str], Person]) -> Table:
    """The same table; what would tell of one judgement is replaced by a word, with the reason."""
    judged = [
        n for n in range(1, len(table.heads)) if any(_id(line, n) in JUDGED for line in table.lines)
    ]
    if not judged:
        return table
    kind = next(
        line[n].figure.formula.of_kind
        for line in table.lines
        for n in judged
        if _id(line, n) in JUDGED
    )
    person = person_of(kind)
    if table.key == "judgements":
        out = _rounds(table, person)
    elif table.key == "dimensions":  # each over all judgements: no line is the rest of a total
        out = {n for n, line in enumerate(table.lines) if _rests_on_few(line, judged, person)}
    else:
        parts = [n for n, line in enumerate(table.lines) if line[0] != TOTAL]
        rows = [[_keys(table.lines[n], column) for column in judged] for n in parts]
        out = {parts[n] for n in withheld_lines(rows, person)}
        out |= {
            n
            for n, line in enumerate(table.lines)
            if line[0] == TOTAL and _rests_on_few(line, judged, person)
        }
    if not out:
        return table
    lines = [
        [NOT_TOLD if n in out and k in judged else value for k, value in enumerate(line)]
        for n, line in enumerate(table.lines)
    ]
    return replace(table, lines=lines, note=f"{table.note}{WHY}")


def withheld_ids(figures: dict, person_of: Callable[[str], Person]) -> list[str]:
    """The ids of the headline figures that are not told."""
    return sorted(few_figures(figures, person_of))


def _id(line, n: int) -> str:
    return line[n].figure.formula.id if n < len(line) and isinstance(line[n], Cell) else ""


def _keys(line, n: int) -> tuple[int, ...]:
    return line[n].figure.of if _id(line, n) in JUDGED else ()


def _rests_on_few(line, columns: list[int], person: Person) -> bool:
    return any(few(_keys(line, n), person) for n in columns)


def _rounds(table: Table, person: Person) -> set[int]:
    """Rounds rest on what was said in them, silence left out; all rounds less the first are the
    later ones."""
    said = []
    for line in table.lines:
        cells = [v for v in line if isinstance(v, Cell)]
        said.append({key for c in cells if c.asked.at.split(":")[1] != "silent"
                     for key in c.figure.top})  # fmt: skip
    out = {n for n, keys in enumerate(said) if few(keys, person)}
    if len(said) > 1 and few(said[1] - said[0], person):
        out.add(1)
    return out
