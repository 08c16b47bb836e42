"""What is counted, as plain values: replies, talks, judgements, returns, promises, places.

Nothing here asks a database or a clock; `on` is the day the figures are of.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..progress import feedback_value

SIGN_WITHIN = 7  # calendar days from 交办 to 签收
GOOD = ("satisfied", "basically")
FACE = ("face", "site")  # a telephone call is no meeting
PHASES = frozenset({"before", "during", "after"})
# From the best to the worst: a suggestion with several answering units has the worst class.
CLASS_ORDER = ("solved", "partly", "planned", "not_now", "explained", "not_adopted", "higher")
SOLVED, DONE, PLANNED = "solved", ("solved", "partly"), "planned"


def reply_limit(legal_on: dt.date, extensions: Iterable[tuple[dt.date, dt.date]]) -> dt.date:
    """The day a reply must keep. `extensions`: (granted on, to) pairs; one that was granted when
    the limit was over moves nothing."""
    limit = legal_on
    for granted_on, to_on in sorted(extensions):
        if granted_on <= limit:
            limit = max(limit, to_on)
    return limit


@dataclass(frozen=True)
class Klass:
    """A result class with its canonical meaning: marks mean different things in different
    places, so only meanings are added up."""

    mark: str
    label: str
    canonical: str

    @property
    def words(self) -> str:
        return f"{self.mark}（{self.label}）"

    @property
    def key(self) -> str:
        return f"{self.canonical}:{self.mark}:{self.label}"

    @property
    def rank(self) -> int:
        return CLASS_ORDER.index(self.canonical)


@dataclass(frozen=True)
class Answer:
    """The reply of one round. `served` has a day, or None, for each deputy to be answered."""

    round: int
    klass: Klass
    served: tuple[dt.date | None, ...]

    @cached_property
    def served_on(self) -> dt.date | None:
        """The last required service; None while one is missing (3 of 7 served is not served)."""
        if not self.served or None in self.served:
            return None
        return max(self.served)


@dataclass(frozen=True)
class Talk:
    """A recorded talk; `confirmed` are the deputies who said it took place."""

    phase: str
    mode: str
    on: dt.date
    confirmed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Word:
    """What one deputy said of one unit in one round. Not given, or on paper and not yet compared
    by a second person, it has no value: silence is never taken for satisfaction."""

    pk: int
    task: int
    deputy: int
    round: int
    is_given: bool
    is_excused: bool = False
    is_unchecked: bool = False
    ratings: Mapping[str, str] = field(default_factory=dict)
    contests_class: bool = False
    has_conflict: bool = False

    @property
    def is_counted(self) -> bool:
        return self.is_given and not self.is_unchecked

    @cached_property
    def value(self) -> str:
        return feedback_value(self.ratings, "总体") if self.is_counted else ""


@dataclass(frozen=True)
class Return:
    """A request to return a task; `accepted` is None while undecided."""

    pk: int
    accepted: bool | None


@dataclass(frozen=True)
class Pledge:
    """A promise; `first_due_on` is the day first given, whatever was changed later."""

    pk: int
    task: int
    due_on: dt.date
    first_due_on: dt.date
    state: str
    kept_on: dt.date | None = None

    def is_on_schedule(self, on: dt.date) -> bool:
        return self.state == "kept" or (self.state != "broken" and self.due_on >= on)


@dataclass(frozen=True)
class Place:
    """What a row is counted under: a category, a delegation, a committee, a street, a deputy."""

    pk: int | None
    name: str
