"""How far each number of a rule set may go: the law's ceilings, and what local rules in force use.

代表法 (2025) art. 51: an answer within three months from 交办, within six where the matter is wide
or difficult; local rules may be shorter, never longer. The other bounds are the widest that local
rules were found to have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LAW = "代表法第五十一条"


@dataclass(frozen=True)
class Bound:
    """The least and the most of a number, and where the most comes from."""

    least: int
    most: int
    law: str = ""

    def fault(self, value: int) -> str:
        """What is wrong with a value, "" where nothing is."""
        if value > self.most and self.law:
            return f"不能超过 {self.most} 个月（{self.law}），可以更短，不能更长"
        if not self.least <= value <= self.most:
            return f"应在 {self.least} 至 {self.most} 之间"
        return ""

    @property
    def words(self) -> str:
        if self.law:
            return f"法律上限：自交办之日起 {self.most} 个月（{self.law}）。可以更短，不能更长。"
        return f"可填 {self.least} 至 {self.most}。"


BOUNDS = {
    "assign_closed_days": Bound(1, 10),
    "sign_days": Bound(1, 10),
    "return_amount": Bound(3, 10),
    "reassign_days": Bound(1, 30),
    "urgent_days": Bound(1, 90),
    "extension_max_days": Bound(1, 90),
    "extension_max_times": Bound(1, 3),
    "first_contact_days": Bound(1, 60),
    "joint_amount": Bound(1, 90),
    "joint_redo_days": Bound(1, 30),
    "reply_months": Bound(1, 3, LAW),
    "reply_max_months": Bound(1, 6, LAW),
    "feedback_amount": Bound(1, 90),
    "feedback_reminders": Bound(0, 10),
    "rehandle_amount": Bound(1, 90),
    "rehandle_rounds_max": Bound(1, 5),
    "promise_reports_years": Bound(1, 5),
    "promise_feedback_days": Bound(1, 60),
    "publish_days": Bound(1, 60),
}
DAYS = {"d": 1, "wd": 7 / 5, "m": 30}  # for comparing amounts of different units


def bound_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the numbers of a rule set, by the name of the field, in sentences."""
    found = {}
    for name, bound in BOUNDS.items():
        value = values.get(name)
        if value is not None and (fault := bound.fault(value)):
            found[name] = fault
    months, longest = values.get("reply_months"), values.get("reply_max_months")
    if months and longest and longest < months:
        found.setdefault("reply_max_months", "不能短于答复期限")
    joint = _days(values, "joint")
    if joint and months and joint > months * DAYS["m"]:
        found.setdefault("joint_amount", f"会办期限不能长于答复期限（{months} 个月）")
    again = _days(values, "rehandle")
    if again and again > 3 * DAYS["m"]:
        found.setdefault("rehandle_amount", "重办期限不能长于 3 个月")
    return found


def _days(values: Mapping[str, Any], name: str) -> float | None:
    amount, count = values.get(f"{name}_amount"), values.get(f"{name}_count")
    return amount * DAYS[count] if amount and count in DAYS else None
