"""Who is asked for the word of pre-review, and what waits for a head or the motions group."""

from collections import Counter

from django.utils import timezone

from congress.models import Membership
from deputies.queries import in_office

from .. import access
from ..models import PreReviewer, Review, Revision, Suggestion
from .base import published_rules, waiting_step


def named_reviewers(suggestion: Suggestion, step: str) -> list[Membership]:
    """The people named for a step of pre-review of this suggestion; [] where nobody is, or only
    who raised it: 代工委 stands in then."""
    rows = access.reviewer_seats().filter(step=step)
    if step == PreReviewer.Step.DELEGATION:
        of = suggestion.delegation_id
        if suggestion.lead_id:
            seats = in_office(timezone.localdate()).filter(deputy=suggestion.lead_id)
            of = seats.exclude(delegation=None).values_list("delegation", flat=True).first()
        rows = rows.filter(delegation=of) if of else rows.none()
    own = suggestion.lead.membership_id if suggestion.lead_id else None
    return [s.member for s in rows.select_related("member__user") if s.member_id != own]


def pre_reviews_of(member: Membership) -> list[tuple[Suggestion, str]]:
    """The suggestions whose open step of pre-review is this member's, with the step, the longest
    waiting first; in a constant number of queries."""
    found: dict[int, tuple[Suggestion, set[str]]] = {}
    for step in PreReviewer.Step.values:
        for row in access.reviewable_by(member, step):
            found.setdefault(row.pk, (row, set()))[1].add(step)
    opened = _open_steps([row for row, _ in found.values()])
    rows = [(row, opened[pk]) for pk, (row, steps) in found.items() if opened[pk] in steps]
    return sorted(rows, key=lambda r: (r[0].submitted_at, r[0].pk))


def _open_steps(rows: list[Suggestion]) -> dict[int, str]:
    """The step of pre-review that waits, for many at once (`base.open_pre_review` for one)."""
    if not rows:
        return {}
    pks = [row.pk for row in rows]
    numbers = Counter(
        Revision.objects.filter(suggestion__in=pks).values_list("suggestion", flat=True)
    )
    passed: dict[int, set[str]] = {pk: set() for pk in pks}
    reviews = Review.objects.filter(suggestion__in=pks, result=Review.Result.PASSED)
    for pk, number, step in reviews.values_list("suggestion", "revision__number", "step"):
        if number == numbers[pk]:
            passed[pk].add(step)
    published = list(published_rules())
    found = {}
    for row in rows:
        on = timezone.localdate(row.submitted_at)
        rules = row.rule_set or next((r for r in published if r.in_force_from <= on), None)
        found[row.pk] = waiting_step(rules, passed[row.pk])
    return found
