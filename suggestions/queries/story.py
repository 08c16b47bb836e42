"""One suggestion with all that happened to it, for the staff's page; each part in a constant
number of queries."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from congress.models import LogEntry, Membership
from deputies.models import Deputy

from .. import access
from ..models import (
    Assignment,
    ContactConfirmation,
    Feedback,
    MergedItem,
    Promise,
    Rating,
    Reply,
    Review,
    Revision,
    RuleSet,
    Signature,
    Suggestion,
    Supervision,
)
from ..rules.differences import Part, differences, numbered
from ..rules.texts import CHECKS, GROUNDS, PRE_REVIEW, fingerprint
from .base import open_pre_review, serving
from .desk import by_due


@dataclass(frozen=True)
class Version:
    """One version of the text, and what changed in it since the one before."""

    revision: Revision
    changes: list[tuple[str, list[Part]]]  # heading, parts; [] for the first


def versions(suggestion: Suggestion) -> list[Version]:
    """All versions that were handed in, the latest first."""
    rows = list(suggestion.revisions.select_related("by").order_by("number"))
    found, before = [], None
    for row in rows:
        changes = []
        if before is not None:
            pairs = [
                ("标题", before.title, row.title),
                ("情况与问题", before.situation, row.situation),
                ("具体建议", numbered(before.requests), numbered(row.requests)),
            ]
            changes = [(words, differences(a, b)) for words, a, b in pairs if a != b]
        found.append(Version(row, changes))
        before = row
    return found[::-1]


@dataclass(frozen=True)
class Signer:
    """Who stands behind a suggestion or was asked to."""

    deputy: Deputy
    is_lead: bool
    in_office: bool
    signature: Signature | None = None
    is_current: bool = True  # the confirmation is for the text as it stands


def signers_of(suggestion: Suggestion, today: dt.date) -> list[Signer]:
    """The lead, then all who were asked, whatever they answered."""
    rows = list(suggestion.signatures.select_related("deputy").order_by("position", "pk"))
    people = [suggestion.lead] if suggestion.lead_id else []
    in_office = serving([*people, *(r.deputy for r in rows)], today)
    present = fingerprint(suggestion.title, suggestion.situation, suggestion.requests)
    found = []
    if suggestion.lead_id:
        found.append(Signer(suggestion.lead, True, suggestion.lead_id in in_office))
    found += [
        Signer(r.deputy, False, r.deputy_id in in_office, r, r.text_sha256 == present) for r in rows
    ]
    return found


@dataclass(frozen=True)
class Stage:
    """One stage of review: its name, whether it was passed, waits, or is still to come."""

    words: str
    state: str  # done, now, later
    review: Review | None = None


def stages(suggestion: Suggestion, rules: RuleSet | None) -> list[Stage]:
    """The stages of review the rules ask for, and where the present text stands in them."""
    text = suggestion.revisions.order_by("-number").first()
    rows = list(suggestion.reviews.select_related("by__unit", "revision"))
    passed = {
        r.step: r
        for r in rows
        if r.result == Review.Result.PASSED and text and r.revision_id == text.pk
    }
    waiting = open_pre_review(suggestion, rules)
    is_early = suggestion.state in access.NOT_YET_REGISTERED
    found = []
    for step in [*(rules.pre_review_steps if rules else []), "review"]:
        words = PRE_REVIEW.get(step, step)
        review = passed.get(step)
        if review:
            found.append(Stage(words, "done", review))
        elif suggestion.state == Suggestion.State.PRE_REVIEW and step == waiting:
            found.append(Stage(words, "now"))
        elif suggestion.state == Suggestion.State.REVIEW and step == "review":
            found.append(Stage(words, "now"))
        elif is_early:
            found.append(Stage(words, "later"))
    return found


@dataclass(frozen=True)
class Looked:
    """One review as it is told: where, what came of it, what was checked and what not."""

    review: Review
    where: str
    ground: str
    checked: list[str]
    unchecked: list[str]


def reviews_of(suggestion: Suggestion) -> list[Looked]:
    """All reviews, of all versions, the first in front."""
    return [
        Looked(
            r,
            PRE_REVIEW.get(r.step, "审查"),
            GROUNDS.get(r.ground, ""),
            [words for key, words in CHECKS.items() if (r.checks or {}).get(key)],
            [words for key, words in CHECKS.items() if not (r.checks or {}).get(key)],
        )
        for r in suggestion.reviews.select_related("by__unit", "revision").order_by("pk")
    ]


def merges_of(suggestion: Suggestion) -> list[MergedItem]:
    """The merges a suggestion is or was in, each with all that are in it; the latest in front."""
    return list(
        suggestion.merges.select_related("group__main", "group__by")
        .prefetch_related(
            Prefetch(
                "group__items",
                MergedItem.objects.select_related("suggestion__lead", "suggestion__delegation"),
            )
        )
        .order_by("-pk")
    )


def tasks_of(suggestion: Suggestion, member: Membership) -> list[Assignment]:
    """The units' tasks with all that hangs on them; of replies only what the member may see."""
    said = ContactConfirmation.objects.select_related("deputy", "entered_by", "compared_by", "scan")
    replies = (
        access.replies_visible_to(member)
        .select_related("result_class", "written_by", "signed_off_by", "checked_by")
        .prefetch_related("points__result_class", "promises", "services__deputy")
        .order_by("round", "version")
    )
    rows = suggestion.assignments.select_related("unit", "parent", "batch", "by").prefetch_related(
        "return_requests__proposed_unit",
        "return_requests__decided_by",
        "extension_requests__approvals__by",
        Prefetch("contacts__confirmations", said),
        "contacts__photo",
        "opinions",
        "supplements",
        "waivers__by",
        "urges__by",
        "class_changes__from_class",
        "class_changes__to_class",
        Prefetch("replies", replies, to_attr="seen_replies"),
    )
    found = list(by_due(rows))
    order = {role: n for n, role in enumerate(Assignment.Role.values)}
    return sorted(found, key=lambda t: (order[t.role], t.pk))


