"""What waits for a deputy: to be signed, confirmed, judged, agreed to, written again."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from congress.holidays import work_calendar
from congress.rules import WorkCalendar
from deputies.models import Deputy

from .. import access
from ..models import (
    ClassChange,
    ContactConfirmation,
    Feedback,
    LookBack,
    LookBackItem,
    Promise,
    PromiseEvent,
    Signature,
    Suggestion,
)
from ..rules import HandlingRules, promise_word_limit
from .reviewing import pre_reviews_of

State = Suggestion.State


@dataclass
class Waiting:
    """The matters that wait for one deputy, kind by kind."""

    to_review: list[tuple[Suggestion, str]] = field(default_factory=list)
    to_sign: list[Signature] = field(default_factory=list)
    contacts: list[ContactConfirmation] = field(default_factory=list)
    to_judge: list[Suggestion] = field(default_factory=list)
    sent_back: list[Suggestion] = field(default_factory=list)
    classes: list[ClassChange] = field(default_factory=list)
    to_publish: list[Suggestion] = field(default_factory=list)
    lookbacks: list[LookBackItem] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(getattr(self, name)) for name in self.__dataclass_fields__)


def waiting_for(deputy: Deputy | None) -> Waiting:
    """All that waits for a deputy, in a constant number of queries."""
    if deputy is None:
        return Waiting()
    to_sign = Signature.objects.filter(
        deputy=deputy,
        state__in=[Signature.State.INVITED, Signature.State.VOIDED],
        suggestion__state__in=access.SIGNABLE,
    ).select_related("suggestion__lead")
    judged = Feedback.objects.filter(
        deputy=deputy, suggestion=OuterRef("pk"), state=Feedback.State.EXPECTED, superseded_at=None
    )
    first = judged.order_by().values("suggestion").annotate(day=Min("due_on")).values("day")
    to_judge = Suggestion.objects.filter(Exists(judged), state=State.ANSWERED).annotate(
        word_due_on=Subquery(first)
    )
    own = Suggestion.objects.filter(lead=deputy)
    lookbacks = (
        LookBackItem.objects.filter(
            assignment__suggestion__lead=deputy, word="", campaign__state=LookBack.State.RUNNING
        )
        .exclude(finding="")
        .select_related("assignment__suggestion")
    )
    asked_and_open = Q(consent_asked_at__isnull=False) & (
        Q(may_publish_text=None) | Q(may_publish_reply=None)
    )
    classes = ClassChange.objects.filter(
        assignment__suggestion__lead=deputy, deputy_agreed_at=None, refused_at=None
    ).select_related("assignment__suggestion", "from_class", "to_class")
    return Waiting(
        pre_reviews_of(deputy.membership) if deputy.membership_id else [],
        list(to_sign),
        list(contacts_to_confirm(deputy)),
        list(to_judge),
        list(own.filter(state=State.SENT_BACK)),
        list(classes),
        list(own.filter(asked_and_open)),
        list(lookbacks),
        _with_days(promises_to_judge(deputy)),
    )


def _with_days(rows: QuerySet[Promise]) -> list[Promise]:
    calendar, found = work_calendar(), list(rows)
    for row in found:
        row.word_due_on = word_due_on(row, calendar)
    return found


def contacts_to_confirm(deputy: Deputy) -> QuerySet[ContactConfirmation]:
    """Talks a unit recorded on which the deputy has not yet said a word."""
    rows = ContactConfirmation.objects.filter(deputy=deputy, confirmed=None)
    return rows.select_related("contact__assignment__suggestion")


def promises_to_judge(deputy: Deputy) -> QuerySet[Promise]:
    """Promises reported done on which the deputy has not yet said a word since the last report
    (of the day in `reported_on`)."""
    events = PromiseEvent.objects.filter(promise=OuterRef("pk"))
    reports = events.filter(kind=PromiseEvent.Kind.REPORT).order_by("-pk")
    said = PromiseEvent.objects.filter(
        promise=OuterRef("pk"),
        kind=PromiseEvent.Kind.RECEIPT,
        deputy=deputy,
        pk__gt=Coalesce(OuterRef("report"), 0),
    )
    signed = Signature.objects.filter(
        suggestion=OuterRef("suggestion"), deputy=deputy, state=Signature.State.CONFIRMED
    )
    return (
        Promise.objects.filter(state__in=[Promise.State.REPORTED, Promise.State.KEPT])
        .annotate(
            report=Subquery(reports.values("pk")[:1]),
            reported_on=Subquery(reports.values("on")[:1]),
        )
        .filter(
            Q(suggestion__lead=deputy) | Q(suggestion__delegation_head=deputy) | Q(Exists(signed))
        )
        .exclude(Exists(said))
        .select_related("suggestion__rule_set", "unit")
    )


def word_due_on(promise: Promise, calendar: WorkCalendar) -> dt.date | None:
    """Until when the word on a promise of `promises_to_judge` is asked for."""
    if promise.reported_on is None:
        return None
    rules = HandlingRules.of(promise.suggestion.rule_set)
    return promise_word_limit(promise.reported_on, rules, calendar)


def expected_of(suggestion: Suggestion, deputy: Deputy) -> list[Feedback]:
    """The judgements of the present round this deputy still owes, unit by unit."""
    return list(
        Feedback.objects.filter(
            suggestion=suggestion,
            deputy=deputy,
            round=suggestion.round,
            state__in=[Feedback.State.EXPECTED, Feedback.State.MISSED],
            superseded_at=None,
        ).select_related("assignment__unit", "reply__result_class", "suggestion__rule_set")
    )
