"""Chinese full text inside PostgreSQL: titles, texts and replies, words of two characters too.

Each word is looked for as it stands (LIKE), in the columns of one congress. Dictionaries would cut
words wrongly and none is to be had offline; and behind row-level security PostgreSQL uses no index
of pairs, for its operators are not leakproof. A congress has some thousands of suggestions, which
are read in milliseconds (tests/bench). What is found in the title comes first; where nothing holds
all the words, the titles that share most pairs of characters with them are given.
"""

import math
import re
import unicodedata
from collections.abc import Callable

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from ..models import PublicationDecision, Reply, Signature, Suggestion
from ..rules.similarity import pairs

MOST_WORDS, LONGEST, MOST_PAIRS = 6, 40, 12
ENOUGH = 0.6  # of the pairs of what was typed
_BETWEEN = re.compile(r"[\s,，、;；。|/]+")
# A number as people say and write it: 第5-001号, 5—闭7.
_NUMBER = re.compile(r"第?(\d+)(?:[-‐‑‒–—―−](\D{0,2})(\d+))?号?")


def words_of(text: str) -> list[str]:
    """The words somebody typed, full-width signs as plain ones, numbers without 第 and 号; at most
    MOST_WORDS."""
    plain = unicodedata.normalize("NFKC", text or "").replace("\x00", "")
    found = [_plain(w)[:LONGEST] for w in _BETWEEN.split(plain) if w]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _plain(word: str) -> str:
    found = _NUMBER.fullmatch(word)
    if found is None:
        return word
    return f"{found[1]}-{found[2]}{found[3]}" if found[3] else found[1]


def numbered(column: str, word: str) -> Q:
    """What it means that a number holds a word: as it stands, or its parts without the zeros that
    fill it up (5-1 finds 5-001)."""
    asked = Q(**{f"{column}__icontains": word})
    if (found := _NUMBER.fullmatch(word)) and found[3]:
        parts = rf"(^|\D){found[1]}\D*{re.escape(found[2])}0*{found[3].lstrip('0')}(\D|$)"
        asked |= Q(**{f"{column}__regex": parts})
    return asked


def by_words(rows: QuerySet, text: str, *columns: str, number: str) -> QuerySet:
    """The rows that hold every word of a text in one of the columns or in the number's."""
    for word in words_of(text):
        asked = numbered(number, word)
        for column in columns:
            asked |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(asked)
    return rows


def search(
    rows: QuerySet, text: str, *, title: str, hit: Callable[[str], Q]
) -> tuple[QuerySet, bool]:
    """The rows that hold every word, those with all in the title first; where there are none, the
    titles most like it, and True.

    `title` names the column of the title, `hit` gives what holding one word means. Without words
    the rows come back as they are.
    """
    words = words_of(text)
    if not words:
        return rows, False
    order = rows.query.order_by or ("-pk",)
    every, in_title = Q(), Q()
    for word in words:
        every &= hit(word)
        in_title &= Q(**{f"{title}__icontains": word})
    found = rows.filter(every).annotate(
        rank=Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    )
    if found.exists():
        return found.order_by("rank", *order), False
    return _near(rows, "".join(words), title, order), True


def _near(rows: QuerySet, text: str, title: str, order) -> QuerySet:
    """The rows whose titles share most of the text's pairs of characters."""
    wanted = pairs(text)[:MOST_PAIRS]
    if len(wanted) < 2:
        return rows.none()
    shared = sum(
        Case(
            When(**{f"{title}__icontains": pair}, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        )
        for pair in wanted
    )
    least = max(2, math.ceil(len(wanted) * ENOUGH))
    return rows.annotate(shared=shared).filter(shared__gte=least).order_by("-shared", *order)


def search_suggestions(rows: QuerySet[Suggestion], text: str) -> tuple[QuerySet[Suggestion], bool]:
    """For those who may open the suggestions whole: number, title, text, signers, replies."""
    return search(with_requests(rows), text, title="title", hit=holds)


def holding(rows: QuerySet[Suggestion], text: str) -> QuerySet[Suggestion]:
    """The suggestions that hold every word of a text, in the order they have."""
    rows = with_requests(rows)
    for word in words_of(text):
        rows = rows.filter(holds(word))
    return rows


def with_requests(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """With the numbered requests as one text, which `holds` looks through."""
    return rows.alias(requests_text=Cast("requests", TextField()))


def holds(word: str) -> Q:
    """What it means that a suggestion holds a word; over rows of `with_requests`."""
    served = Reply.objects.filter(assignment__suggestion=OuterRef("pk"), state=Reply.State.SERVED)
    said = served.filter(Q(text__icontains=word) | Q(points__answer__icontains=word))
    signed = Signature.objects.filter(
        suggestion=OuterRef("pk"), state=Signature.State.CONFIRMED, deputy__name__icontains=word
    )
    return (
        numbered("number", word)
        | Q(bill_number__icontains=word)
        | Q(title__icontains=word)
        | Q(situation__icontains=word)
        | Q(requests_text__icontains=word)
        | Q(lead__name__icontains=word)
        | Q(received__number__icontains=word)
        | Q(received__proposer__icontains=word)
        | Exists(signed)
        | Exists(said)
    )


def search_published(
    rows: QuerySet[PublicationDecision], published: QuerySet[PublicationDecision], text: str
) -> tuple[QuerySet[PublicationDecision], bool]:
    """For everybody: only what stands in the published texts and replies is looked through.

    `rows` are published texts, `published` all that is public (access.public).
    """

    def hit(word: str) -> Q:
        replied = published.filter(
            suggestion=OuterRef("suggestion"),
            part=PublicationDecision.Part.REPLY,
            text__icontains=word,
        )
        return (
            Q(title__icontains=word)
            | Q(text__icontains=word)
            | numbered("suggestion__number", word)
            | Exists(replied)
        )

    return search(rows, text, title="title", hit=hit)
