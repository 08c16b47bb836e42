"""What is to be published: until when, what the deputy said, what was decided."""

import datetime as dt

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from ..models import PublicationDecision, Reply, Service, Suggestion
from ..rules.kinds import PUBLISH
from .owed import day_kept

Part, Mode = PublicationDecision.Part, PublicationDecision.Mode
SOON = 7  # days before the limit from which a matter presses
DESKS = {
    "check": "待审查",
    "consent": "待代表同意",
    "live": "已公开",
    "withheld": "不公开",
    "down": "已撤下",
}


def publishable(rows: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Of these the ones with a served reply, each with the day it was served to the last deputy
    (`served_last`), the day by which it is decided (`publish_by`) and its place on the desk
    (`is_live`, `is_withheld`, `was_live`, `has_text`, `reply_waits`, `waits_for_consent`)."""
    served = Service.objects.filter(
        reply__assignment__suggestion=OuterRef("pk"), reply__state=Reply.State.SERVED
    ).order_by()
    last = served.values("reply__assignment__suggestion").annotate(day=Max("served_on"))
    decisions = PublicationDecision.objects.filter(suggestion=OuterRef("pk"))
    standing = decisions.filter(taken_down_at=None)
    replies = Reply.objects.filter(
        assignment__suggestion=OuterRef("pk"), state=Reply.State.SERVED
    ).exclude(Exists(PublicationDecision.objects.filter(reply=OuterRef("pk"), taken_down_at=None)))
    asks = Q(rule_set__publish_needs_consent=True) & (
        Q(may_publish_text=None) | Q(may_publish_reply=None)
    )
    return (
        rows.filter(is_secret_placeholder=False)
        .exclude(channel=Suggestion.Channel.ABOVE)
        .exclude(state__in=[Suggestion.State.WITHDRAWN, Suggestion.State.TERMINATED])
        .annotate(
            served_last=Subquery(last.values("day")),
            publish_by=day_kept(PUBLISH),
            is_live=Exists(standing.exclude(published_at=None)),
            is_withheld=Exists(standing.filter(mode=Mode.NOT)),
            was_live=Exists(decisions.exclude(taken_down_at=None)),
            has_text=Exists(standing.filter(part=Part.TEXT)),
            reply_waits=Exists(replies),
        )
        .filter(served_last__isnull=False)
        .annotate(waits_for_consent=Q(asks))
    )


OPEN = Q(has_text=False) | Q(reply_waits=True)
PLACES = {
    "check": OPEN & Q(waits_for_consent=False),
    "consent": OPEN & Q(waits_for_consent=True),
    "live": Q(is_live=True),
    "withheld": Q(is_withheld=True),
    "down": Q(was_live=True),
}


def desk_counts(rows: QuerySet[Suggestion]) -> dict[str, int]:
    """How many lie in each place of the desk."""
    return rows.order_by().aggregate(**{k: Count("pk", filter=q) for k, q in PLACES.items()})


def overdue(rows: QuerySet[Suggestion], on: dt.date) -> QuerySet:
    """Those of `publishable` still to be decided whose days for it are over."""
    return rows.filter(OPEN, publish_by__lt=on)


def pressing(rows: QuerySet[Suggestion], on: dt.date) -> QuerySet:
    """Those still to be decided whose days for it are over or nearly so."""
    return overdue(rows, on + dt.timedelta(SOON + 1))


def text_to_publish(suggestion: Suggestion) -> str:
    """The suggestion as it would stand in public: the matter, then the numbered requests."""
    points = [f"{n}. {r}" for n, r in enumerate(suggestion.requests, 1)]
    return "\n\n".join([suggestion.situation.strip(), "具体建议：\n" + "\n".join(points)])


def reply_to_publish(reply: Reply) -> str:
    """A reply as it would stand in public: the letter, the answers by point, the promises."""
    parts = [reply.text.strip()]
    parts += [f"（{p.number}）{p.answer.strip()}" for p in reply.points.all()]
    promises = [
        f"{p.number}. {p.content}，{p.due_on.year}年{p.due_on.month}月{p.due_on.day}日前完成。"
        for p in sorted(reply.promises.all(), key=lambda p: p.number)
    ]
    if promises:
        parts.append("承诺事项：\n" + "\n".join(promises))
    return "\n\n".join(parts)
