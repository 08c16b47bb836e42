"""Lists and counts of suggestions."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from activities.queries import own_level
from congress.models import Membership, Role, Sitting, Term, Unit
from congress.queries import in_force as members_in_force
from deputies.models import Deputy, Mandate
from deputies.queries import in_office, was_in_office

from .. import access
from ..models import Assignment, Reply, Review, RuleSet, Signature, Suggestion
from ..rules import GONE, Task, needs_check

State = Suggestion.State
# Handed in and not assigned yet.
NOT_ASSIGNED = (State.PRE_REVIEW, State.REVIEW, State.REGISTERED, State.CONSULTING)


def rules_in_force(on: dt.date) -> RuleSet | None:
    """The published rule set that is in force on a day: the latest by its day, then version."""
    return published_rules().filter(in_force_from__lte=on).first()


def published_rules() -> QuerySet[RuleSet]:
    """What was published, the latest in front."""
    rows = RuleSet.objects.filter(state=RuleSet.State.PUBLISHED)
    return rows.order_by("-in_force_from", "-number", "-pk")


def in_force_among(published: Sequence[RuleSet], on: dt.date) -> RuleSet | None:
    """`rules_in_force` among `published_rules` that were read once for many days."""
    return next((r for r in published if r.in_force_from <= on), None)


def rules_of(suggestion: Suggestion) -> RuleSet | None:
    """The rules a suggestion goes by: those frozen at 交办, before that those in force on the day
    it was handed in (today while it is a draft)."""
    if suggestion.rule_set_id:
        return suggestion.rule_set
    at = suggestion.submitted_at
    return rules_in_force(timezone.localdate(at) if at else timezone.localdate())


def sitting_on(on: dt.date) -> Sitting | None:
    """The sitting that is being held on a day."""
    return Sitting.objects.filter(opens_on__lte=on, closes_on__gte=on).first()


def latest_sitting(on: dt.date) -> Sitting | None:
    """The sitting held or the last one held: what is raised between counts with its year."""
    return Sitting.objects.filter(opens_on__lte=on).order_by("-opens_on").first()


def term_on(on: dt.date) -> Term | None:
    """The term a day lies in."""
    rows = Term.objects.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return rows.order_by("-starts_on").first()


def serving(people: Iterable[Deputy], on: dt.date) -> set[int]:
    """Of these people those who were deputies of this congress that day; a seat in a higher or
    lower congress, or in a street's council, is none (代表法 art. 36)."""
    return was_in_office([d.pk for d in people], on, own_level())


def seats_elsewhere(people: Iterable[Deputy], on: dt.date) -> dict[int, str]:
    """Of these people those who that day hold a seat elsewhere alone: what they are, by id."""
    rows = in_office(on).filter(deputy__in=[d.pk for d in people]).order_by("starts_on", "pk")
    seats: dict[int, list[str]] = {}
    for deputy, level in rows.values_list("deputy_id", "level"):
        seats.setdefault(deputy, []).append(level)
    own = own_level()
    return {pk: Mandate.Level(held[0]).label for pk, held in seats.items() if own not in held}


def open_pre_review(suggestion: Suggestion, rules: RuleSet | None) -> str:
    """The step of pre-review that waits now, "" when all have passed the present text."""
    passed = set(
        Review.objects.filter(
            suggestion=suggestion,
            result=Review.Result.PASSED,
            revision__number=suggestion.revisions.count(),
        ).values_list("step", flat=True)
    )
    return waiting_step(rules, passed)


def waiting_step(rules: RuleSet | None, passed: set[str]) -> str:
    """The first step of pre-review the rules ask for that was not passed, "" when all were."""
    steps = rules.pre_review_steps if rules else []
    return next((step for step in steps if step not in passed), "")


def signers(suggestion: Suggestion) -> list[Deputy]:
    """Who stands behind a suggestion: the lead, then the confirmed co-signers in order."""
    confirmed = suggestion.signatures.filter(state=Signature.State.CONFIRMED)
    found = [suggestion.lead] if suggestion.lead_id else []
    found += [s.deputy for s in confirmed.select_related("deputy__membership")]
    return found


def speakers(suggestion: Suggestion) -> list[Deputy]:
    """Whom the units talk with and answer, and who judges them: the signers; of a delegation's
    suggestion, which has no lead, the delegation's head (none until one is named)."""
    head = suggestion.delegation_head if suggestion.delegation_head_id else None
    return signers(suggestion) or ([head] if head else [])


