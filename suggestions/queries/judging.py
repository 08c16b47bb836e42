"""评价与重办: what is waited for, what was said in each round, which way it goes on."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from congress.models import Membership

from ..models import Feedback, FeedbackCorrection, Rating, Study, Suggestion
from ..rules import feedback_value, item_value

State = Suggestion.State
PLACES = {
    "open": "待反馈",
    "paper": "待核对",
    "study": "待研判",
    "rehandling": "重办中",
    "escalated": "提级协调",
    "closed": "已办结",
}
WORDS = dict(Rating.Value.choices)


def answered(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Of these suggestions those whose deputies were asked for their word."""
    return rows.filter(Exists(Feedback.objects.filter(suggestion=OuterRef("pk"))))


def awaited(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """The same, each with `due_on`, the first day of the words still awaited in this round."""
    waiting = _present().filter(state=Feedback.State.EXPECTED).values("suggestion")
    return answered(rows).annotate(
        due_on=Subquery(waiting.annotate(day=Min("due_on")).values("day"))
    )


def _present() -> QuerySet[Feedback]:
    """The standing words of the present round of an outer suggestion."""
    rows = Feedback.objects.filter(suggestion=OuterRef("pk"), round=OuterRef("round"))
    return rows.filter(superseded_at=None).order_by()


def desk(rows: QuerySet[Suggestion], on: dt.date) -> QuerySet[Suggestion]:
    """Answered suggestions, each with what the present round has: `expected`, `given`, `missing`
    (still awaited), `due_on` (of those awaited), `reminders` (the fewest), `has_paper` (a form
    that waits for its second person), `redo_on` (until when the second round is due)."""
    present = _present()
    waiting = present.filter(state=Feedback.State.EXPECTED).values("suggestion")
    given = present.filter(state=Feedback.State.GIVEN).values("suggestion")
    paper = present.filter(on_behalf=True, confirmed_by=None)
    corrected = FeedbackCorrection.objects.filter(feedback__suggestion=OuterRef("pk"), agrees=None)
    ordered = Study.objects.filter(
        suggestion=OuterRef("pk"), result=Study.Result.REHANDLE
    ).order_by("-pk")
    return awaited(rows).annotate(
        expected=Subquery(present.values("suggestion").annotate(n=Count("pk")).values("n")),
        given=Subquery(given.annotate(n=Count("pk")).values("n")),
        missing=Subquery(waiting.annotate(n=Count("pk")).values("n")),
        reminders=Subquery(waiting.annotate(n=Min("reminders")).values("n")),
        has_paper=Q(Exists(paper)) | Q(Exists(corrected)),
        redo_on=Subquery(ordered.values("due_on")[:1]),
    )


IN = {
    "open": Q(state=State.ANSWERED),
    "paper": Q(has_paper=True),
    "study": Q(state=State.DISSATISFIED),
    "rehandling": Q(state=State.REHANDLING),
    "escalated": Q(state=State.ESCALATED),
    "closed": Q(state__in=[State.CLOSED, State.ARCHIVED]),
}


def to_compare(rows: QuerySet[Suggestion], member: Membership) -> QuerySet[Suggestion]:
    """Of these answered suggestions, those with a paper form somebody else entered; since when in
    `paper_since`."""
    paper = _present().filter(on_behalf=True, confirmed_by=None)
    paper = paper.exclude(entered_by__user=member.user_id)
    corrected = FeedbackCorrection.objects.filter(
        feedback__suggestion=OuterRef("pk"), agrees=None
    ).exclude(entered_by__user=member.user_id)
    first = paper.order_by("given_at").values("given_at")[:1]
    since = Coalesce(Subquery(first), Subquery(corrected.order_by("pk").values("entered_at")[:1]))
    return rows.annotate(paper_since=since).exclude(paper_since=None)


def place_counts(rows: QuerySet[Suggestion]) -> dict[str, int]:
    """How many lie in each place."""
    return rows.order_by().aggregate(**{k: Count("pk", filter=q) for k, q in IN.items()})


def with_judgements(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """The same rows with their standing judgements at hand (`judgements`)."""
    standing = Feedback.objects.filter(superseded_at=None).select_related(
        "deputy", "assignment", "entered_by", "confirmed_by", "own_class"
    )
    return rows.select_related("rule_set").prefetch_related(
        Prefetch("feedbacks", standing.prefetch_related("ratings"), to_attr="judgements")
    )


def value_of(suggestion: Suggestion, round_number: int) -> str:
    """The judgement of a round in words, by the rule for joint suggestions; "" while nobody spoke.
    Who did not answer is never counted."""
    values: dict[int, str] = {}
    for f in suggestion.judgements:
        if f.round != round_number or f.state != Feedback.State.GIVEN:
            continue
        if f.on_behalf and f.confirmed_by_id is None:
            continue
        own = feedback_value({r.dimension: r.value for r in f.ratings.all()}, "总体")
        values[f.deputy_id] = max(own, values.get(f.deputy_id, own), key=list(WORDS).index)
    found = item_value(values, suggestion.lead_id, suggestion.rule_set.item_value)
    return WORDS.get(found, "")


@dataclass
class Round:
    """One round: each judgement with its words, and what the committee found."""

    number: int
    value: str
    judgements: list[tuple[Feedback, str]]
    studies: list[Study]
    corrected: list[tuple[Feedback, str]]  # what was said before it was corrected


def rounds(suggestion: Suggestion) -> list[Round]:
    """The rounds of a row of `with_judgements`, the latest in front."""
    studies = list(suggestion.studies.select_related("by", "meeting"))
    before = list(
        suggestion.feedbacks.exclude(superseded_at=None)
        .select_related("deputy", "assignment")
        .prefetch_related("ratings")
    )
    numbers = sorted({f.round for f in suggestion.judgements}, reverse=True)
    return [
        Round(
            n,
            value_of(suggestion, n),
            [(f, said(f)) for f in suggestion.judgements if f.round == n],
            [s for s in studies if s.round == n],
            [(f, said(f)) for f in before if f.round == n],
        )
        for n in numbers
    ]


def corrections_of(suggestion: Suggestion) -> list[FeedbackCorrection]:
    """Corrections on paper that wait for their second person."""
    rows = FeedbackCorrection.objects.filter(feedback__suggestion=suggestion, agrees=None)
    return list(rows.select_related("feedback__deputy", "feedback__assignment", "entered_by"))


def said(feedback: Feedback) -> str:
    """A judgement in words, dimension by dimension."""
    return "，".join(f"{r.dimension}{r.word}" for r in feedback.ratings.all())


def unsatisfied_in(suggestion: Suggestion) -> list[str]:
    """The dimensions somebody was unsatisfied with in the present round."""
    rows = Rating.objects.filter(
        feedback__suggestion=suggestion,
        feedback__round=suggestion.round,
        feedback__superseded_at=None,
        value=Rating.Value.UNSATISFIED,
    )
    found = set(rows.values_list("dimension", flat=True))
    return [d for d in suggestion.rule_set.dimensions if d in found]


def judgement_rows(rows: Iterable[Suggestion]) -> Iterable[tuple[Suggestion, Feedback, str]]:
    """Every standing judgement of these rows with its words, for the sheet."""
    for suggestion in rows:
        for feedback in suggestion.judgements:
            yield suggestion, feedback, said(feedback)
