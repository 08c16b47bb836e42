"""上级转来: what a higher congress sends here to be handled. It was accepted there; here it gets a
number of its own series, goes to units as any other, and is answered to the sender."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from congress import audit
from congress.flow import NotAllowed
from congress.models import Membership, StoredFile

from ..models import Attachment, Category, Received, Suggestion
from ..rules.similarity import title_pairs
from .entering import dated_row
from .limits import keep_limits
from .numbers import issue_number
from .texts import keep_text, need_whole, refuse_secret, rules_on


@transaction.atomic
def receive(
    *,
    by: Membership,
    received_on: dt.date,
    letter: StoredFile,
    sender: str,
    number: str,
    sent_on: dt.date,
    proposer: str,
    reply_by: dt.date,
    title: str,
    situation: str,
    requests: list[str],
    category: Category | None = None,
    kind: str = Suggestion.Kind.SUGGESTION,
) -> Suggestion:
    """Enter a paper with the sender's letter. `reply_by`: until when the sender asks to be
    answered; it binds where it is earlier than the law's day."""
    source = {"sender": sender.strip(), "number": number.strip(), "proposer": proposer.strip()}
    row = dated_row(by=by, received_on=received_on)
    if not all(source.values()):
        raise NotAllowed("请填写来文机关、原编号和提出人")
    if sent_on > received_on:
        raise NotAllowed("来文日期不能晚于收到日期")
    if reply_by <= received_on:
        raise NotAllowed("要求答复的日期应当晚于收到日期")
    row.title, row.situation, row.requests = title, situation, requests
    row.kind, row.category, row.channel = kind, category, Suggestion.Channel.ABOVE
    refuse_secret({"title": title, "situation": situation, "requests": requests})
    need_whole(row)
    row.state, row.registered_at = Suggestion.State.REGISTERED, timezone.now()
    row.created_at = row.registered_at  # the year of its number
    row.title_pairs = title_pairs(row.title)
    row.number = issue_number(row, rules_on(received_on))
    # Only now, for the series is held: of two who enter the same letter one is refused.
    known = Received.objects.filter(
        sender=source["sender"], number=source["number"], sent_on=sent_on
    ).select_related("suggestion")
    if earlier := known.first():
        raise NotAllowed(f"这件来文已经登记，编号{earlier.suggestion.number}")
    row.save()
    Received.objects.create(suggestion=row, sent_on=sent_on, reply_by=reply_by, **source)
    keep_text(row, by)
    Attachment.objects.create(suggestion=row, file=letter, by=by)
    keep_limits([row])
    audit.record(by, "suggestions.receive", row,
                 after={"编号": row.number, "来文机关": source["sender"],
                        "原编号": source["number"], "要求答复": reply_by})  # fmt: skip
    return row
