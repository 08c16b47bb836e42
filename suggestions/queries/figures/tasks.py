"""The units' tasks of many suggestions with replies, talks, judgements and promises."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from ...models import (
    Assignment,
    ClassChange,
    Contact,
    ContactConfirmation,
    ExtensionRequest,
    Feedback,
    JointOpinion,
    Promise,
    PromiseEvent,
    Rating,
    Reply,
    ReturnRequest,
    Service,
)
from ...rules.figures import Answer, Klass, Pledge, Return, Talk, Task, Word


def _klass(row: dict, name: str) -> Klass:
    return Klass(row[f"{name}__mark"], row[f"{name}__label"], row[f"{name}__canonical"])


def _klass_fields(name: str) -> list[str]:
    return [f"{name}__mark", f"{name}__label", f"{name}__canonical"]


def _grouped(rows: Iterable[tuple]) -> dict[int, list]:
    """(key, value) pairs as lists by key."""
    found = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def tasks_of_items(ids, on, raw, rule_sets, signers) -> dict[int, list[Task]]:
    """The tasks of all these suggestions, each with what happened on it."""
    of_item = {r["pk"]: r for r in raw}
    rows = list(
        Assignment.objects.filter(suggestion__in=ids).order_by("pk").values(
            "pk", "suggestion_id", "unit_id", "unit_name", "role", "state", "assigned_on",
            "legal_due_on", "batch_due_on", "internal_due_on", "signed_at",
        )
    )  # fmt: skip
    here = Q(assignment__suggestion__in=ids)
    answers = _answers(here, of_item, rule_sets, signers)
    talks = _talks(here)
    words = _words(ids)
    pledges = _pledges(ids)
    extensions = _grouped(
        (task, (timezone.localdate(at), to))
        for task, at, to in ExtensionRequest.objects.filter(
            here, granted=True, decided_at__isnull=False
        ).values_list("assignment_id", "decided_at", "to_on")
    )
    returns = _grouped(
        (task, Return(pk, accepted))
        for task, pk, accepted in ReturnRequest.objects.filter(here)
        .order_by("pk")
        .values_list("assignment_id", "pk", "accepted")
    )
    opinions, sent_back = {}, defaultdict(int)
    for task, at, accepted in (
        JointOpinion.objects.filter(here)
        .order_by("version")
        .values_list("assignment_id", "given_at", "accepted")
    ):
        opinions.setdefault(task, timezone.localdate(at))
        sent_back[task] += accepted is False
    changes = _grouped(
        (c["assignment_id"], (timezone.localdate(
            max(c["deputy_agreed_at"], c["committee_agreed_at"])), _klass(c, "to_class")))
        for c in ClassChange.objects.filter(
            here, refused_at=None, deputy_agreed_at__isnull=False,
            committee_agreed_at__isnull=False,
        ).order_by("pk").values("assignment_id", "deputy_agreed_at", "committee_agreed_at",
                 *_klass_fields("to_class"))
    )  # fmt: skip
    found = defaultdict(list)
    for t in rows:
        pk, item = t["pk"], of_item[t["suggestion_id"]]
        rules = rule_sets.get(item["rule_set_id"])
        found[t["suggestion_id"]].append(
            Task(
                pk=pk,
                item=t["suggestion_id"],
                unit=t["unit_id"],
                unit_name=t["unit_name"],
                role=t["role"],
                state=t["state"],
                assigned_on=t["assigned_on"],
                legal_due_on=t["legal_due_on"],
                on=on,
                lead=item["lead_id"],
                value_rule=rules.item_value if rules else "worst",
                signed_on=timezone.localdate(t["signed_at"]) if t["signed_at"] else None,
                batch_due_on=t["batch_due_on"],
                internal_due_on=t["internal_due_on"],
                extensions=tuple(extensions.get(pk, ())),
                returns=tuple(returns.get(pk, ())),
                answers=tuple(answers.get(pk, ())),
                talks=tuple(talks.get(pk, ())),
                opinion_on=opinions.get(pk),
                opinions_sent_back=sent_back.get(pk, 0),
                class_changes=tuple(changes.get(pk, ())),
                words=tuple(words.get(pk, ())),
                pledges=tuple(pledges.get(pk, ())),
                is_for_reference=item["is_for_reference"],
            )  # fmt: skip
        )
    return found


def _answers(here: Q, of_item: dict, rule_sets: dict, signers: dict) -> dict[int, list[Answer]]:
    """The served replies with a day for each deputy who is to be answered."""
    services = defaultdict(dict)
    of_replies = Service.objects.filter(reply__assignment__suggestion__in=list(of_item))
    for reply, deputy, day in of_replies.values_list("reply_id", "deputy_id", "served_on"):
        services[reply][deputy] = day
    rows = Reply.objects.filter(here, state=Reply.State.SERVED, result_class__isnull=False)
    found = defaultdict(list)
    for r in rows.order_by("round", "version").values(
        "pk", "assignment_id", "assignment__suggestion_id", "round",
        *_klass_fields("result_class"),
    ):  # fmt: skip
        item = of_item[r["assignment__suggestion_id"]]
        rules = rule_sets.get(item["rule_set_id"])
        to = [item["lead_id"]] if item["lead_id"] else []
        if rules is None or rules.answers_to == "each":
            to += [p.pk for p in signers.get(item["pk"], ())]
        reached = services.get(r["pk"], {})
        days = tuple(reached.get(pk) for pk in to if pk)
        # A delegation's suggestion is answered to the delegation; a lead who came later was
        # answered as the signer he was.
        served = days or tuple(reached.values())
        found[r["assignment_id"]].append(Answer(r["round"], _klass(r, "result_class"), served))
    return found


def _talks(here: Q) -> dict[int, list[Talk]]:
    contacts = list(
        Contact.objects.filter(here).order_by("on", "pk").values_list(
            "pk", "assignment_id", "phase", "mode", "on"
        )
    )  # fmt: skip
    said = ContactConfirmation.objects.filter(
        confirmed=True, **{f"contact__{name}": value for name, value in here.children}
    )
    confirmed = _grouped(said.values_list("contact_id", "deputy_id"))
    return _grouped(
        (task, Talk(phase, mode, on, frozenset(confirmed.get(pk, ()))))
        for pk, task, phase, mode, on in contacts
    )


def _words(ids: list[int]) -> dict[int, list[Word]]:
    ratings = defaultdict(dict)
    rated = Rating.objects.filter(feedback__suggestion__in=ids, feedback__superseded_at=None)
    for pk, dimension, value in rated.values_list("feedback_id", "dimension", "value"):
        ratings[pk][dimension] = value
    rows = Feedback.objects.filter(suggestion__in=ids, superseded_at=None).order_by("round", "pk")
    return _grouped(
        (
            task,
            Word(
                pk=pk, task=task, deputy=deputy, round=round_number,
                is_given=state == Feedback.State.GIVEN,
                is_excused=state == Feedback.State.EXCUSED,
                is_unchecked=on_behalf and checked is None and state == Feedback.State.GIVEN,
                ratings=ratings.get(pk, {}), contests_class=agrees is False,
                has_conflict=conflict,
            ),
        )
        for pk, task, deputy, round_number, state, on_behalf, checked, agrees, conflict
        in rows.values_list("pk", "assignment_id", "deputy_id", "round", "state", "on_behalf",
                            "confirmed_by_id", "agrees_with_class", "has_conflict")
    )  # fmt: skip


def _pledges(ids: list[int]) -> dict[int, list[Pledge]]:
    first: dict[int, dt.date] = {}
    changes = PromiseEvent.objects.filter(
        promise__suggestion__in=ids, kind=PromiseEvent.Kind.CHANGE, old_due_on__isnull=False
    )
    for promise, old in changes.order_by("pk").values_list("promise_id", "old_due_on"):
        first.setdefault(promise, old)
    rows = Promise.objects.filter(suggestion__in=ids, reply__state=Reply.State.SERVED)
    return _grouped(
        (task, Pledge(pk, task, due, first.get(pk, due), state, kept))
        for pk, task, due, state, kept in rows.order_by("due_on", "pk").values_list(
            "pk", "reply__assignment_id", "due_on", "state", "kept_on"
        )
    )
