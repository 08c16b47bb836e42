"""What the rules of attendance say: who had to come, what a session counts, what becomes a fact."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from congress.flow import Flow
from congress.names import clean_name

from .models.activities import Activity
from .models.attendance import LeaveRequest, Outcome
from .models.kinds import ActivityKind

_A, _AS = Activity.State, Activity.Step
FLOW = Flow(
    {
        (_A.DRAFT, _AS.PUBLISH): _A.PUBLISHED,
        (_A.DRAFT, _AS.CANCEL): _A.CANCELLED,
        (_A.PUBLISHED, _AS.CLOSE): _A.CLOSED,
        (_A.PUBLISHED, _AS.CANCEL): _A.CANCELLED,
        (_A.CLOSED, _AS.REOPEN): _A.REOPENED,
        (_A.REOPENED, _AS.CLOSE): _A.CLOSED,
        (_A.REOPENED, _AS.CANCEL): _A.CANCELLED,
    }
)
_L, _LS = LeaveRequest.State, LeaveRequest.Step
LEAVE_FLOW = Flow(
    {
        (_L.ASKED, _LS.APPROVE): _L.APPROVED,
        (_L.ASKED, _LS.DECLINE): _L.DECLINED,
        (_L.ASKED, _LS.DROP): _L.DROPPED,
        (_L.APPROVED, _LS.DROP): _L.DROPPED,
    }
)

ATTENDED = frozenset({Outcome.PRESENT, Outcome.LATE})
OBLIGED = frozenset({Outcome.PRESENT, Outcome.LATE, Outcome.LEAVE, Outcome.ABSENT})
MORNING = (dt.time(9, 0), dt.time(12, 0))
AFTERNOON = (dt.time(14, 30), dt.time(17, 30))
NOON, AFTER_NOON = dt.time(12, 0), dt.time(14, 0)
LONGEST = dt.timedelta(days=31)  # no activity lasts longer; a mistyped year is caught
MOST_SESSIONS = 40
WRONG_CODES = 5  # so many wrong codes, then only staff can check a person in


# -- Plan --------------------------------------------------------------------------------------


def date_faults(
    starts_at: dt.datetime | None,
    ends_at: dt.datetime | None,
    sign_up_closes_at: dt.datetime | None,
) -> dict[str, str]:
    """What is wrong with the times of a plan, by field; empty when they make sense."""
    faults = {}
    if starts_at and ends_at:
        if ends_at <= starts_at:
            faults["ends_at"] = "结束时间要晚于开始时间"
        elif ends_at - starts_at > LONGEST:
            faults["ends_at"] = "活动超过了 31 天，请核对年份和月份"
    if starts_at and sign_up_closes_at and sign_up_closes_at > starts_at:
        faults["sign_up_closes_at"] = "截止时间不能晚于活动开始时间"
    return faults


@dataclass(frozen=True)
class SessionPlan:
    """A session as it will be made."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    half_days: int


