"""时限 of handling: three dates kept apart, the law's ceiling never crossed, the working shown.

Rule numbers come from the tenant's rule set as frozen at 交办; dates are given, never asked of a
clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from congress.rules import (
    WorkCalendar,
    add_months,
    add_working_days,
    working_days_between,
)
from congress.words import cn_date
from deadlines.rules import Limit, Reckoning, Unit, reckon

LAW = "代表法第五十一条"
OWN = "本级办理规则"
GOVERNMENT_OFFICE, DEPUTY_AFFAIRS = "government_office", "deputy_affairs"
LEGAL_MONTHS = 3
LEGAL_MAX_MONTHS = 6


@dataclass(frozen=True)
class HandlingRules:
    """What of a rule set the dates depend on. Amounts in the unit named beside them."""

    reply_months: int = 3
    reply_max_months: int = 6
    joint_limit: str = "after"  # after 交办, or before the lead unit's limit
    joint_amount: int = 1
    joint_count: str = "m"
    joint_redo_days: int = 5
    sign_days: int | None = None
    return_amount: int = 7
    return_count: str = "wd"
    return_clock: str = "received"
    allows_late_return: bool = False
    reassign_days: int = 10
    assign_closed_days: int = 7
    first_contact_days: int | None = None
    feedback_amount: int = 15
    feedback_count: str = "wd"
    rehandle_amount: int = 1
    rehandle_count: str = "m"
    publish_days: int = 20
    promise_feedback_days: int = 20
    urgent_days: int | None = None
    extension_max_days: int | None = None
    extension_max_times: int | None = None

    @classmethod
    def of(cls, rule_set: object) -> "HandlingRules":
        """From a stored rule set, field by field."""
        return cls(**{name: getattr(rule_set, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Dates:
    """The dates of one task: the law's, the batch's, the house's own, with the working."""

    legal: date
    batch: date | None = None
    internal: date | None = None
    working: tuple[str, ...] = field(default=())
    is_provisional: bool = False

    @property
    def effective(self) -> date:
        """What a unit must keep: the earliest of them."""
        return min(d for d in (self.legal, self.batch, self.internal) if d)


def _limit(amount: int, count: str, law: str) -> Limit:
    return Limit(Unit(count), amount, law=law)


# 代表法 art. 51: within three months from 交办; 六个月 for wide or difficult ones, from 交办 too.
def legal_limit(assigned_on: date, calendar: WorkCalendar, months: int = LEGAL_MONTHS) -> Reckoning:
    """The law's day for a reply. `months` over three only for an approved extension; never over
    six. Counted from the first-level 交办 whatever happened since."""
    months = min(months, LEGAL_MAX_MONTHS)
    return reckon(assigned_on, Limit(Unit.MONTHS, months, law=LAW), calendar)


def reply_dates(
    assigned_on: date,
    rules: HandlingRules,
    calendar: WorkCalendar,
    batch_due_on: date | None = None,
    is_urgent: bool = False,
    asked_by: str = "交办批次统一",
) -> Dates:
    """The dates of a unit that owes a reply. `asked_by`: who asks for the fixed day, in words.

    `assigned_on` is the first-level 交办 (T0), also for a unit named later, after a return or at
    the second level: neither moves the legal date. A batch's fixed day binds where it is
    earlier; a later one is kept and never makes a late reply timely. For an urgent one the rules
    may name a day of the house's own, never later than the law's.
    """
    law = legal_limit(assigned_on, calendar)
    working = list(law.working)
    internal = None
    if rules.reply_months < LEGAL_MONTHS:
        own = reckon(assigned_on, Limit(Unit.MONTHS, rules.reply_months, law=OWN), calendar)
        internal = min(own.due_on, law.due_on)
        working += own.working
    if is_urgent and rules.urgent_days:
        own = reckon(assigned_on, Limit(Unit.DAYS, rules.urgent_days, law="本级办理规则"), calendar)
        internal = min(d for d in (internal, own.due_on, law.due_on) if d)
        working += ["加急建议：", *own.working]
    if batch_due_on:
        working.append(f"{asked_by}要求{cn_date(batch_due_on)}前答复。")
        if batch_due_on > law.due_on:
            words = asked_by.removesuffix("统一").removeprefix("交办")
            working.append(f"{words}要求晚于法定期限，仍以法定期限为准。")
    return Dates(law.due_on, batch_due_on, internal, tuple(working), law.is_provisional)


