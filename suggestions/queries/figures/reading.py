"""Suggestions as plain facts, in a constant number of queries, however many there are.

What is read here is judged by `rules.figures`; whatever a figure shows leads back to these rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from activities.queries import own_level
from congress.holidays import work_calendar
from deputies.models import Mandate

from ...models import (
    MergedItem,
    PublicationDecision,
    RuleSet,
    Signature,
    Study,
    Suggestion,
    Supervision,
)
from ...rules import HandlingRules, closed_session_limit
from ...rules.figures import Item, Place
from .tasks import tasks_of_items

NOWHERE = Place(None, "")
FOREVER = dt.date(2999, 12, 31)

ITEM = (
    "pk", "number", "title", "state", "raised_in", "submitted_at", "registered_at",
    "assigned_on", "round", "is_key", "is_secret_placeholder", "is_for_reference",
    "raised_before_id", "lead_id", "lead__name", "delegation_id", "delegation__name",
    "street_id", "street__short_name", "category_id", "category__name", "category__parent_id",
    "category__parent__name", "category__committee_id", "category__committee__short_name",
    "category__parent__committee_id", "category__parent__committee__short_name", "rule_set_id",
)  # fmt: skip


def facts(rows: QuerySet[Suggestion], on: dt.date) -> list[Item]:
    """Suggestions with all that hangs on them, by number. The number of queries is constant.

    Only the congress's own: what a higher congress sent here is in no figure (trap 23).
    """
    chosen = Suggestion.objects.filter(pk__in=rows.order_by().values("pk")).exclude(
        channel=Suggestion.Channel.ABOVE
    )
    raw = list(chosen.order_by("number", "pk").values(*ITEM))
    ids = [r["pk"] for r in raw]
    rule_sets = {r.pk: r for r in _rule_sets({r["rule_set_id"] for r in raw})}
    signers = _signers(ids)
    around = _Around(ids, raw)
    tasks = tasks_of_items(ids, on, raw, rule_sets, signers)
    calendar = work_calendar()
    found = []
    for r in raw:
        rules = rule_sets.get(r["rule_set_id"])
        lead = Place(r["lead_id"], r["lead__name"] or "")
        signed = ((lead,) if lead.pk else ()) + tuple(signers.get(r["pk"], ()))
        due = None
        if rules and r["raised_in"] == "between" and r["submitted_at"]:
            due = closed_session_limit(
                timezone.localdate(r["submitted_at"]), HandlingRules.of(rules), calendar
            )
        category, subcategory, committee = _places(r)
        found.append(
            Item(
                pk=r["pk"],
                number=r["number"],
                title=r["title"],
                state=r["state"],
                raised_in=r["raised_in"],
                on=on,
                category=category,
                subcategory=subcategory,
                committee=committee,
                delegation=around.delegation(r),
                street=Place(r["street_id"], r["street__short_name"] or ""),
                lead=lead,
                signers=signed,
                is_delegations=bool(r["delegation_id"]) and not r["lead_id"],
                is_submitted=True,
                is_registered=bool(r["number"]),
                assigned_on=r["assigned_on"],
                assign_due_on=due,
                closed_means=rules.closed_means if rules else "closed",
                value_rule=rules.item_value if rules else "worst",
                round=r["round"],
                is_key=r["is_key"],
                key_leader=around.leaders.get(r["pk"], NOWHERE),
                key_committee=around.committees.get(r["pk"], NOWHERE),
                is_merged=r["pk"] in around.merged,
                is_repeated=bool(r["raised_before_id"]),
                is_secret=r["is_secret_placeholder"],
                is_for_reference=r["is_for_reference"],
                is_explained=r["pk"] in around.explained,
                is_published=r["pk"] in around.published,
                is_lawfully_closed=r["pk"] in around.held_back,
                tasks=tuple(tasks.get(r["pk"], ())),
            )  # fmt: skip
        )
    return found


def _rule_sets(ids: Iterable[int | None]):
    return RuleSet.objects.filter(pk__in=[pk for pk in ids if pk])


def _places(r: dict) -> tuple[Place, Place, Place]:
    """The first level of the category, the second, and the committee that supervises it."""
    own = Place(r["category_id"], r["category__name"] or "")
    top = own
    if r["category__parent_id"]:
        top = Place(r["category__parent_id"], r["category__parent__name"])
    committee = Place(r["category__committee_id"], r["category__committee__short_name"] or "")
    if committee.pk is None:
        committee = Place(
            r["category__parent__committee_id"],
            r["category__parent__committee__short_name"] or "",
        )
    return top, own, committee


def _signers(ids: list[int]) -> dict[int, list[Place]]:
    rows = Signature.objects.filter(suggestion__in=ids, state=Signature.State.CONFIRMED)
    found = defaultdict(list)
    for item, pk, name in rows.order_by("position", "pk").values_list(
        "suggestion_id", "deputy_id", "deputy__name"
    ):
        found[item].append(Place(pk, name))
    return found


class _Around:
    """What stands beside suggestions: delegations of their leads, merges, key supervision,
    explanations, publication."""

    def __init__(self, ids: list[int], raw: list[dict]):
        merged = MergedItem.objects.filter(suggestion__in=ids, left_at=None)
        self.merged = set(merged.values_list("suggestion_id", flat=True))
        studies = Study.objects.filter(suggestion__in=ids, result=Study.Result.EXPLAIN)
        self.explained = set(studies.values_list("suggestion_id", flat=True))
        self.published: set[int] = set()
        self.held_back: set[int] = set()
        decisions = PublicationDecision.objects.filter(suggestion__in=ids, part="reply")
        for item, mode, out, down in decisions.order_by("pk").values_list(
            "suggestion_id", "mode", "published_at", "taken_down_at"
        ):
            (self.published.add if out and not down else self.published.discard)(item)
            (self.held_back.add if mode == "not" else self.held_back.discard)(item)
        self.leaders: dict[int, Place] = {}
        self.committees: dict[int, Place] = {}
        key = Supervision.objects.filter(
            suggestion__in=ids, kind=Supervision.Kind.KEY, state__in=["running", "done"]
        )
        for item, leader, name, unit, words in key.order_by("pk").values_list(
            "suggestion_id", "leader_id", "leader__name", "committee_id", "committee__short_name"
        ):
            self.leaders[item] = Place(leader, name or "")
            self.committees[item] = Place(unit, words or "")
        leads = {r["lead_id"] for r in raw if r["lead_id"]}
        self.seats = defaultdict(list)
        seats = Mandate.objects.filter(
            deputy__in=leads, level=own_level(), delegation__isnull=False
        )
        for deputy, start, end, pk, name in seats.order_by("starts_on", "pk").values_list(
            "deputy_id", "starts_on", "ends_on", "delegation_id", "delegation__name"
        ):
            self.seats[deputy].append((start, end or FOREVER, Place(pk, name)))

    def delegation(self, r: dict) -> Place:
        """The delegation that raised it, else that of the lead's seat on the day it came in."""
        if r["delegation_id"]:
            return Place(r["delegation_id"], r["delegation__name"])
        moment = r["submitted_at"] or r["registered_at"]
        day = timezone.localdate(moment)
        seats = self.seats.get(r["lead_id"], [])
        return next((p for start, end, p in seats if start <= day <= end), NOWHERE)
