"""Figures over more than the suggestions of one year, and every formula by its id."""

import datetime as dt
from collections.abc import Iterable

from .formula import Figure, Formula, when
from .formulas import FORMULAS, RESULTS
from .items import Item
from .rows import PLANNED, SOLVED
from .units import UNIT_FORMULAS

UPGRADED = Formula(
    "F58", "upgraded", "计划转解决率", "上一年度末列入计划、本年度内转为解决的",
    "上一年度末结果为列入计划的", when(), when(), group=RESULTS,
)  # fmt: skip
PER_DEPUTY = Formula(
    "F80", "per_deputy", "人均领衔件数", "在任代表领衔的登记件", "在任代表", when(), when(),
    of_kind="deputy", is_ratio=True, group="代表",
)  # fmt: skip
LEADING = Formula(
    "F81", "leading", "领衔代表覆盖率", "领衔提出过建议的在任代表", "在任代表", when(), when(),
    kind="deputy", of_kind="deputy", unit="人", group="代表",
)  # fmt: skip
TAKING_PART = Formula(
    "F82", "taking_part", "参与代表覆盖率", "领衔或者联名提出过建议的在任代表", "在任代表", when(),
    when(), kind="deputy", of_kind="deputy", unit="人", group="代表",
)  # fmt: skip


def upgraded(before: Iterable[Item], starts_on: dt.date, ends_on: dt.date) -> Figure:
    """B→A: of what the year before left as planned on the eve of this year, what was solved by
    the end of this one."""
    eve = starts_on - dt.timedelta(days=1)
    planned = [i for i in before if (k := i.class_on(eve)) and k.canonical == PLANNED]
    solved = [i for i in planned if i.class_on(ends_on).canonical == SOLVED]
    return Figure(UPGRADED, tuple(i.pk for i in solved), tuple(i.pk for i in planned))


def of_deputies(items: Iterable[Item], in_office: Iterable[int]) -> dict[str, Figure]:
    """人均件数 and 覆盖率: leading and signing apart, of the deputies in office."""
    items, people = [i for i in items if i.is_base], tuple(sorted(set(in_office)))
    led = [i for i in items if i.lead.pk in people]
    leads = {i.lead.pk for i in led}
    signers = {s.pk for i in items for s in i.signers} | leads
    found = (
        Figure(PER_DEPUTY, tuple(i.pk for i in led), people),
        Figure(LEADING, tuple(pk for pk in people if pk in leads), people),
        Figure(TAKING_PART, tuple(pk for pk in people if pk in signers), people),
    )
    return {f.formula.key: f for f in found}


EVERY: dict[str, Formula] = {
    f.id: f for f in (*FORMULAS, *UNIT_FORMULAS, UPGRADED, PER_DEPUTY, LEADING, TAKING_PART)
}