def joint_dates(
    assigned_on: date,
    rules: HandlingRules,
    calendar: WorkCalendar,
    lead_due_on: date,
) -> Dates:
    """The dates of a unit that gives a joint opinion: from 交办, or so long before the lead
    unit's limit as the rule set says (then an extension of the lead's moves it too)."""
    if rules.joint_limit == "before":
        due = before(lead_due_on, rules.joint_amount, rules.joint_count, calendar)
        unit = Unit(rules.joint_count).label
        working = (
            f"会办意见在主办单位答复期限{cn_date(lead_due_on)}之前{rules.joint_amount}{unit}提交："
            f"{cn_date(due)}。",
        )
        return Dates(max(due, assigned_on), working=working)
    found = reckon(assigned_on, _limit(rules.joint_amount, rules.joint_count, OWN), calendar)
    return Dates(
        min(found.due_on, lead_due_on), working=found.working, is_provisional=found.is_provisional
    )


def before(day: date, amount: int, count: str, calendar: WorkCalendar) -> date:
    """The day `amount` working days, days or months before `day`."""
    if count == Unit.MONTHS:
        return add_months(day, -amount)
    if count == Unit.DAYS:
        return date.fromordinal(day.toordinal() - amount)
    found = day
    while working_days_between(found, day, calendar) < amount:
        found = date.fromordinal(found.toordinal() - 1)
    return found


def return_limit(
    assigned_on: date, signed_on: date | None, rules: HandlingRules, calendar: WorkCalendar
) -> Reckoning:
    """Until when a unit may ask to return a task. From receipt it runs from signing, or, while
    not signed, from 交办: not signing wins no time."""
    start = signed_on if rules.return_clock == "received" and signed_on else assigned_on
    return reckon(start, _limit(rules.return_amount, rules.return_count, OWN), calendar)


def extension_faults(
    *,
    asked_on: date,
    to_on: date,
    assigned_on: date,
    current_due_on: date,
    rules: HandlingRules,
    calendar: WorkCalendar,
    granted: int = 0,
) -> list[str]:
    """What speaks against an extension, in sentences. Asked before the limit; never beyond six
    months from 交办 (art. 51), however late the 交办 or the approval was; not longer nor more often
    than the rules allow (`granted`: how often it was before)."""
    faults = []
    if asked_on > current_due_on:
        faults.append(f"答复期限{cn_date(current_due_on)}已过，不能再申请延期")
    if to_on <= current_due_on:
        faults.append("延期后的日期应当晚于现在的期限")
    latest = legal_limit(assigned_on, calendar, rules.reply_max_months).due_on
    if to_on > latest:
        faults.append(
            f"延期最晚到{cn_date(latest)}（{LAW}：自交办之日起不超过{rules.reply_max_months}个月）"
        )
    most = rules.extension_max_days
    if most and (to_on - current_due_on).days > most:
        faults.append(f"每次延期最长{most}日（本级办理规则）")
    if rules.extension_max_times and granted >= rules.extension_max_times:
        faults.append(f"已经延期{granted}次，不能再延（本级办理规则）")
    return faults


def approvers(asked: Sequence[str], has_office: bool) -> list[str]:
    """Whose word an extension needs: those the rules name; the government office only for what
    it assigned itself, where it is the only one named 代工委 stands in for it. [] where the rules
    name nobody: the law asks for no approval."""
    found = [role for role in asked if role != GOVERNMENT_OFFICE or has_office]
    return found or ([DEPUTY_AFFAIRS] if asked else [])


def sign_within(rules: HandlingRules) -> Limit | None:
    """How soon a unit signs for a task; None where the rules ask nothing."""
    return _working_days(rules.sign_days) if rules.sign_days else None


def talk_within(rules: HandlingRules) -> Limit | None:
    """How soon a unit talks with the deputy first; None where the rules ask nothing."""
    return _working_days(rules.first_contact_days) if rules.first_contact_days else None


def decide_return_within(rules: HandlingRules) -> Limit:
    """How soon a request to return is decided and another unit named."""
    return _working_days(rules.reassign_days)