def replies_of(tasks: list[Assignment]) -> list[Reply]:
    """The served replies of these tasks, round by round."""
    rows = []
    for task in tasks:
        for reply in task.seen_replies:
            if reply.state == Reply.State.SERVED:
                reply.task = task
                rows.append(reply)
    return sorted(rows, key=lambda r: (r.round, r.pk))


@dataclass
class Judged:
    """What was said in one round: the dimensions asked, then a line per unit and deputy."""

    round: int
    dimensions: list[str]
    lines: list[tuple[Feedback, list[Rating | None]]] = field(default_factory=list)


def judgement_of(suggestion: Suggestion, member: Membership) -> list[Judged]:
    """All rounds, each with every deputy's word on every unit; nothing for who may not see it."""
    rows = (
        access.feedback_visible_to(member)
        .filter(suggestion=suggestion)
        .select_related("assignment", "deputy", "entered_by", "confirmed_by", "scan", "own_class")
        .prefetch_related("ratings")
        .order_by("round", "assignment", "deputy__name_key", "pk")
    )
    rounds: dict[int, list[Feedback]] = {}
    for row in rows:
        rounds.setdefault(row.round, []).append(row)
    found = []
    for number, feedbacks in rounds.items():
        names = list(suggestion.rule_set.dimensions) if suggestion.rule_set else []
        names += [r.dimension for f in feedbacks for r in f.ratings.all()]
        names = list(dict.fromkeys(names))
        judged = Judged(number, names)
        for feedback in feedbacks:
            given = {r.dimension: r for r in feedback.ratings.all()}
            judged.lines.append((feedback, [given.get(n) for n in names]))
        found.append(judged)
    return found


def supervisions_of(suggestion: Suggestion) -> QuerySet[Supervision]:
    """Supervisions with their meeting and their events."""
    return suggestion.supervisions.select_related(
        "meeting", "leader", "committee"
    ).prefetch_related("events__deputies", "events__by")


def promises_of(suggestion: Suggestion) -> list[Promise]:
    """The promises of served replies with their record."""
    return list(
        suggestion.promises.filter(reply__state=Reply.State.SERVED)
        .select_related("unit", "reply")
        .prefetch_related("events__deputy")
        .order_by("due_on", "pk")
    )


def log_of(suggestion: Suggestion, limit: int = 60) -> list[LogEntry]:
    """The latest log rows of the suggestion itself and of its tasks."""
    tasks = [str(pk) for pk in suggestion.assignments.values_list("pk", flat=True)]
    own = LogEntry.objects.filter(
        object_type="suggestions.suggestion", object_id=str(suggestion.pk)
    )
    theirs = LogEntry.objects.filter(object_type="suggestions.assignment", object_id__in=tasks)
    return list((own | theirs).order_by("-number")[:limit])
