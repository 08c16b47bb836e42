"""One unit's part in a suggestion, and what follows from it for the figures."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from ..progress import ANSWERING, GONE, item_value
from .rows import FACE, Answer, Klass, Pledge, Return, Talk, Word, reply_limit


@dataclass(frozen=True)
class Task:
    """One unit's part in one suggestion."""

    pk: int
    item: int
    unit: int
    unit_name: str
    role: str
    state: str
    assigned_on: dt.date
    legal_due_on: dt.date
    on: dt.date
    lead: int | None = None
    value_rule: str = "worst"
    signed_on: dt.date | None = None
    batch_due_on: dt.date | None = None
    internal_due_on: dt.date | None = None
    extensions: tuple[tuple[dt.date, dt.date], ...] = ()
    returns: tuple[Return, ...] = ()
    answers: tuple[Answer, ...] = ()
    talks: tuple[Talk, ...] = ()
    opinion_on: dt.date | None = None
    opinions_sent_back: int = 0
    class_changes: tuple[tuple[dt.date, Klass], ...] = ()
    words: tuple[Word, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    is_for_reference: bool = False

    @cached_property
    def is_owner(self) -> bool:
        return self.role == "owner"

    @cached_property
    def is_live(self) -> bool:
        return self.state not in GONE

    @cached_property
    def is_counted(self) -> bool:
        """An assignment (承办任务): every unit's, returned ones too; owners only hand on."""
        return not self.is_owner and self.state != "cancelled"

    @cached_property
    def is_main(self) -> bool:
        """Owes the deputies a reply (独办, 主办, 分办)."""
        return self.role in ANSWERING and self.is_live

    @cached_property
    def is_joint(self) -> bool:
        return self.role == "joint" and self.is_live

    @cached_property
    def limit(self) -> dt.date:
        return reply_limit(self.legal_due_on, self.extensions)

    @cached_property
    def is_extended(self) -> bool:
        return self.limit > self.legal_due_on

    @cached_property
    def served(self) -> tuple[Answer, ...]:
        """The replies that reached everybody, round by round."""
        return tuple(sorted((a for a in self.answers if a.served_on), key=lambda a: a.round))

    @cached_property
    def answered_on(self) -> dt.date | None:
        """The day of the first round's reply; later rounds never move it."""
        return self.served[0].served_on if self.served and self.served[0].round == 1 else None

    @cached_property
    def is_answered(self) -> bool:
        return self.answered_on is not None

    @cached_property
    def is_due(self) -> bool:
        """Answered, or its limit is over: what is not yet due is in no rate."""
        return self.is_main and (
            self.is_answered or (self.limit < self.on and not self.is_for_reference)
        )

    @cached_property
    def is_in_time(self) -> bool:
        return self.answered_on is not None and self.answered_on <= self.limit

    @cached_property
    def history(self) -> tuple[tuple[dt.date, Klass], ...]:
        """The classes it had, from which day: each round's reply, then agreed changes."""
        found = [(a.served_on, a.klass) for a in self.served]
        return tuple(sorted([*found, *self.class_changes], key=lambda p: p[0]))

    def class_on(self, day: dt.date) -> Klass | None:
        """The class as it was at the end of a day."""
        found = [k for at, k in self.history if at <= day]
        return found[-1] if found else None

    @cached_property
    def first_class(self) -> Klass | None:
        return self.served[0].klass if self.is_answered else None

    @cached_property
    def current_class(self) -> Klass | None:
        return self.history[-1][1] if self.is_answered else None

    def met_by(self, day: dt.date) -> bool:
        """Whether unit and lead met face to face by a day, as the lead (of a delegation's
        suggestion: any deputy) confirmed."""
        return any(
            t.mode in FACE
            and t.on <= day
            and (self.lead in t.confirmed if self.lead else bool(t.confirmed))
            for t in self.talks
        )

    @cached_property
    def is_met(self) -> bool:
        return self.answered_on is not None and self.met_by(self.answered_on)

    def value(self, round_number: int) -> str:
        """How the unit was judged in a round, by the congress's rule for several signers."""
        given = {w.deputy: w.value for w in self.words if w.round == round_number}
        return item_value(given, self.lead, self.value_rule)

    @cached_property
    def first_value(self) -> str:
        return self.value(1)

    @cached_property
    def final_value(self) -> str:
        return last_value(self.value, self.words)

    @cached_property
    def has_conflict(self) -> bool:
        return any(w.has_conflict for w in self.words)


def last_value(value: Callable[[int], str], words: Iterable[Word]) -> str:
    """The judgement of the last round in which there is one."""
    rounds = sorted({w.round for w in words}, reverse=True)
    return next((v for v in map(value, rounds) if v), "")
