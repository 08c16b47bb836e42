"""What everybody may know of a published suggestion: its course, its reply, what was promised."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from ..models import Assignment, Promise, PublicationDecision, ResultClass, Suggestion
from ..rules import GONE
from ..rules.texts import mask

Part = PublicationDecision.Part
# Until the first reply. What comes after it is told alike whatever the deputies said of it.
UNDER_WAY = (Suggestion.State.ASSIGNED, Suggestion.State.HANDLING)


@dataclass
class Published:
    """One published suggestion as the public lists and pages show it."""

    row: PublicationDecision
    units: str
    replies: list[PublicationDecision] = field(default_factory=list)

    @property
    def result(self) -> ResultClass | None:
        """The result of the latest published reply; nothing of a reply that is not public."""
        return self.replies[-1].reply.result_class if self.replies else None

    @property
    def stands(self) -> str:
        """Where it stands, in words: the published result, or what may be said without it."""
        item = self.row.suggestion
        if self.result:
            return self.result.label
        if item.closed_at:
            return "已办结，答复没有公开"
        return "正在办理" if item.state in UNDER_WAY else "已答复，答复尚未公开"

    @property
    def by(self) -> str:
        """Who raised it; somebody who asked to be hidden is 一位代表."""
        item = self.row.suggestion
        if item.lead_id is None:
            return f"{item.delegation}"
        return "一位代表" if item.hides_name else item.lead.name


def with_replies(rows: QuerySet[PublicationDecision], live: QuerySet) -> QuerySet:
    """The published texts with their units and published replies, in a constant number of
    queries. `live`: all that is public (access.public)."""
    replies = (
        live.filter(part=Part.REPLY)
        .select_related("reply__result_class", "reply__assignment")
        .prefetch_related("reply__services")
        .order_by("reply__round", "pk")
    )
    tasks = Assignment.objects.exclude(state__in=GONE).order_by("pk")
    return rows.prefetch_related(
        Prefetch("suggestion__publication_decisions", replies, to_attr="public_replies"),
        Prefetch("suggestion__assignments", tasks, to_attr="public_tasks"),
    )


def published(row: PublicationDecision) -> Published:
    """A row of `with_replies` as it is shown."""
    tasks = [t for t in row.suggestion.public_tasks if t.role != Assignment.Role.OWNER]
    tasks = tasks or row.suggestion.public_tasks
    first = [t.unit_name for t in tasks if t.answers] or [t.unit_name for t in tasks]
    return Published(row, "、".join(dict.fromkeys(first)), row.suggestion.public_replies)


def served_on(decision: PublicationDecision) -> dt.date | None:
    """The day the published reply reached the last deputy."""
    return max((s.served_on for s in decision.reply.services.all()), default=None)


def public_course(item: Published) -> list[dict[str, Any]]:
    """办理过程 for everybody, oldest first: no talk, no judgement and nothing that tells one, no
    name of who asked to be hidden."""
    s = item.row.suggestion
    events = []
    if s.submitted_at:
        events.append(("提出", timezone.localdate(s.submitted_at), item.by, ""))
    if s.registered_at:
        events.append(("登记编号", timezone.localdate(s.registered_at), "", f"第{s.number}号"))
    if s.assigned_on:
        events.append(("交办", s.assigned_on, "", item.units))
    for decision in item.replies:
        day = served_on(decision) or timezone.localdate(decision.published_at)
        note = f"办理结果：{decision.reply.result_class.label}"
        events.append(("答复", day, decision.reply.assignment.unit_name, note))
    if s.closed_at:
        events.append(("办结", timezone.localdate(s.closed_at), "", ""))
    shown = [
        {"title": title, "at": at, "by": by, "note": note, "done": True}
        for title, at, by, note in sorted(events, key=lambda e: e[1])
    ]
    if s.state in UNDER_WAY:
        shown.append({"title": "正在办理", "at": None, "now": True})
    return shown


def public_promises(suggestion: Suggestion, promising: QuerySet) -> list[dict[str, Any]]:
    """What was promised in the replies of `promising` (access.promising), and whether it was
    kept."""
    replies = promising.filter(suggestion=suggestion).values("reply")
    rows = Promise.objects.filter(reply__in=replies).order_by("due_on", "number")
    return [
        {"content": mask(p.content), "due_on": p.due_on, "state": p.get_state_display(),
         "kept_on": p.kept_on, "tone": "done" if p.state == Promise.State.KEPT else "active"}
        for p in rows
    ]  # fmt: skip