def redo_within(rules: HandlingRules) -> Limit:
    """How soon a joint opinion that was sent back is given again."""
    return _working_days(rules.joint_redo_days)


def judge_within(rules: HandlingRules) -> Limit:
    """How soon the deputy's word on a reply is expected."""
    return _limit(rules.feedback_amount, rules.feedback_count, OWN)


def receipt_within(rules: HandlingRules) -> Limit:
    """How soon the deputy's word is expected on how a promise was kept."""
    return _working_days(rules.promise_feedback_days)


def assign_within(rules: HandlingRules) -> Limit:
    """Between sittings: how soon what was handed in is assigned."""
    return _working_days(rules.assign_closed_days)


def publish_within(rules: HandlingRules) -> Limit:
    """How soon it is decided what of a suggestion and a served reply is public."""
    return _working_days(rules.publish_days)


def _working_days(amount: int) -> Limit:
    return _limit(amount, Unit.WORKING_DAYS, OWN)


def closed_session_limit(submitted_on: date, rules: HandlingRules, calendar: WorkCalendar) -> date:
    """Between sittings: the day by which a suggestion is to be assigned."""
    return add_working_days(submitted_on, rules.assign_closed_days, calendar)


def reassign_limit(asked_on: date, rules: HandlingRules, calendar: WorkCalendar) -> date:
    """The day by which a request to return is to be decided and another unit named."""
    return add_working_days(asked_on, rules.reassign_days, calendar)


def first_contact_limit(
    assigned_on: date, rules: HandlingRules, calendar: WorkCalendar
) -> date | None:
    """The day of the first contact with the deputy; None where the rules ask none."""
    if rules.first_contact_days is None:
        return None
    return add_working_days(assigned_on, rules.first_contact_days, calendar)


def feedback_limit(served_on: date, rules: HandlingRules, calendar: WorkCalendar) -> Reckoning:
    """Until when the deputy's word is expected, from the service of the reply to that deputy."""
    return reckon(served_on, judge_within(rules), calendar)


def rehandle_limit(ordered_on: date, rules: HandlingRules, calendar: WorkCalendar) -> Reckoning:
    """The second round's own clock, from the order to handle again."""
    return reckon(ordered_on, _limit(rules.rehandle_amount, rules.rehandle_count, OWN), calendar)


def promise_word_limit(reported_on: date, rules: HandlingRules, calendar: WorkCalendar) -> date:
    """Until when the deputies' word on a promise reported as kept is asked for."""
    return add_working_days(reported_on, rules.promise_feedback_days, calendar)


@dataclass(frozen=True)
class Timeliness:
    """Whether an answer came in time, against each date apart."""

    served_on: date | None
    in_law: bool | None
    in_batch: bool | None
    in_house: bool | None
    days: int | None  # calendar days from 交办 to service


def timeliness(
    *,
    assigned_on: date,
    served: Iterable[date | None],
    legal_due_on: date,
    extended_to: date | None,
    extension_granted_on: date | None,
    batch_due_on: date | None,
    internal_due_on: date | None,
) -> Timeliness:
    """Judge a reply by the last required service (joint items: 3 of 7 served is not served).

    An extension counts only when it was granted before the limit it moves; drafting, an interim
    letter or an oral answer is no service.
    """
    served = list(served)
    if not served or any(day is None for day in served):
        return Timeliness(None, None, None, None, None)
    last = max(served)
    limit = legal_due_on
    if extended_to and extension_granted_on and extension_granted_on <= legal_due_on:
        limit = max(limit, extended_to)
    return Timeliness(
        last,
        last <= limit,
        None if batch_due_on is None else last <= batch_due_on,
        None if internal_due_on is None else last <= internal_due_on,
        (last - assigned_on).days,
    )


__all__ = [
    "Dates",
    "HandlingRules",
    "LAW",
    "OWN",
    "Timeliness",
    "approvers",
    "assign_within",
    "before",
    "closed_session_limit",
    "decide_return_within",
    "extension_faults",
    "feedback_limit",
    "first_contact_limit",
    "joint_dates",
    "judge_within",
    "legal_limit",
    "promise_word_limit",
    "publish_within",
    "reassign_limit",
    "receipt_within",
    "redo_within",
    "rehandle_limit",
    "reply_dates",
    "return_limit",
    "sign_within",
    "talk_within",
    "timeliness",
]
