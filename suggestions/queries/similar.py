"""What is like a suggestion: of the last years, with what became of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from congress.models import Membership

from .. import access
from ..models import PublicationDecision, Reply, Suggestion
from ..rules import GONE
from ..rules.similarity import NEAR, likeness, pairs, title_pairs

YEARS = 5
EXCERPT = 120  # characters of an answer
LOOKED_AT = 60  # candidates weighed exactly; the database orders them roughly


@dataclass(frozen=True)
class Alike:
    """A suggestion that is like another, how much (0 to 1), and who handled it."""

    suggestion: Suggestion
    likeness: float
    units: str
    is_answered: bool = False
    answer: "Answer | None" = None  # as far as the reader may read it (with_answers)


@dataclass(frozen=True)
class Answer:
    """How a suggestion was answered: the class in words, the beginning of the reply, its page."""

    result: str
    excerpt: str
    url: str


def candidates(wanted: Sequence[str], since: dt.date) -> QuerySet[Suggestion]:
    """Registered suggestions that share pairs with `wanted`, most in common first."""
    shared = RawSQL(
        "(SELECT count(*) FROM unnest(suggestions_suggestion.title_pairs) p WHERE p = ANY(%s))",
        [list(wanted)],
        output_field=IntegerField(),
    )
    return (
        Suggestion.objects.exclude(number="")
        .filter(registered_at__date__gte=since, title_pairs__overlap=list(wanted))
        .exclude(is_secret_placeholder=True)
        .annotate(shared=shared)
        .order_by("-shared", "-pk")
    )


def _since(on: dt.date | None) -> dt.date:
    today = on or timezone.localdate()
    return today.replace(year=today.year - YEARS, day=min(today.day, 28))


def similar(
    title: str,
    texts: Iterable[str] = (),
    *,
    exclude: int | None = None,
    limit: int = 5,
    least: float = NEAR,
    on: dt.date | None = None,
) -> list[Alike]:
    """The suggestions of five years most like a title (and what else is written), best first."""
    own, rest = title_pairs(title), pairs("\n".join(texts))
    if len(own) + len(rest) < 2:
        return []
    rows = candidates([*own, *rest], _since(on)).exclude(pk=exclude)
    found = [
        (likeness(own, row.title_pairs, rest), row.pk, row)
        for row in rows.select_related("category").prefetch_related("assignments")[:LOOKED_AT]
    ]
    return _alike([(score, row) for score, _, row in _nearest(found, least)[:limit]])


def _nearest(found: Iterable[tuple], least: float) -> list[tuple]:
    """Of (likeness, pk, …) those near enough, best first, the latest of equals."""
    return sorted((p for p in found if p[0] >= least), key=lambda p: (-p[0], -p[1]))


def _alike(near: Iterable[tuple[float, Suggestion]]) -> list[Alike]:
    return [
        Alike(
            row,
            score,
            "、".join(
                a.unit_name for a in row.assignments.all() if a.answers and a.state not in GONE
            ),
        )
        for score, row in near
    ]


def similar_to_each(
    suggestions: Iterable[Suggestion],
    *,
    limit: int = 5,
    least: float = NEAR,
    on: dt.date | None = None,
) -> dict[int, list[Alike]]:
    """The same for many at once, by their ids, in three queries: title and requests of each are
    weighed against the titles of five years, which are read once."""
    kept = list(
        Suggestion.objects.exclude(number="")
        .filter(registered_at__date__gte=_since(on))
        .exclude(is_secret_placeholder=True)
        .values_list("pk", "title_pairs")
    )
    holders: dict[str, list[int]] = {}
    titles = dict(kept)
    for pk, title in kept:
        for pair in set(title):
            holders.setdefault(pair, []).append(pk)
    near: dict[int, list[tuple]] = {}
    for row in suggestions:
        own, rest = title_pairs(row.title), pairs("\n".join(row.requests))
        shared: Counter[int] = Counter()
        for pair in {*own, *rest} if len(own) + len(rest) >= 2 else ():
            shared.update(pk for pk in holders.get(pair, ()) if pk != row.pk)
        looked_at = sorted(shared, key=lambda pk: (-shared[pk], -pk))[:LOOKED_AT]
        found = [(likeness(own, titles[pk], rest), pk) for pk in looked_at]
        near[row.pk] = _nearest(found, least)[:limit]
    wanted = {pk for found in near.values() for _, pk in found}
    rows = (
        Suggestion.objects.filter(pk__in=wanted)
        .select_related("category")
        .prefetch_related("assignments")
        .in_bulk()
    )
    return {
        pk: _alike([(score, rows[other]) for score, other in found]) for pk, found in near.items()
    }


def with_answers(found: Sequence[Alike], reader: Membership) -> list[Alike]:
    """The same, each with its last answer: whole where the reader may open the suggestion, of
    others what was published. Three queries, however many."""
    ids = [a.suggestion.pk for a in found]
    if not ids:
        return []
    own = set(access.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True))
    served = Reply.objects.filter(assignment__suggestion__in=ids, state=Reply.State.SERVED)
    last: dict[int, Reply] = {}
    for reply in served.select_related("result_class", "assignment").order_by("round", "-pk"):
        last[reply.assignment.suggestion_id] = reply
    texts: dict[int, str] = {}  # the address of a published suggestion
    replies: dict[int, str] = {}  # what was published of a reply
    for row in access.public().filter(suggestion__in=ids).order_by("pk"):
        if row.part == PublicationDecision.Part.TEXT:
            texts[row.suggestion_id] = reverse("public_suggestion", args=[row.public_id])
        elif row.reply_id:
            replies[row.reply_id] = row.text
    answered = []
    for alike in found:
        pk, answer = alike.suggestion.pk, None
        reply = last.get(pk)
        if reply is not None and pk in own:
            answer = Answer(str(reply.result_class), _excerpt(reply.text), f"/me/suggestions/{pk}/")
        elif reply is not None and reply.pk in replies:
            words = _excerpt(replies[reply.pk])
            answer = Answer(str(reply.result_class), words, texts.get(pk, ""))
        answered.append(replace(alike, is_answered=reply is not None, answer=answer))
    return answered


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT]}……"
