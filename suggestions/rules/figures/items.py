"""One suggestion with all that hangs on it, and what follows from it for the figures."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..progress import ORDER, item_value
from .rows import DONE, PHASES, SOLVED, Klass, Place, Pledge, Word
from .tasks import Task, last_value


@dataclass(frozen=True)
class Item:
    """One suggestion with all that hangs on it. What follows is reckoned once: a figure asks every
    row, and there are dozens of figures in dozens of tables."""

    pk: int
    number: str
    title: str
    state: str
    raised_in: str
    on: dt.date
    category: Place
    subcategory: Place
    committee: Place
    delegation: Place
    street: Place
    lead: Place
    signers: tuple[Place, ...] = ()  # the lead first
    is_delegations: bool = False
    is_submitted: bool = True
    is_registered: bool = True
    assigned_on: dt.date | None = None
    assign_due_on: dt.date | None = None
    closed_means: str = "closed"
    value_rule: str = "worst"
    round: int = 1
    is_key: bool = False
    key_leader: Place = Place(None, "")
    key_committee: Place = Place(None, "")
    is_merged: bool = False
    is_repeated: bool = False
    is_secret: bool = False
    is_for_reference: bool = False
    is_explained: bool = False
    is_published: bool = False
    is_lawfully_closed: bool = False  # not public, decided with a reason
    tasks: tuple[Task, ...] = ()

    # -- Where it belongs ---------------------------------------------------------------------

    @cached_property
    def is_withdrawn_before(self) -> bool:
        return self.state == "withdrawn" and self.assigned_on is None

    @cached_property
    def is_base(self) -> bool:
        """N: registered, not withdrawn before 交办. A placeholder of a secret one is no text to
        handle here and stands apart."""
        return self.is_registered and not self.is_withdrawn_before and not self.is_secret

    @cached_property
    def is_withdrawn_after(self) -> bool:
        return self.is_base and self.state == "withdrawn"

    @cached_property
    def is_terminated(self) -> bool:
        return self.is_base and self.state == "terminated"

    @cached_property
    def is_handled(self) -> bool:
        """应办: in the base and neither withdrawn nor terminated since; those are in no rate."""
        return self.is_base and self.state not in ("withdrawn", "terminated")

    @cached_property
    def is_between(self) -> bool:
        return self.is_base and self.raised_in == "between"

    @cached_property
    def is_joint(self) -> bool:
        return self.is_base and len(self.signers) > 1

    # -- Tasks and replies --------------------------------------------------------------------

    @cached_property
    def main(self) -> tuple[Task, ...]:
        """The units that owe a reply; none once it fell out of the rates."""
        return tuple(t for t in self.tasks if t.is_main) if self.is_handled else ()

    @cached_property
    def joint(self) -> tuple[Task, ...]:
        return tuple(t for t in self.tasks if t.is_joint) if self.is_handled else ()

    @cached_property
    def counted(self) -> tuple[Task, ...]:
        """The assignments, returned ones too."""
        return tuple(t for t in self.tasks if t.is_counted) if self.is_handled else ()

    @cached_property
    def limit(self) -> dt.date | None:
        """The day by which the whole suggestion is to be answered; before the units are named
        that of their owners."""
        tasks = self.main or [t for t in self.tasks if t.is_owner and t.is_live]
        return max((t.limit for t in tasks), default=None) if self.is_handled else None

    @cached_property
    def is_answered(self) -> bool:
        """办复: every unit that owes a reply served it (分办: one alone is not enough)."""
        return bool(self.main) and all(t.is_answered for t in self.main)

    @cached_property
    def answered_on(self) -> dt.date | None:
        return max(t.answered_on for t in self.main) if self.is_answered else None

    @cached_property
    def is_due(self) -> bool:
        """Answered, or the limit is over. A suggestion for reference alone owes nothing."""
        if self.is_answered:
            return True
        return bool(self.limit and self.limit < self.on and not self.is_for_reference)

    @cached_property
    def is_in_time(self) -> bool:
        return self.is_answered and all(t.is_in_time for t in self.main)

    @cached_property
    def is_overdue(self) -> bool:
        return self.is_due and not self.is_answered

    @cached_property
    def days(self) -> int:
        """Calendar days from 交办 to the service of the first round's reply."""
        return (self.answered_on - self.assigned_on).days

    @cached_property
    def is_met(self) -> bool:
        """面商: the lead met one of the answering units before the reply."""
        return self.is_answered and any(t.met_by(self.answered_on) for t in self.main)

    @cached_property
    def has_three_talks(self) -> bool:
        return self.is_answered and {k.phase for t in self.main for k in t.talks} >= PHASES

    # -- What came of it ----------------------------------------------------------------------

    @cached_property
    def first_class(self) -> Klass | None:
        return worst_class(t.first_class for t in self.main) if self.is_answered else None

    @cached_property
    def current_class(self) -> Klass | None:
        return worst_class(t.current_class for t in self.main) if self.is_answered else None

    def class_on(self, day: dt.date) -> Klass | None:
        """The class at the end of a day; None unless every unit had answered."""
        found = [t.class_on(day) for t in self.main]
        return worst_class(found) if found and None not in found else None

    @cached_property
    def is_solved(self) -> bool:
        return self.current_class is not None and self.current_class.canonical == SOLVED

    @cached_property
    def is_done(self) -> bool:
        """办成: solved, adopted or partly solved."""
        return self.current_class is not None and self.current_class.canonical in DONE

    @cached_property
    def is_closed(self) -> bool:
        return self.is_handled and self.state in ("closed", "archived")

    @cached_property
    def is_closed_by_rule(self) -> bool:
        """办结 as the congress's own rules count it."""
        by = {"answered": self.is_answered, "solved": self.is_solved}
        return by.get(self.closed_means, self.is_closed)

    @cached_property
    def pledges(self) -> tuple[Pledge, ...]:
        return tuple(p for t in self.main for p in t.pledges)

    @cached_property
    def is_carried_out(self) -> bool:
        """落实: solved, or every promise kept or still on schedule."""
        if self.is_solved:
            return True
        return bool(self.pledges) and all(p.is_on_schedule(self.on) for p in self.pledges)

    # -- What the deputies said ---------------------------------------------------------------

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The judgements of the answering units that are expected; 会办 are counted apart."""
        return tuple(w for t in self.main for w in t.words if not w.is_excused)

    def value(self, round_number: int) -> str:
        """The judgement of a round: each deputy's lowest word on the answering units, then the
        congress's rule for several signers."""
        given: dict[int, str] = {}
        for word in self.words:
            if word.round == round_number and word.value:
                known = given.get(word.deputy, word.value)
                given[word.deputy] = max(known, word.value, key=ORDER.index)
        return item_value(given, self.lead.pk, self.value_rule)

    @cached_property
    def first_value(self) -> str:
        return self.value(1)

    @cached_property
    def final_value(self) -> str:
        return last_value(self.value, self.words)

    @cached_property
    def was_rehandled(self) -> bool:
        return self.is_handled and self.round > 1


def worst_class(classes: Iterable[Klass | None]) -> Klass | None:
    """The worst of the classes of several units."""
    return max((k for k in classes if k), key=lambda k: k.rank, default=None)