def half_days_of(starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    """1 for a half-day, 2 where it begins in the morning and goes on in the afternoon. Takes
    local moments."""
    if starts_at.date() != ends_at.date():
        return 2
    return 2 if starts_at.time() < NOON and ends_at.time() > AFTER_NOON else 1


def half_day_sessions(starts_at: dt.datetime, ends_at: dt.datetime) -> list[SessionPlan]:
    """Morning and afternoon of each day from the first to the last moment (local, aware): a
    sitting of four days counts half-days."""
    plans, day = [], starts_at.date()
    while day <= ends_at.date():
        for word, (begin, end) in (("上午", MORNING), ("下午", AFTERNOON)):
            since = dt.datetime.combine(day, begin, starts_at.tzinfo)
            until = dt.datetime.combine(day, end, starts_at.tzinfo)
            if day == starts_at.date():
                since = max(since, starts_at)
            if day == ends_at.date():
                until = min(until, ends_at)
            if since < until:
                plans.append(SessionPlan(f"{day.month}月{day.day}日{word}", since, until, 1))
        day += dt.timedelta(days=1)
    return plans


# -- Attendance --------------------------------------------------------------------------------


def arrived(at: dt.datetime, starts_at: dt.datetime, late_after: int) -> Outcome:
    """Present, or late where more than `late_after` minutes have passed."""
    late = at > starts_at + dt.timedelta(minutes=late_after)
    return Outcome.LATE if late else Outcome.PRESENT


def settled(
    marked: str | None, *, in_office: bool, on_leave: bool, expected: bool
) -> Outcome | None:
    """The attendance of one deputy at one session.

    Not in office that day is never an absence (the denominators count days in office only). What
    staff or the deputy entered stands; else an approved leave; else absent. None: the deputy did
    not sign up for a voluntary activity, so there is nothing to say.
    """
    if marked and marked != Outcome.NOT_OBLIGED:
        return Outcome(marked) if in_office else Outcome.NOT_OBLIGED
    if not expected:
        return None
    if not in_office:
        return Outcome.NOT_OBLIGED
    return Outcome.LEAVE if on_leave else Outcome.ABSENT


def combined(values: Iterable[str]) -> Outcome | None:
    """One outcome for a whole activity of several sessions: who came to any of them came."""
    found = set(values)
    for value in (Outcome.PRESENT, Outcome.LATE, Outcome.LEAVE, Outcome.ABSENT):
        if value in found:
            return value
    return Outcome.NOT_OBLIGED if found else None


def becomes_fact(value: str | None, absence_counts: bool) -> bool:
    """Whether an attendance becomes a duty fact: coming always, leave and absence where the kind
    counts them, not being obliged never."""
    if value in ATTENDED:
        return True
    return absence_counts and value in (Outcome.LEAVE, Outcome.ABSENT)


def quantity(rule: str, half_days: int) -> Decimal:
    """How much one session counts, in the unit of the kind: times, half-days or days."""
    if rule == ActivityKind.Quantity.HALF_DAYS:
        return Decimal(half_days)
    if rule == ActivityKind.Quantity.DAYS:
        return Decimal(half_days) / 2
    return Decimal(1)


def rate(counts: Mapping[str, int]) -> Decimal | None:
    """Attended of those obliged to come, from 0 to 1; None where nobody was."""
    obliged = sum(n for value, n in counts.items() if value in OBLIGED)
    if not obliged:
        return None
    return Decimal(sum(n for v, n in counts.items() if v in ATTENDED)) / obliged


# -- A pasted list of names --------------------------------------------------------------------

SEPARATORS = re.compile(r"[\n\r,，、;；\t|/]+")
NUMBERING = re.compile(r"^[\s（(]*\d{1,3}[)）.．:：\s]+")
NO_NAME = re.compile(r"[\d\W_]*|[一二三四五六七八九十]{1,3}")  # a running number, a phone


@dataclass(frozen=True)
class NamesRead:
    """What a pasted list gave: who is meant, which names nobody bears, which several do."""

    found: list[int]
    unknown: list[str]
    ambiguous: list[str]
    repeated: list[str]


def read_names(text: str, people: Sequence[tuple[int, str]]) -> NamesRead:
    """Find people by a pasted list. Takes (id, name) pairs. Names may stand in lines, columns or
    with commas, numbered, spaced as 张　三; nothing is guessed: what fits nobody or several is
    given back."""
    by_name: dict[str, list[int]] = {}
    for pk, name in people:
        by_name.setdefault(clean_name(name), []).append(pk)
    found, unknown, ambiguous, repeated = [], [], [], []
    for piece in SEPARATORS.split(text):
        for name in _names_in(piece, by_name):
            ids = by_name.get(name, [])
            if not ids:
                unknown.append(name)
            elif len(ids) > 1:
                ambiguous.append(name)
            elif ids[0] in found:
                repeated.append(name)
            else:
                found.append(ids[0])
    return NamesRead(found, *(list(dict.fromkeys(x)) for x in (unknown, ambiguous, repeated)))


def _names_in(piece: str, known: Mapping[str, list[int]]) -> list[str]:
    """One name (spaced as 张　三), or several with blanks between them."""
    whole = clean_name(NUMBERING.sub("", piece))
    if NO_NAME.fullmatch(whole):
        return []
    if whole in known:
        return [whole]
    parts = [clean_name(p) for p in piece.split()]
    parts = [p for p in parts if not NO_NAME.fullmatch(p)]
    if len(parts) > 1 and any(p in known for p in parts):
        return parts
    return [whole]
