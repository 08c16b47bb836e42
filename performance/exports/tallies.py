"""The results of a tally and the difference between two as workbooks."""

from collections.abc import Iterable, Sequence

from congress import xlsx

from ..models import Tally, TallyTotal
from ..queries.tallies import Change
from ..rules import Rule
from .numbers import exact


def tally_sheets(
    tally: Tally,
    rows: Iterable[TallyTotal],
    aspects: Sequence[tuple[str, str]],
    root: Rule,
) -> list[xlsx.Sheet]:
    """The results of a tally: totals per deputy, and the points of every rule."""
    rows = list(rows)
    leaves = [rule for rule in root.walk() if rule.is_leaf]
    who = [[n, r.deputy.name, _place(r)] for n, r in enumerate(rows, start=1)]
    note = f"《{tally.version.book.name}》第{tally.version.number}版，{tally.facts}条履职记录"
    head = ["序号", "姓名", "代表团"]
    totals = [
        [
            *one,
            *[exact(row.aspects.get(key, "0")) for key, _ in aspects],
            exact(row.total),
            row.days,
            row.in_office_days,
            row.band,
        ]
        for one, row in zip(who, rows, strict=True)
    ]
    items = [
        [*one, *[exact(row.lines.get(leaf.key, ["0"])[0]) for leaf in leaves]]
        for one, row in zip(who, rows, strict=True)
    ]
    words = [name for _, name in aspects]
    return [
        xlsx.Sheet(
            "积分",
            [*head, *words, "总分", "履职天数", "在任天数", "等次"],
            totals,
            caption=str(tally),
            note=note,
            landscape=True,
        ),
        xlsx.Sheet(
            "各项得分",
            [*head, *[leaf.name for leaf in leaves]],
            items,
            caption=f"{tally}：各项得分",
            landscape=True,
        ),
    ]


def difference_sheets(before: Tally, after: Tally, changes: Iterable[Change]) -> list[xlsx.Sheet]:
    """What changed between two runs, one line per deputy."""
    return [
        xlsx.Sheet(
            "变化",
            ["姓名", f"第{before.number}次", f"第{after.number}次", "增减", "变动的项目", "原因"],
            [
                [
                    c.deputy.name,
                    None if c.before is None else exact(c.before),
                    None if c.after is None else exact(c.after),
                    exact(c.by),
                    "；".join(c.lines),
                    "；".join(c.why),
                ]
                for c in changes
            ],
            caption=f"{after.period.name}：第{before.number}次与第{after.number}次汇总的变化",
            landscape=True,
        )
    ]


def _place(row: TallyTotal) -> str:
    return row.mandate.delegation.name if row.mandate.delegation else ""