def is_checked_first(reply: Reply) -> bool:
    """Whether somebody outside the unit reads this reply before it goes (预审、复核)."""
    rules, chosen = reply.assignment.suggestion.rule_set, reply.result_class
    of_all = rules.reply_precheck != RuleSet.Precheck.NONE
    says_no = bool(chosen and chosen.needs_reason)
    return needs_check(of_all, rules.needs_second_check_of_no, says_no)


def speakers_of_each(suggestions: Iterable[Suggestion]) -> dict[int, list[Deputy]]:
    """`speakers` for many at once, by their ids; one query. Leads and heads come with the rows."""
    found: dict[int, list[Deputy]] = {}
    for row in suggestions:
        found[row.pk] = [row.lead] if row.lead_id else []
        if row.lead_id is None and row.delegation_head_id:
            found[row.pk] = [row.delegation_head]
    signed = Signature.objects.filter(suggestion__in=list(found), state=Signature.State.CONFIRMED)
    for row in signed.select_related("deputy__membership"):
        found[row.suggestion_id].append(row.deputy)
    return found


def points_of(reply: Reply) -> list[tuple[int, str, str]]:
    """Each numbered request with what the reply answers to it, "" where nothing."""
    answers = {p.number: p.answer for p in reply.points.all()}
    asked = enumerate(reply.assignment.suggestion.requests, 1)
    return [(n, text, answers.get(n, "")) for n, text in asked]


class Asked(NamedTuple):
    """A fixed day to answer by, and who asks for it."""

    on: dt.date | None
    by: str


def asked_day(suggestion: Suggestion, batch_due_on: dt.date | None) -> Asked:
    """The fixed day that binds: the batch's, or what the sender of a paper from above asks for."""
    if not suggestion.is_received:
        return Asked(batch_due_on, "交办批次统一")
    asked = suggestion.received.reply_by
    return Asked(min(asked, batch_due_on or asked), "来文")


def letter_names(suggestion: Suggestion) -> list[str]:
    """Whom a unit's letter addresses: a delegation by its name; nobody by name where the deputies
    asked to be hidden from units."""
    if suggestion.is_received:
        return [suggestion.received.sender]
    if suggestion.hides_name:
        return ["提出建议的"]
    if suggestion.lead_id is None:
        return [str(suggestion.delegation)]
    return [d.name for d in signers(suggestion)]


def people_of(unit: Unit) -> list[Membership]:
    """Who works for a unit today, to be told."""
    return people_of_each([unit])[unit.pk]


def people_of_each(units: Iterable[Unit]) -> dict[int, list[Membership]]:
    """The same for many units, by their ids; one query."""
    found: dict[int, list[Membership]] = {u.pk: [] for u in units}
    rows = Membership.objects.filter(unit__in=list(found), role__in=access.HANDLERS)
    for member in rows.filter(members_in_force(timezone.localdate())).select_related("user"):
        found[member.unit_id].append(member)
    return found


def keepers() -> list[Membership]:
    """代工委, to be told."""
    today = timezone.localdate()
    rows = Membership.objects.filter(role=Role.DEPUTY_AFFAIRS)
    return list(rows.filter(Q(valid_to=None) | Q(valid_to__gte=today)).select_related("user"))


def tasks(suggestion: Suggestion) -> list[Task]:
    """The units' tasks as the rules see them, owners left out."""
    rows = (
        suggestion.assignments.exclude(role=Assignment.Role.OWNER)
        .prefetch_related("waivers")
        .order_by("pk")
    )
    return [Task(a.pk, a.role, a.state, bool(a.waivers.all())) for a in rows]


def answering(suggestion: Suggestion) -> QuerySet[Assignment]:
    """The tasks whose units owe the deputies a reply."""
    owed = (Assignment.Role.SOLE, Assignment.Role.LEAD, Assignment.Role.SEPARATE)
    return suggestion.assignments.filter(role__in=owed).exclude(state__in=GONE)


def leads_beside(task: Assignment) -> list[Assignment]:
    """The other units that lead at the same level: they answer together."""
    if task.role != Assignment.Role.LEAD:
        return []
    rows = Assignment.objects.filter(
        suggestion=task.suggestion_id, parent=task.parent_id, role=Assignment.Role.LEAD
    )
    return list(rows.exclude(pk=task.pk).exclude(state__in=GONE).select_related("unit"))


def draft_to_sign(task: Assignment) -> Reply | None:
    """What another leading unit drafted and this one has yet to sign."""
    beside = leads_beside(task)
    if not beside:
        return None
    rows = Reply.objects.filter(
        assignment__in=beside, round=task.suggestion.round, state=Reply.State.DRAFT, joint_of=None
    ).exclude(joint_copies__assignment=task, joint_copies__state=Reply.State.SIGNED_OFF)
    return rows.select_related("assignment__unit", "result_class").order_by("-pk").first()
